"""Records to create for people and companies that nobody knows yet, and fields to fill on those that are known.

1. Only what the admin allows, and only for a person: no room, list, role address or bot, nobody who declined, nobody
   from a private meeting.
2. A newcomer stands in the match as a record whose id begins with `new:`. Everything after that (target, owner, type,
   plan) goes on as with any other record; what names such an id is sent when the record is there.
3. A record is known by what it was made for (`record_key`: of an address, a number, a domain): it is made once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from activity_sync.model.addresses import comparable_key, folded_email
from activity_sync.model.decisions import Candidates, Lookup, Match, Person, Surroundings
from activity_sync.model.interactions import Call, Interaction, Participant, Response
from activity_sync.model.light import light_dataclass
from activity_sync.model.records import NEW, NOUNS, AddressKind, Module, Record
from activity_sync.model.settings import Settings
from activity_sync.model.team import Team
from activity_sync.model.writes import Wanted
from activity_sync.rules.existing import updates
from activity_sync.rules.filling import Filled, fill
from activity_sync.rules.nobodies import nobody
from activity_sync.rules.person_sources import Told, company_name, told
from activity_sync.rules.sides import outsiders
from activity_sync.rules.sifting import kept
from activity_sync.rules.wording import is_redacted

_PEOPLE = (Module.CONTACTS, Module.LEADS)
_NAMED = {Module.CONTACTS: "Last_Name", Module.LEADS: "Last_Name", Module.ACCOUNTS: "Account_Name"}


@light_dataclass(frozen=True, slots=True, kw_only=True)
class Newcomers:
    """The match and the candidates with those who are to be made in them; `wanted`: their records, companies first."""

    match: Match
    candidates: Candidates
    wanted: tuple[Wanted, ...] = ()


def add_people(interaction: Interaction, found: Match, around: Surroundings, settings: Settings) -> Newcomers:
    """Who of the unknown becomes a record, and what known people get."""
    unchanged = Newcomers(match=found, candidates=around.candidates)
    if not concerned(settings) or is_redacted(interaction, settings):
        return unchanged
    guests = outsiders(interaction, around.team, settings)
    if len(guests) != len(found.people):
        return unchanged
    desk = _Desk(interaction, around, settings)
    return desk.all([desk.one(guest, person) for guest, person in zip(guests, found.people, strict=True)], found)


def concerned(settings: Settings) -> bool:
    """Whether the config lets anything of people or companies be written."""
    people = settings.people
    return people.create != "none" or settings.accounts.create or bool(people.when_exists) or people.fill_empty


def record_keys(interaction: Interaction, team: Team, settings: Settings) -> Mapping[str, Lookup]:
    """What records may be made for in this interaction: the record key to where such a record would be found."""
    if settings.people.create == "none" and not settings.accounts.create:
        return {}
    keys: dict[str, Lookup] = {}
    for guest in outsiders(interaction, team, settings):
        known = told(interaction, guest, team, settings)
        keys |= {key: where for where in (_of_person(known, settings), _of_company(interaction, known, settings))
                 if where is not None for key in (_key(where),)}  # fmt: skip
    return keys


@light_dataclass(frozen=True, slots=True, kw_only=True)
class _Guest:
    """A person of the match as he or she stands now, with what is to be written."""

    person: Person
    wanted: tuple[Wanted, ...] = ()
    new: tuple[Record, ...] = ()
    trace: tuple[str, ...] = ()


@light_dataclass(frozen=True, slots=True)
class _Desk:
    interaction: Interaction
    around: Surroundings
    settings: Settings

    def all(self, guests: list[_Guest], found: Match) -> Newcomers:
        """Put together; a company that two bring is made once."""
        wanted = {one.slot: one for guest in guests for one in guest.wanted}
        order = sorted(wanted.values(), key=lambda one: one.module is not Module.ACCOUNTS)
        new = {record.id: record for guest in guests for record in guest.new}
        accounts = {one.id: one for one in new.values() if one.module is Module.ACCOUNTS}
        candidates = self.around.candidates
        return Newcomers(
            match=replace(
                found,
                people=tuple(guest.person for guest in guests),
                candidates=(*found.candidates, *(kept(one, "is to be made") for one in new.values())),
                trace=(*found.trace, *(line for guest in guests for line in guest.trace)),
            ),
            candidates=replace(candidates, accounts={**candidates.accounts, **accounts}) if accounts else candidates,
            wanted=tuple(order),
        )

    def one(self, guest: Participant, person: Person) -> _Guest:
        """What becomes of one outsider."""
        known = told(self.interaction, guest, self.around.team, self.settings)
        people = [record for record in person.records if record.module in _PEOPLE]
        if people:
            return self._known(person, people[0], known) if len(person.records) == 1 else _Guest(person=person)
        why_not = self._why_not(guest, person, known)
        if why_not:
            told_so = self.settings.people.create != "none" and not person.records
            line = f"{person.address} is not made a record: {why_not}."
            return _Guest(person=person, trace=(line,) if told_so else ())
        return self._unknown(person, known)

    def _known(self, person: Person, record: Record, known: Told) -> _Guest:
        wanted, trace = updates(self.interaction.key, record, known, self.settings, self.around.org, self.around.team)
        return _Guest(person=person, wanted=wanted, trace=trace)

    def _why_not(self, guest: Participant, person: Person, known: Told) -> str:
        if guest.response is Response.DECLINED:
            return "declined"
        if person.by == "number":
            return "the number is the company's"
        if not known.email and not known.number:
            return "no address and no number is known"
        what = nobody(known.email, guest.name) if known.email else nobody("", guest.name)
        return f"it is {what}" if what else ""

    def _unknown(self, person: Person, known: Told) -> _Guest:
        account, account_wanted, trace = self._company(person, known)
        module = self.settings.people.create
        if module == "none" or (module == "Leads" and person.records):
            if account is None:
                return _Guest(person=person, trace=trace)
            seen = replace(person, records=(account,), account_ids=(account.id,), by="domain")
            return _Guest(person=seen, wanted=account_wanted, new=(account,), trace=trace)
        made, wanted, said = self._person(Module(module), person, known, account)
        if made is None:
            return _Guest(person=person, trace=(*trace, *said))
        ids = (made.account_id,) if made.account_id else ()
        seen = replace(person, records=(made,), account_ids=ids, by=person.by or "being new")
        new = (made,) if account is None else (account, made)
        return _Guest(person=seen, wanted=(*account_wanted, *wanted), new=new, trace=(*trace, *said))

    # --- the person

    def _person(
        self, module: Module, person: Person, known: Told, account: Record | None
    ) -> tuple[Record | None, tuple[Wanted, ...], tuple[str, ...]]:
        where = _of_person(known, self.settings)
        if where is None:
            return None, (), (f"{person.address} is not made a {NOUNS[module]}: people.unique_by tells nothing of it.",)
        people = self.settings.people
        filled = self._filled(module, people.mapping, people.defaults, known)
        company = account.id if account else next(iter(person.account_ids), "")
        fields = dict(filled.fields)
        if module is Module.CONTACTS:
            fields |= {"Account_Name": {"id": company}} if company and len(person.account_ids) < 2 else {}
        made, wanted, trace = self._made(module, where, fields, person.address, filled.trace)
        return (replace(made, account_id=company) if made and module is Module.CONTACTS else made), wanted, trace

    # --- the company

    def _company(self, person: Person, known: Told) -> tuple[Record | None, tuple[Wanted, ...], tuple[str, ...]]:
        """A new account, where the config allows it and nothing speaks of one that is there already."""
        leads = self.settings.people.create == "Leads"
        where = _of_company(self.interaction, known, self.settings)
        if not self.settings.accounts.create or leads or where is None or person.records or self._is_there(known):
            return None, (), ()
        filled = self._filled(Module.ACCOUNTS, self.settings.accounts.mapping, {}, known)
        return self._made(Module.ACCOUNTS, where, dict(filled.fields), company_name(known), filled.trace)

    def _is_there(self, known: Told) -> bool:
        """Accounts with this domain, or contacts of it: which one is meant may be open, but none is missing."""
        kinds = (AddressKind.DOMAIN, AddressKind.MAIL_DOMAIN)
        return any(self.around.candidates.by_address.get(Lookup(kind, host)) for kind in kinds for host in known.hosts)

    # --- either

    def _filled(self, module: Module, mapping: Mapping[str, Any], defaults: Mapping[str, Any], known: Told) -> Filled:
        filled = fill(module, mapping, defaults, known.values, self.around.org, self.around.team)
        name = _NAMED[module]
        if filled.fields.get(name):
            return filled
        # Zoho takes no record without a name: who is known by an address or a number only is called by that.
        other = company_name(known) if module is Module.ACCOUNTS else known.email or known.number
        return Filled({name: other, **filled.fields} if other else filled.fields, filled.trace)

    def _made(
        self, module: Module, where: Lookup, fields: dict[str, Any], address: str, said: tuple[str, ...]
    ) -> tuple[Record | None, tuple[Wanted, ...], tuple[str, ...]]:
        key, noun = _key(where), NOUNS[module]
        if key in self.around.removed:
            line = f"{address} had a {noun} of ours that was removed: it is not made again."
            return None, (), (*said, line)
        lacking = [one.api_name for one in self.around.org.fields.get(module, {}).values() if one.mandatory]
        empty = [name for name in lacking if name not in fields and name not in ("Owner", "Layout")]
        if empty:
            line = f"{address} is not made a {noun}: {', '.join(empty)} must not be empty, and nothing fills it."
            return None, (), (*said, line)
        wanted = Wanted(
            slot=f"new:{key}",
            module=module,
            record_key=key,
            fields=fields,
            because=f"nobody known has {where.value}"
            if module is not Module.ACCOUNTS
            else f"no account has {where.value}",
        )
        return _record(module, key, fields), (wanted,), (*said, f"{address} is unknown: a {noun} is to be made.")


def _record(module: Module, key: str, fields: Mapping[str, Any]) -> Record:
    first, last = str(fields.get("First_Name") or ""), str(fields.get("Last_Name") or "")
    owner = fields.get("Owner")
    return Record(
        module=module,
        id=f"{NEW}{key}",
        name=str(fields.get("Account_Name") or "") if module is Module.ACCOUNTS else f"{first} {last}".strip(),
        first_name=first,
        last_name=last,
        email=str(fields.get("Email") or ""),
        company=str(fields.get("Company") or ""),
        owner_id=owner["id"] if isinstance(owner, Mapping) else "",
        fields=fields,
    )


def _of_person(known: Told, settings: Settings) -> Lookup | None:
    """What tells this person from others, as far as `people.unique_by` goes."""
    return next(_identities(known, settings), None)


def _identities(known: Told, settings: Settings) -> Iterator[Lookup]:
    if "email" in settings.people.unique_by and known.email:
        folded = settings.matching.fold_aliases
        yield Lookup(AddressKind.EMAIL, folded_email(known.email) if folded else known.email)
    if "phone" in settings.people.unique_by and known.number:
        yield Lookup(AddressKind.NUMBER, known.number)


def _of_company(interaction: Interaction, known: Told, settings: Settings) -> Lookup | None:
    """What tells this company from others: its own account id, else its domain."""
    asked = settings.matching.account_key
    value = comparable_key(interaction.extra.get(asked.from_)) if asked and isinstance(interaction, Call) else ""
    if value:
        return Lookup(AddressKind.ACCOUNT_KEY, value)
    return Lookup(AddressKind.DOMAIN, known.hosts[-1]) if known.hosts else None


def _key(where: Lookup) -> str:
    digest = hashlib.sha256(f"{where.kind}\x1f{where.value}".encode()).hexdigest()[:20]
    return f"{'a' if where.kind in (AddressKind.DOMAIN, AddressKind.ACCOUNT_KEY) else 'p'}-{digest}"
