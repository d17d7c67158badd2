"""What a person is asked about an interaction that waits, and what the answers so far say of one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from activity_sync.model.addresses import NumberKind
from activity_sync.model.answers import Question
from activity_sync.model.decisions import Candidates, Lookup, Match, Person, State, Target
from activity_sync.model.interactions import Call, Interaction
from activity_sync.model.records import AddressKind, Module
from activity_sync.model.settings import Settings
from activity_sync.model.team import Team
from activity_sync.model.trace import Candidate
from activity_sync.rules.domains import company_hosts
from activity_sync.rules.sides import caller_email, outside_number, outsiders

Asked = tuple[str, str]
"""`email`, `number` or `domain`, and the address itself."""

_PEOPLE = (Module.CONTACTS, Module.LEADS)


def kind_of(address: str) -> str:
    """What an address is."""
    return "email" if "@" in address else "number"


def answer_to(kind: str, value: str) -> Lookup:
    """Where the record of an answer stands among the candidates."""
    return Lookup(AddressKind.ANSWER, f"{kind}:{value}")


def askable(interaction: Interaction, team: Team, settings: Settings) -> frozenset[Asked]:
    """Every address of an interaction about which there may be an answer."""
    emails = {guest.email for guest in outsiders(interaction, team, settings) if guest.email}
    numbers: set[str] = set()
    if isinstance(interaction, Call) and outsiders(interaction, team, settings):
        emails |= {email for email in (caller_email(interaction, team),) if email}
        numbers = {number_of(interaction, settings)}
    hosts = {host for email in emails for host in company_hosts(email, team, settings)}
    told = {("email", one) for one in emails} | {("number", one) for one in numbers if one}
    return frozenset(told | {("domain", one) for one in hosts})


def number_of(call: Call, settings: Settings) -> str:
    """The outside number as rules name it: E.164, or as written where it cannot be read so."""
    number = outside_number(call, settings)
    return number.e164 if number.kind is NumberKind.E164 else number.raw.strip()


def never_logged(
    interaction: Interaction, ignored: Mapping[Asked, str], team: Team, settings: Settings
) -> str | None:  # fmt: skip
    """Why an answer stops this interaction; None: none does."""
    found = sorted(one for one in askable(interaction, team, settings) if one in ignored) if ignored else ()
    return next((f"{value} is never logged, by the review rule {ignored[kind, value]}" for kind, value in found), None)


def answered_deals(people: Iterable[Person], candidates: Candidates) -> frozenset[str]:
    """The deals that answers name for these people."""
    found = (candidates.by_address.get(answer_to(kind_of(one.address), one.address), ()) for one in people)
    return frozenset(record.id for records in found for record in records if record.module is Module.DEALS)


# --- questions ---------------------------------------------------------------------------------------------------


def questions(found: Match, target: Target, settings: Settings) -> tuple[Question, ...]:
    """What a person would have to say, for an interaction that waits or that nobody is known in."""
    if target.state is State.UNMATCHED:
        return () if settings.matching.unmatched == "skip" else tuple(_unknown(one) for one in found.people)
    if target.state is not State.WAITING or target.roles_of:
        return ()
    doubtful = [_doubtful(one) for one in found.people if len(one.records) > 1]
    return tuple(doubtful) or tuple(_tied(found)) or tuple(_which_deal(found, target))


def _question(person: Person, because: str, candidates: Iterable[Candidate]) -> Question:
    return Question(
        kind=kind_of(person.address), address=person.address, name=person.name, because=because,
        candidates=tuple(candidates),
    )  # fmt: skip


def _unknown(person: Person) -> Question:
    return _question(person, "nobody known has it", person.candidates)


def _doubtful(person: Person) -> Question:
    return _question(person, f"{len(person.records)} records have it", [one for one in person.candidates if one.kept])


def _tied(found: Match) -> Iterator[Question]:
    """As many people from one company as from another: each could be said to belong to one of them."""
    of_companies = [person for person in found.people if len(person.account_ids) == 1]
    accounts = sorted({person.account_ids[0] for person in of_companies})
    if len(accounts) > 1:
        seen = {one.id: one for person in of_companies for one in person.candidates if one.module == Module.ACCOUNTS}
        told = [seen.get(one) or Candidate(Module.ACCOUNTS, one, one, kept=True, because="its people are there")
                for one in accounts]  # fmt: skip
        yield _question(of_companies[0], "as many people are from one company as from another", told)


def _which_deal(found: Match, target: Target) -> Iterator[Question]:
    deals = [one for one in target.candidates if one.module == Module.DEALS and one.kept]
    sure = next((person for person in found.people if len(person.records) == 1), None)
    if sure is not None and len(deals) > 1:
        yield _question(sure, f"{len(deals)} deals could be meant", deals)
