"""`erase ADDRESS`: what is stored about one person is forgotten, and stays so.

The person's interactions go as a whole, whoever else was there: a title or a note may tell of anybody. In Zoho nothing
changes, and nothing of it is logged again.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlmodel import Session

from activity_sync.model.addresses import NumberKind, comparable_email, folded_email, read_number
from activity_sync.model.decisions import Lookup
from activity_sync.model.records import AddressKind, Module
from activity_sync.model.settings import Settings
from activity_sync.rules.teams import team_of
from activity_sync.steps.means import Means
from activity_sync.store import forgetting, past, shadow, sweeping
from activity_sync.store.holders import holders

_PUSHED = "pushed_row"
_PEOPLE = (Module.CONTACTS.value, Module.LEADS.value)


class CannotErase(Exception):  # noqa: N818 - why, in a sentence for a person
    """This is nobody who can be erased."""


@dataclass(slots=True)
class _Person:
    """`words`: e-mail addresses and numbers as they may stand in texts, names of records."""

    lookups: set[Lookup] = field(default_factory=set)
    records: set[forgetting.Key] = field(default_factory=set)
    words: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)


def erase(means: Means, address: str) -> dict[str, int]:
    """Forget whoever has this e-mail address or number; how many rows of each table. Raises CannotErase."""
    now, database = means.now(), means.database
    with database.reading() as session:
        person = _person(session, means.settings, _lookup(session, means.settings, address))
    pushed = _pushed_rows(means, person)  # first: when it fails, all that tells who it is is still there
    with database.transaction() as session:
        keys = _keys(session, person)
        gone = forgetting.forget_interactions(session, keys)
        gone["sync_log"] += forgetting.forget_lines(session, keys, person.words | person.names)
        gone += forgetting.forget_records(session, person.records)
        forgetting.keep_out(session, keys, person.records, now)
        gone += sweeping.sweep(session, person.words)
    gone[_PUSHED] += pushed
    database.scrub()
    return {name: count for name, count in sorted(gone.items()) if count}


def _lookup(session: Session, settings: Settings, address: str) -> Lookup:
    """The address in comparable form. Raises CannotErase for one of ours, and for what is no address."""
    team = team_of(settings, shadow.users_of(session))
    if "@" in address:
        email = comparable_email(address)
        if not email:
            raise CannotErase(f"{address} is no e-mail address.")
        if team.is_ours(email):
            raise CannotErase(
                f"{email} is one of your own people: a Zoho user, an alias or your domain (team.domains)."
            )
        return Lookup(AddressKind.EMAIL, email)
    number = read_number(address, settings.default_region)
    if number.kind is not NumberKind.E164:
        raise CannotErase(f"{address} is neither an e-mail address nor a telephone number.")
    if number.e164 in team.numbers:
        raise CannotErase(f"{number.e164} is one of your own lines (team.numbers, or a dialer's lines).")
    return Lookup(AddressKind.NUMBER, number.e164)


def _person(session: Session, settings: Settings, asked: Lookup) -> _Person:
    """Whoever has the address, with those further addresses that nobody else has."""
    person = _Person(lookups={asked}, words={asked.value})
    if asked.kind is AddressKind.EMAIL and settings.matching.fold_aliases:
        person.lookups.add(Lookup(AddressKind.EMAIL, folded_email(asked.value)))
    found = {
        (module, record_id)
        for look in person.lookups
        for _, module, record_id in holders(session, look.kind, [look.value])
        if module in _PEOPLE
    }
    person.records |= found
    for module, record_id in found:
        record = shadow.record(session, Module(module), record_id)
        if record is not None and len(record.name.split()) > 1:
            person.names.add(record.name)
    for look in shadow.addresses_of(session, found):
        theirs = {(module, record_id) for _, module, record_id in holders(session, look.kind, [look.value])}
        if theirs <= found and look.kind is not AddressKind.DOMAIN:
            person.lookups.add(look)
            person.words.add(look.value)
    return person


def _pushed_rows(means: Means, person: _Person) -> int:
    words = {word.casefold() for word in person.words | person.names}
    return sum(one.forget(words) for one in means.stored)


def _keys(session: Session, person: _Person) -> set[str]:
    sharing = past.sharing(session, person.lookups)
    return set(sharing) | forgetting.holding(session, person.words)
