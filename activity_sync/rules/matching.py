"""Who the outside people are: e-mail or number, then company.

The ladder, for each person: the exact e-mail address; the mailbox behind an alias (Gmail's at once, others' only when
the exact address found nobody); or the number. Contacts come before leads. Only when no person is found: the company,
by its own account id where the call brought one, by the website's domain, then by the one account to which all known
contacts of the domain belong.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from activity_sync.model.addresses import NumberKind, is_gmail
from activity_sync.model.decisions import Candidates, Lookup, Match, Person
from activity_sync.model.interactions import Call, Interaction, Participant
from activity_sync.model.light import light_dataclass
from activity_sync.model.records import AddressKind, Module, Record
from activity_sync.model.settings import Settings
from activity_sync.model.team import Team
from activity_sync.model.trace import Candidate
from activity_sync.rules.domains import company_hosts
from activity_sync.rules.lookups import folded, of_account_key
from activity_sync.rules.review import answer_to, kind_of, number_of
from activity_sync.rules.sides import caller_email, outside_number, outsiders
from activity_sync.rules.sifting import Sifted, any_of, company_of, dropped, kept, noun, sift


def match(interaction: Interaction, candidates: Candidates, team: Team, settings: Settings) -> Match:
    """Who the outside people are, each with the records that may be this person, and why."""
    shadow = _Shadow(candidates, team, settings)
    guests = outsiders(interaction, team, settings)
    if isinstance(interaction, Call):
        found = [_caller(interaction, guest, shadow) for guest in guests]
    else:
        found = [_guest(guest, shadow) for guest in guests]
    found = [_on_a_deal(one, shadow) for one in found]
    return Match(
        people=tuple(one.whole() for one in found),
        candidates=tuple(dict.fromkeys(candidate for one in found for candidate in one.candidates)),
        trace=tuple(line for one in found for line in one.trace),
    )


@light_dataclass(frozen=True, slots=True)
class _Shadow:
    candidates: Candidates
    team: Team
    settings: Settings

    def under(self, lookup: Lookup) -> Sequence[Record]:
        return self.candidates.by_address.get(lookup, ())


@light_dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    person: Person
    candidates: tuple[Candidate, ...] = ()
    trace: tuple[str, ...] = ()

    def whole(self) -> Person:
        """The person with all that was looked at."""
        same = self.person.candidates is self.candidates
        return self.person if same else replace(self.person, candidates=self.candidates)


def _answered(kind: str, value: str, name: str, shadow: _Shadow) -> _Found | None:
    """The record that a person said this address is, as long as there is one."""
    records = [one for one in shadow.under(answer_to(kind, value)) if one.module is not Module.DEALS]
    if not records:
        return None
    sifted = sift(records, shadow.candidates, f"is your answer for {value}")
    return _person(value, name, sifted, "your answer") if sifted.records else None


def _on_a_deal(found: _Found, shadow: _Shadow) -> _Found:
    """Of whom no one record is known, but a deal was named: somebody of that deal's account."""
    person = found.person
    if len(person.records) == 1:
        return found
    named = shadow.under(answer_to(kind_of(person.address), person.address))
    deals = [one for one in named if one.module is Module.DEALS and one.account_id in shadow.candidates.accounts]
    if not deals:
        return found
    account = shadow.candidates.accounts[deals[0].account_id]
    because = f"has the deal {deals[0].name}, which is your answer for {person.address}"
    line = f"{person.address} is of the account {account.name}: you answered with its deal {deals[0].name}."
    return _Found(
        person=replace(person, records=(account,), account_ids=(account.id,), by="your answer"),
        candidates=(*found.candidates, kept(account, because)),
        trace=(line,),
    )


def _guest(guest: Participant, shadow: _Shadow) -> _Found:
    if answered := _answered("email", guest.email, guest.name, shadow):
        return answered
    has = f"has the e-mail address {guest.email}"
    exact, gmail = shadow.under(Lookup(AddressKind.EMAIL, guest.email)), is_gmail(guest.email)
    sifted = sift([*exact, *_aliases(guest, shadow)] if gmail else exact, shadow.candidates, has)
    if not sifted.records and not gmail and (aliases := _aliases(guest, shadow)):
        sifted = sift(aliases, shadow.candidates, f"has the mailbox behind {guest.email}").after(sifted)
    if sifted.records:
        return _person(guest.email, guest.name, sifted, "e-mail address")
    return _company(guest, sifted, shadow)


def _aliases(guest: Participant, shadow: _Shadow) -> list[Record]:
    """Who has the mailbox behind this address, if the config looks for that."""
    wanted = folded(guest.email) if shadow.settings.matching.fold_aliases else ()
    return [record for lookup in wanted for record in shadow.under(lookup)]


def _caller(call: Call, guest: Participant, shadow: _Shadow) -> _Found:
    if answered := _answered("number", number_of(call, shadow.settings), guest.name, shadow):
        return answered
    found = _by_number(call, guest, shadow)
    if any(record.module is not Module.ACCOUNTS for record in found.person.records):
        return found
    return _by_delivered_email(call, guest, found, shadow) or _by_account_key(call, found, shadow) or found


def _by_delivered_email(call: Call, guest: Participant, found: _Found, shadow: _Shadow) -> _Found | None:
    """Whoever has the address that came with the call, where the number tells no person; None: it tells none."""
    email = caller_email(call, shadow.team)
    by_mail = _guest(replace(guest, email=email), shadow) if email else None
    if by_mail is None or not by_mail.person.records or (found.person.records and by_mail.person.by == "domain"):
        return None
    person = replace(by_mail.person, address=found.person.address or email)
    return replace(by_mail, person=person, candidates=(*found.candidates, *by_mail.candidates))


def _by_account_key(call: Call, found: _Found, shadow: _Shadow) -> _Found | None:
    """The account whose own id came with the call, where no person was found; None: it tells none."""
    accounts = _accounts(record for lookup in of_account_key(call, shadow.settings) for record in shadow.under(lookup))
    if not accounts:
        return None
    key = shadow.settings.matching.account_key
    told = f"{key.from_} {call.extra[key.from_].strip()}" if key else ""
    by_number = tuple(
        one._replace(kept=False, because=f"{one.because}, but the account id tells more") if one.kept else one
        for one in found.candidates
    )
    who = found.person.address or "The caller"
    if len(accounts) > 1:
        why = f"{len(accounts)} accounts have {told}: it tells no company"
        seen = tuple(dropped(account, why) for account in accounts)
        return replace(found, candidates=(*found.candidates, *seen), trace=(*found.trace, f"{who}: {why}."))
    [account] = accounts
    person = replace(found.person, records=accounts, account_ids=(account.id,), by="account id")
    line = f"{who} is no known person, but the account {account.name} has {told}."
    return _Found(person=person, candidates=(*by_number, kept(account, f"has {told}")), trace=(line,))


def _by_number(call: Call, guest: Participant, shadow: _Shadow) -> _Found:
    number = outside_number(call, shadow.settings)
    if number.kind is not NumberKind.E164:
        why = "is too short to tell" if number.kind is NumberKind.SHORT else "cannot be read as a number, so it tells"
        line = f"{number.raw} {why} who it is."
        return _Found(person=Person(address=number.raw, name=guest.name), trace=(line,))
    has = f"has the number {number.e164}"
    records = shadow.under(Lookup(AddressKind.NUMBER, number.e164))
    extension = number.extension
    narrow = shadow.under(Lookup(AddressKind.NUMBER, number.e164, extension)) if extension else ()
    sifted = sift(narrow or records, shadow.candidates, f"{has} extension {extension}" if narrow else has)
    if narrow:
        same = {record.id for record in narrow}
        others = [record for record in records if record.id not in same]
        sifted = sifted.but_not(others, f"{has}, but not the extension {extension}")
    if sifted.records:
        return _person(number.e164, guest.name, sifted, "number")
    return _nobody(number.e164, guest.name, sifted.candidates, f"Nobody known {has}.")


def _person(address: str, name: str, sifted: Sifted, by: str) -> _Found:
    person = Person(
        address=address, name=name, records=sifted.records, account_ids=sifted.account_ids, by=by,
        candidates=sifted.candidates,
    )  # fmt: skip
    return _Found(person=person, candidates=sifted.candidates, trace=(_sentence(person),))


def _sentence(person: Person) -> str:
    if len(person.records) == 1:
        record = person.records[0]
        return f"{person.address} is the {noun(record)} {record.name}, found by {person.by}."
    company = (
        "of one company, so the company is certain" if len(person.account_ids) == 1 else "and no company is certain"
    )
    return f"{person.address} may be {any_of(person.records)}, found by {person.by}, {company}."


def _nobody(address: str, name: str, candidates: tuple[Candidate, ...], line: str) -> _Found:
    return _Found(person=Person(address=address, name=name), candidates=candidates, trace=(line,))


def _company(guest: Participant, sifted: Sifted, shadow: _Shadow) -> _Found:
    hosts = company_hosts(guest.email, shadow.team, shadow.settings)
    tried = (*_by_answer(hosts, shadow), *_by_website(hosts, shadow), *_by_colleagues(hosts, shadow))
    for host, how, accounts in tried:
        if accounts:
            return _of_accounts(guest, sifted, host, how, accounts)
    return _nobody(guest.email, guest.name, sifted.candidates, f"Nobody known has the e-mail address {guest.email}.")


_Tried = tuple[str, str, tuple[Record, ...]]


def _by_answer(hosts: Iterable[str], shadow: _Shadow) -> list[_Tried]:
    how = "is your answer for the domain"
    return [(host, how, _accounts(shadow.under(answer_to("domain", host)))) for host in hosts]


def _by_website(hosts: Iterable[str], shadow: _Shadow) -> list[_Tried]:
    return [(host, "has the domain", _accounts(shadow.under(Lookup(AddressKind.DOMAIN, host)))) for host in hosts]


def _by_colleagues(hosts: Iterable[str], shadow: _Shadow) -> list[_Tried]:
    """The accounts of all known contacts of the domain; one contact without an account leaves it open."""
    how = "is the account of all known contacts of the domain"
    found = []
    for host in hosts:
        contacts = shadow.under(Lookup(AddressKind.MAIL_DOMAIN, host))
        ids = company_of([record for record in contacts if record.module is Module.CONTACTS], shadow.candidates)
        found.append((host, how, _accounts(shadow.candidates.accounts[one] for one in ids)))
    return found


def _accounts(records: Iterable[Record]) -> tuple[Record, ...]:
    found = {record.id: record for record in records if record.module is Module.ACCOUNTS}
    return tuple(found[one] for one in sorted(found))


def _of_accounts(guest: Participant, sifted: Sifted, host: str, how: str, accounts: tuple[Record, ...]) -> _Found:
    if len(accounts) > 1:
        why = f"{len(accounts)} accounts go with the domain {host}: it tells no company"
        seen = tuple(dropped(account, why) for account in accounts)
        return _nobody(guest.email, guest.name, (*sifted.candidates, *seen), f"{guest.email}: {why}.")
    [account] = accounts
    person = Person(address=guest.email, name=guest.name, records=accounts, account_ids=(account.id,), by="domain")
    line = f"{guest.email} is unknown, but the account {account.name} {how} {host}."
    return _Found(person=person, candidates=(*sifted.candidates, kept(account, f"{how} {host}")), trace=(line,))
