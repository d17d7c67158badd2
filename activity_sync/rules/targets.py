"""People become the record that the interaction goes on: a deal, an account, a lead, or a contact alone.

Nothing is guessed: what is uncertain is left to `matching.ambiguous`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

from activity_sync.model.decisions import Candidates, Match, Person, State, Target
from activity_sync.model.interactions import Call, Interaction
from activity_sync.model.light import light_dataclass
from activity_sync.model.records import Module, OrgFacts, Record
from activity_sync.model.settings import Settings
from activity_sync.model.team import Team
from activity_sync.rules.deals import DealChoice, Occasion, choose_deal
from activity_sync.rules.owners import attended, choose_owner
from activity_sync.rules.review import answered_deals
from activity_sync.rules.sides import presence
from activity_sync.rules.sifting import any_of, company_of


def choose_target(
    interaction: Interaction,
    match: Match,
    candidates: Candidates,
    team: Team,
    org: OrgFacts,
    settings: Settings,
    now: datetime,
) -> Target:
    """The record, the contact for Who_Id and the leads beside them; or why it must wait. `now`: aware, UTC."""
    setting = _Setting(interaction, candidates, team, org, settings, now)
    if not match.people:
        return Target(state=State.LOGGED, trace=("Nobody from outside can be told: it goes on no record.",))
    doubtful = [person for person in match.people if len(person.records) > 1]
    if doubtful and settings.matching.ambiguous == "review":
        return _waiting(_doubt(doubtful))
    people, trace = _settled(_by_presence(match.people, interaction), setting)
    target = _target(people, setting)
    return replace(target, trace=(*trace, *target.trace), met=_met(target, people))


def _met(target: Target, people: Sequence[Person]) -> tuple[str, ...]:
    shown = (target.record, target.who, *target.leads)
    linked = {one.id for one in shown if one is not None and one.module in (Module.CONTACTS, Module.LEADS)}
    return tuple(one.address for one in people if len(one.records) == 1 and one.records[0].id in linked)


@light_dataclass(frozen=True, slots=True)
class _Setting:
    interaction: Interaction
    candidates: Candidates
    team: Team
    org: OrgFacts
    settings: Settings
    now: datetime


def _target(people: Sequence[Person], setting: _Setting) -> Target:
    accounts = _leading_accounts(people, setting.interaction)
    if len(accounts) > 1 and setting.settings.matching.ambiguous != "best":
        names = " and ".join(sorted(_account(one, people, setting).name for one in accounts))
        return _waiting(f"as many people are from one company as from another: {names}")
    if accounts:
        return _on_account(accounts[0], people, setting)
    contacts, leads = _certain(people, Module.CONTACTS), _certain(people, Module.LEADS)
    if contacts:
        return _on_contact(contacts[0], leads)
    if leads:
        return _on_lead(leads)
    doubtful = [person for person in people if person.records]
    return _waiting(_doubt(doubtful)) if doubtful else _unknown(people, setting.settings)


# Who comes first


def _by_presence(people: Sequence[Person], interaction: Interaction) -> list[Person]:
    """The outside organiser first, then by answer, then by address."""
    if len(people) < 2:
        return list(people)
    if isinstance(interaction, Call):
        return sorted(people, key=lambda person: person.address)
    answers = {one.email: presence(one) for one in interaction.participants}
    organizer = interaction.organizer
    return sorted(people, key=lambda one: (one.address != organizer, answers.get(one.address, 9), one.address))


def _settled(people: list[Person], setting: _Setting) -> tuple[list[Person], tuple[str, ...]]:
    """With `ambiguous: best` everybody is the first of the records that it may be; otherwise nothing changes."""
    if setting.settings.matching.ambiguous != "best":
        return people, ()
    doubtful = [person for person in people if len(person.records) > 1]
    trace = tuple(f"{one.address} may be {any_of(one.records)}: the first is taken." for one in doubtful)
    return [_first_record(person, setting.candidates) for person in people], trace


def _first_record(person: Person, candidates: Candidates) -> Person:
    if len(person.records) < 2:
        return person
    first = person.records[0]
    return replace(person, records=(first,), account_ids=company_of([first], candidates))


def _certain(people: Iterable[Person], module: Module) -> list[Record]:
    """The records of those who can be only one, in the order of the people, each once."""
    sure = [person.records[0] for person in people if len(person.records) == 1]
    return list({record.id: record for record in sure if record.module is module}.values())


# The account


def _leading_accounts(people: Sequence[Person], interaction: Interaction) -> list[str]:
    """The account with most people; several on a tie that no outside organiser breaks, the first person's first."""
    members: dict[str, set[str]] = {}
    for person in people:
        if len(person.account_ids) == 1:
            members.setdefault(person.account_ids[0], set()).add(_self(person))
    if len(members) < 2:
        return list(members)
    most = max(len(group) for group in members.values())
    leading = [account for account, group in members.items() if len(group) == most]
    organized = [account for account in leading if _of_organizer(account, people, interaction)]
    return organized or leading


def _self(person: Person) -> str:
    """The same for two addresses of one contact, so that he or she counts once."""
    known = len(person.records) == 1 and person.records[0].module is Module.CONTACTS
    return person.records[0].id if known else person.address


def _of_organizer(account: str, people: Iterable[Person], interaction: Interaction) -> bool:
    if isinstance(interaction, Call):
        return False
    return any(person.address == interaction.organizer and person.account_ids == (account,) for person in people)


def _account(account_id: str, people: Iterable[Person], setting: _Setting) -> Record:
    known = setting.candidates.accounts.get(account_id)
    seen = (record for person in people for record in person.records if record.id == account_id)
    return known or next(seen, Record(module=Module.ACCOUNTS, id=account_id, name=account_id))


def _on_account(account_id: str, people: Sequence[Person], setting: _Setting) -> Target:
    account, contacts = _account(account_id, people, setting), _certain(people, Module.CONTACTS)
    leads, who = tuple(_certain(people, Module.LEADS)), _who(account_id, None, contacts)
    on_it = partial(Target, state=State.LOGGED, record=account, account=account, who=who, leads=leads)
    said = f"The account is {account.name}."
    if not _somebody_certain(account_id, people):
        return on_it(trace=(said, "The company is certain, but not the person: it goes on the account."))
    deals = setting.candidates.deals.get(account_id, ())
    occasion = _occasion(account, contacts, setting) if len(deals) > 1 else None
    choice = choose_deal(deals, occasion, setting.org, setting.settings.matching)
    choice = _as_answered(choice, people, setting)
    told, trace = partial(on_it, candidates=choice.candidates), (said, *choice.trace)
    if choice.roles_of:
        return _without_roles(told, trace, choice.roles_of)
    if not choice.left:
        return told(trace=trace)
    if len(choice.left) == 1 or setting.settings.matching.ambiguous == "best":
        deal = choice.left[0]
        line = (f"The first of {len(choice.left)} deals is taken: {deal.name}.",) if len(choice.left) > 1 else ()
        return told(record=deal, who=_who(account_id, deal, contacts), trace=(*trace, *line))
    if setting.settings.matching.ambiguous == "review":
        return told(state=State.WAITING, reason=f"{len(choice.left)} deals could be meant", trace=trace)
    return told(trace=(*trace, "The deal is not certain: it goes on the account."))


def _without_roles(told: partial[Target], trace: tuple[str, ...], deal_ids: tuple[str, ...]) -> Target:
    reason = f"the contact roles of {len(deal_ids)} deals are still to be read"
    return told(state=State.WAITING, reason=reason, roles_of=deal_ids, trace=(*trace, f"It waits: {reason}."))


def _as_answered(choice: DealChoice, people: Sequence[Person], setting: _Setting) -> DealChoice:
    """Of several deals the one that a person named for somebody who is there."""
    meant = answered_deals(people, setting.candidates) if choice.left or choice.roles_of else frozenset()
    deals = setting.candidates.deals.values() if meant else ()
    left = tuple(deal for of_account in deals for deal in of_account if deal.id in meant)
    if not left or not {deal.id for deal in left} <= {*choice.roles_of, *(deal.id for deal in choice.left)}:
        return choice
    line = f"You answered that it goes on {left[0].name}."
    return replace(choice, left=left[:1], roles_of=(), trace=(*choice.trace, line))


def _somebody_certain(account_id: str, people: Iterable[Person]) -> bool:
    return any(person.account_ids == (account_id,) and len(person.records) == 1 for person in people)


def _occasion(account: Record, contacts: Iterable[Record], setting: _Setting) -> Occasion:
    owner = choose_owner(setting.interaction, account, setting.team)
    return Occasion(
        contact_ids=frozenset(contact.id for contact in contacts),
        attended=attended(setting.interaction, setting.team),
        rep_id=owner.user.id if owner.user else "",
        start=setting.interaction.start,
        today=setting.now.astimezone(setting.settings.zone).date(),
        roles=setting.candidates.roles,
    )


def _who(account_id: str, deal: Record | None, contacts: Sequence[Record]) -> Record | None:
    """The deal's own contact if present, else the first certain contact of the account: people are in order."""
    own = deal.contact_id if deal is not None else ""
    named = (contact for contact in contacts if own and contact.id == own)
    return next(named, None) or next((contact for contact in contacts if contact.account_id == account_id), None)


# Without an account


def _on_contact(contact: Record, leads: Sequence[Record]) -> Target:
    line = f"The contact {contact.name} belongs to no known account."
    return Target(state=State.LOGGED, record=contact, who=contact, leads=tuple(leads), trace=(line,))


def _on_lead(leads: Sequence[Record]) -> Target:
    line = f"Only a lead is known: {leads[0].name}."
    return Target(state=State.LOGGED, record=leads[0], leads=tuple(leads[1:]), trace=(line,))


def _waiting(reason: str) -> Target:
    return Target(state=State.WAITING, reason=reason, trace=(f"It waits for an answer: {reason}.",))


def _doubt(people: Sequence[Person]) -> str:
    first = people[0]
    return f"{first.address} may be {any_of(first.records)}" + (" and others are too" if len(people) > 1 else "")


def _unknown(people: Sequence[Person], settings: Settings) -> Target:
    reason = "nobody known: " + ", ".join(sorted(person.address for person in people))
    match settings.matching.unmatched:
        case "review":
            return Target(state=State.UNMATCHED, reason=reason, trace=("It waits until somebody is known.",))
        case "skip":
            return Target(state=State.UNMATCHED, reason=reason, trace=("Unknown people are not logged.",))
        case "log":
            return Target(state=State.LOGGED, reason=reason, trace=("Nobody is known: it goes on no record.",))
