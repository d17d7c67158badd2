"""The shadow: Zoho's users and records, and under which addresses they are found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import and_, delete, func, or_, select, update
from sqlmodel import Session

from activity_sync.model.decisions import Candidates, Lookup
from activity_sync.model.ports import ShadowRow
from activity_sync.model.records import AddressKind, Module, Record, User
from activity_sync.store import shadow_records
from activity_sync.store.forgetting import wanted_records
from activity_sync.store.holders import extensions, holders
from activity_sync.store.interactions import LONGEST_ADDRESS
from activity_sync.store.shadow_records import MODULES, Key
from activity_sync.store.tables import ShadowAddresses, ShadowRecords, ZohoUsers
from activity_sync.store.upserting import in_portions, insert_missing, table_of, upsert

_RECORDS = table_of(ShadowRecords)
_ADDRESSES = table_of(ShadowAddresses)
_ORDER = {Module.CONTACTS: 0, Module.LEADS: 1, Module.ACCOUNTS: 2, Module.DEALS: 3}


def save_records(session: Session, rows: Sequence[ShadowRow], first_load: bool = False) -> frozenset[Lookup]:
    """Store records as they are in Zoho now. Of two rows of one record the last counts; one that was erased stays out.

    Returns the addresses under which something may be found otherwise than before: the old and new addresses of
    records that differ. `first_load`: nobody asks for that; nothing is compared, and nothing returned.
    """
    latest = {(row.record.module, row.record.id): row for row in wanted_records(session, rows)}
    lookups: set[Lookup] = set()
    for portion in in_portions(list(latest.values())):
        if not first_load:
            lookups |= _differing(session, portion)
        _drop_addresses(session, [(row.record.module, row.record.id) for row in portion])
        upsert(session, ShadowRecords, [shadow_records.as_row(row) for row in portion])
        addresses = [address for row in portion if not row.gone for address in _address_rows(row)]
        insert_missing(session, ShadowAddresses, addresses)
    return frozenset(lookups)


def news(session: Session, rows: Sequence[ShadowRow]) -> list[ShadowRow]:
    """Those of the rows that differ from what is stored."""
    found: list[ShadowRow] = []
    for portion in in_portions(rows):
        keys = [(row.record.module, row.record.id) for row in portion]
        stored, known = shadow_records.of_keys(session, keys), _known_addresses(session, keys)
        found += [row for row in portion if _differs(row, stored, known)]
    return found


def addresses_of(session: Session, keys: Iterable[tuple[str, str]]) -> set[Lookup]:
    """All addresses of these records (module, id)."""
    known = _known_addresses(session, [(Module(module), record_id) for module, record_id in keys])
    return {look for looks in known.values() for look in looks}


def children(session: Session, gone: Iterable[Record]) -> dict[Module, list[str]]:
    """Ids of the contacts, leads and deals that are linked to these records, which have gone."""
    found: dict[Module, list[str]] = {}
    ids = sorted({one.id for one in gone})
    for portion in in_portions(ids):
        here = or_(_RECORDS.c.account_id.in_(portion), _RECORDS.c.contact_id.in_(portion))
        rows = select(_RECORDS.c.module, _RECORDS.c.zoho_id).where(here, _RECORDS.c.gone.is_(False))
        for module, record_id in session.connection().execute(rows):
            found.setdefault(Module(module), []).append(record_id)
    return found


def forget_records(session: Session, module: Module, ids: Iterable[str]) -> frozenset[Lookup]:
    """Records that were deleted, merged or converted away: they are found no more. Returns their addresses."""
    lookups: set[Lookup] = set()
    for portion in in_portions(list(ids)):
        keys = [(module, record_id) for record_id in portion]
        lookups |= {look for looks in _known_addresses(session, keys).values() for look in looks}
        lookups |= _reached_through(session, shadow_records.of_keys(session, keys).values())
        _drop_addresses(session, keys)
        here = and_(_RECORDS.c.module == module.value, _RECORDS.c.zoho_id.in_(portion))
        session.connection().execute(update(_RECORDS).where(here).values(gone=True))
    return frozenset(lookups)


def candidates(session: Session, lookups: Iterable[Lookup]) -> Candidates:
    """What the shadow holds of these addresses, and what that leads to."""
    return around(session, under(session, lookups))


def under(session: Session, lookups: Iterable[Lookup]) -> dict[Lookup, list[Record]]:
    """The records under each of these addresses, in the order contacts, leads, accounts, each by id."""
    keys = set(_keys_under(session, frozenset(lookups)))
    there = shadow_records.of_keys(session, {key for _, key in keys})
    found: dict[Lookup, list[Record]] = {}
    for lookup, key in keys:
        if key in there:
            found.setdefault(lookup, []).append(there[key])
    return {lookup: sorted(ones, key=_in_order) if len(ones) > 1 else ones for lookup, ones in found.items()}


def around(session: Session, by_address: Mapping[Lookup, Sequence[Record]]) -> Candidates:
    """The accounts, deals and contacts to which the records found under addresses lead.

    Deals come by id. `contacts` holds those that the deals name and those that converted leads became.
    """
    found = [record for records in by_address.values() for record in records]
    accounts = {record.id: record for record in found if record.module is Module.ACCOUNTS}
    heirs = _by_id(session, Module.CONTACTS, {lead.contact_id for lead in found if lead.converted})
    wanted = {record.account_id for record in (*found, *heirs.values())} - set(accounts)
    accounts |= _by_id(session, Module.ACCOUNTS, wanted)
    deals = shadow_records.deals_of(session, accounts)
    named = {deal.contact_id for of_account in deals.values() for deal in of_account}
    contacts = heirs | _by_id(session, Module.CONTACTS, named - set(heirs))
    return Candidates(by_address=by_address, accounts=accounts, deals=deals, contacts=contacts)


def record(session: Session, module: Module, record_id: str) -> Record | None:
    """One record, unless it is gone."""
    return _by_id(session, module, {record_id}).get(record_id)


def records(session: Session, module: Module, ids: Iterable[str]) -> dict[str, Record]:
    """Several records of a module by id; those that are gone or unknown are missing."""
    return _by_id(session, module, set(ids))


def some_id(session: Session, module: Module, but: Iterable[str]) -> str:
    """The id of one record that is there, and none of these; the one made last, "" when there is none."""
    without = set(but)
    here = (_RECORDS.c.module == module.value, _RECORDS.c.gone.is_(False), _RECORDS.c.converted.is_(False))
    rows = select(_RECORDS.c.zoho_id).where(*here).order_by(_RECORDS.c.zoho_id.desc()).limit(len(without) + 1)
    return next((row[0] for row in session.connection().execute(rows) if row[0] not in without), "")


def count(session: Session, module: Module) -> int:
    """How many records of a module the shadow holds."""
    here = (_RECORDS.c.module == module.value, _RECORDS.c.gone.is_(False))
    return session.connection().execute(select(func.count()).select_from(_RECORDS).where(*here)).scalar_one()


def save_users(session: Session, users: Sequence[User]) -> bool:
    """Store all users of the org. One that is no longer among them stays, inactive. True: something changed.

    No users at all is taken for a mishap, and changes nothing.
    """
    before = {user.id: user for user in users_of(session)}
    left = {user.id: replace(user, active=False) for user in before.values()}
    now = left | {user.id: user for user in users}
    if not users or now == before:
        return False
    upsert(session, ZohoUsers, [_user_row(user) for user in now.values()])
    return True


def users_of(session: Session) -> Sequence[User]:
    """All users that were ever seen, active or not, by id."""
    table = table_of(ZohoUsers)
    rows = session.connection().execute(table.select().order_by(table.c.id)).mappings()
    return [User(**row) for row in rows]


def _keys_under(session: Session, lookups: Iterable[Lookup]) -> Iterator[tuple[Lookup, tuple[Module, str]]]:
    kinds: dict[AddressKind, set[Lookup]] = {}
    for lookup in lookups:
        kinds.setdefault(lookup.kind, set()).add(lookup)
    for kind, asked in kinds.items():
        for value, module, record_id in holders(session, kind, sorted({one.value for one in asked})):
            if (plain := Lookup(kind, value)) in asked:
                yield plain, (MODULES[module], record_id)
        narrow = sorted({one.value for one in asked if one.extension})
        for value, extension, module, record_id in extensions(session, kind, narrow):
            if (one := Lookup(kind, value, extension)) in asked:
                yield one, (MODULES[module], record_id)


def _by_id(session: Session, module: Module, ids: set[str]) -> dict[str, Record]:
    found = shadow_records.of_keys(session, [(module, record_id) for record_id in sorted(ids) if record_id])
    return {record_id: one for (_, record_id), one in found.items()}


def _differing(session: Session, rows: Sequence[ShadowRow]) -> set[Lookup]:
    keys = [(row.record.module, row.record.id) for row in rows]
    records_before, addresses_before = shadow_records.of_keys(session, keys), _known_addresses(session, keys)
    changed: set[Lookup] = set()
    touched: list[Record] = []
    for row in rows:
        if _differs(row, records_before, addresses_before):
            key = row.record.module, row.record.id
            changed |= _lookups_of(row) | addresses_before.get(key, set())
            touched += [one for one in (records_before.get(key), row.record) if one is not None]
    return changed | _reached_through(session, touched)


def _differs(row: ShadowRow, stored: Mapping[Key, Record], known: Mapping[Key, set[Lookup]]) -> bool:
    key = row.record.module, row.record.id
    now = None if row.gone else row.record
    return _lookups_of(row) != known.get(key, set()) or stored.get(key) != now


def _lookups_of(row: ShadowRow) -> set[Lookup]:
    shown = () if row.gone else row.addresses
    return {Lookup(one.kind, one.value) for one in shown if 0 < len(one.value) <= LONGEST_ADDRESS}


def _reached_through(session: Session, changed: Iterable[Record]) -> set[Lookup]:
    """The addresses of the contacts and accounts through which a match comes to these records: a new deal has no
    address of its own, yet a meeting with its account's people belongs on it."""
    accounts = sorted({one.account_id for one in changed if one.module is Module.DEALS and one.account_id})
    found: set[Lookup] = set()
    for portion in in_portions(accounts):
        theirs = or_(
            and_(_RECORDS.c.module != Module.DEALS.value, _RECORDS.c.account_id.in_(portion)),
            and_(_RECORDS.c.module == Module.ACCOUNTS.value, _RECORDS.c.zoho_id.in_(portion)),
        )
        same = and_(_ADDRESSES.c.module == _RECORDS.c.module, _ADDRESSES.c.zoho_id == _RECORDS.c.zoho_id)
        rows = select(_ADDRESSES.c.kind, _ADDRESSES.c.value).join_from(_ADDRESSES, _RECORDS, same).where(theirs)
        found |= {Lookup(AddressKind(kind), value) for kind, value in session.connection().execute(rows)}
    return found


def _known_addresses(session: Session, keys: Sequence[tuple[Module, str]]) -> dict[tuple[Module, str], set[Lookup]]:
    columns = (_ADDRESSES.c.module, _ADDRESSES.c.zoho_id, _ADDRESSES.c.kind, _ADDRESSES.c.value)
    found: dict[tuple[Module, str], set[Lookup]] = {}
    for module, record_id, kind, value in session.connection().execute(
        select(*columns).where(_one_of(_ADDRESSES, keys))
    ):
        found.setdefault((Module(module), record_id), set()).add(Lookup(AddressKind(kind), value))
    return found


def _drop_addresses(session: Session, keys: Sequence[tuple[Module, str]]) -> None:
    session.connection().execute(delete(_ADDRESSES).where(_one_of(_ADDRESSES, keys)))


def _one_of(table: Any, keys: Sequence[tuple[Module, str]]) -> Any:
    by_module: dict[Module, list[str]] = {}
    for module, record_id in keys:
        by_module.setdefault(module, []).append(record_id)
    parts = [and_(table.c.module == module.value, table.c.zoho_id.in_(ids)) for module, ids in by_module.items()]
    return or_(*parts) if parts else table.c.module.is_(None)


def _in_order(one: Record) -> tuple[int, str]:
    return _ORDER.get(one.module, len(_ORDER)), one.id


def _address_rows(row: ShadowRow) -> list[dict[str, Any]]:
    one = row.record
    unique: dict[tuple[AddressKind, str, str], set[str]] = {}
    for address in row.addresses:
        unique.setdefault((address.kind, address.value, address.field), set()).add(address.extension)
    return [
        {
            "module": one.module.value,
            "zoho_id": one.id,
            "kind": kind.value,
            "value": value,
            "field": name,
            "extension": " ".join(sorted(numbers - {""})),
        }
        for (kind, value, name), numbers in unique.items()
        if 0 < len(value) <= LONGEST_ADDRESS
    ]


def _user_row(user: User) -> dict[str, Any]:
    names = ("id", "email", "first_name", "last_name", "active", "time_zone", "role")
    return {name: getattr(user, name) for name in names}
