"""Has somebody made that person or company meanwhile? One Composite asks Contacts, Leads and Accounts by address."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import reduce

from activity_sync.model.ports import ShadowRow
from activity_sync.model.records import AddressKind, Module, OrgFacts
from activity_sync.zoho import composite
from activity_sync.zoho.asking import Asking, readable
from activity_sync.zoho.client import ScopeMissing
from activity_sync.zoho.composite import Part
from activity_sync.zoho.coql import COMPOSITE_ROWS, Query, among, page_of, quoted, run
from activity_sync.zoho.payloads import Addressing
from activity_sync.zoho.refusals import ZohoRefused

_PURPOSE = "checking"
_NUMBERS = ("Phone", "Mobile")
_AT_ONCE = 20
"""So many are asked for together: an answer within a Composite has 25 rows at most."""


def holders(asking: Asking, org: OrgFacts, wanted: Sequence[ShadowRow]) -> list[ShadowRow]:
    """The records in Zoho that have an address of one of `wanted`, which are not there yet: a credit for twenty.

    Numbers are found only as they are written there. Raises what `Client.send` raises.
    """
    found: dict[str, ShadowRow] = {}
    for start in range(0, len(wanted), _AT_ONCE):
        queries = dict(_queries(asking, org, wanted[start : start + _AT_ONCE]))
        found |= {row.record.id: row for row in _asked(asking, queries)}
    return list(found.values())


def _queries(asking: Asking, org: OrgFacts, wanted: Sequence[ShadowRow]) -> Iterator[tuple[Module, Query]]:
    values = {
        kind: sorted({one.value for row in wanted for one in row.addresses if one.kind is kind})
        for kind in (AddressKind.EMAIL, AddressKind.NUMBER, AddressKind.DOMAIN, AddressKind.ACCOUNT_KEY)
    }
    people = any(row.record.module is not Module.ACCOUNTS for row in wanted)
    companies = any(row.record.module is Module.ACCOUNTS for row in wanted)
    for module in ((Module.CONTACTS, Module.LEADS) if people else ()) + ((Module.ACCOUNTS,) if companies else ()):
        conditions = list(_conditions(module, values, asking.how, set(asking.columns.of(module, org))))
        if conditions and readable(module, org):
            where = reduce(lambda left, right: f"({left} or {right})", conditions)
            columns = asking.columns.of(module, org)
            yield module, Query(module=module, columns=columns, where=where, limit=COMPOSITE_ROWS)


def _conditions(
    module: Module, values: Mapping[AddressKind, Sequence[str]], how: Addressing, known: set[str]
) -> Iterator[str]:
    if module is Module.ACCOUNTS:
        for name in how.domains.get(module, ()):
            yield from (f"{name} like {quoted(f'%{host}%')}" for host in values[AddressKind.DOMAIN] if name in known)
        if how.account_key in known and values[AddressKind.ACCOUNT_KEY]:
            yield among(how.account_key, values[AddressKind.ACCOUNT_KEY])
        return
    for names, asked in ((how.emails, AddressKind.EMAIL), (how.numbers, AddressKind.NUMBER)):
        for name in names.get(module, ()):
            if name in known and values[asked] and (asked is AddressKind.EMAIL or name in _NUMBERS):
                yield among(name, values[asked])


def _asked(asking: Asking, queries: Mapping[Module, Query]) -> Iterator[ShadowRow]:
    parts = [
        Part(name=module.lower(), method="POST", path="/coql", body=query.body()) for module, query in queries.items()
    ]
    if not parts:
        return
    try:
        answers = composite.send(asking.client, parts, "who has it", purpose=_PURPOSE)
    except (ZohoRefused, ScopeMissing):
        answers = None
    for place, (module, query) in enumerate(queries.items()):
        if answers is None or not answers[place].is_good:
            yield from asking.rows(module, run(asking.client, query, "who has it", _PURPOSE))
        else:
            yield from asking.rows(module, page_of(answers[place].answer, COMPOSITE_ROWS))
