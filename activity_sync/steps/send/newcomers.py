"""Before a person or a company is made Zoho is asked once more: somebody may have been faster than the shadow."""

from __future__ import annotations

from collections.abc import Sequence

from activity_sync.model.ports import ShadowRow
from activity_sync.model.records import ACTIVITIES, AddressKind, OrgFacts
from activity_sync.model.writes import Op, OutboxRow
from activity_sync.steps import applying
from activity_sync.steps.means import Means
from activity_sync.store import facts, interactions, outbox

_THERE = "Somebody made it meanwhile: it is judged again."
_TELLING = (AddressKind.EMAIL, AddressKind.NUMBER, AddressKind.DOMAIN, AddressKind.ACCOUNT_KEY)


def unknown_still(means: Means, rows: Sequence[OutboxRow]) -> list[OutboxRow]:
    """The rows without those people and companies that are in Zoho by now: these go into the shadow, and the
    interactions are judged again. A credit for twenty; raises what the CRM raises."""
    making = {row.number: row for row in rows if row.write.op is Op.CREATE and row.write.module not in ACTIVITIES}
    if not making:
        return list(rows)
    with means.database.reading() as session:
        org = facts.org(session) or OrgFacts()
    wanted = {number: _as_record(means, row) for number, row in making.items()}
    there = means.crm.holders(list(wanted.values()), org)
    taken = {number for number, one in wanted.items() if any(_shares(one, other) for other in there)}
    if taken:
        applying.take(means, there, {}, means.now())
        with means.database.transaction() as session:
            for number in taken:
                outbox.drop(session, number, _THERE, means.now())
                interactions.reopen(session, [making[number].key], means.now())
    return [row for row in rows if row.number not in taken]


def _as_record(means: Means, row: OutboxRow) -> ShadowRow:
    return means.crm.taken(row.write.module, {**row.write.fields, "id": row.write.record_key})


def _shares(one: ShadowRow, other: ShadowRow) -> bool:
    """Whether they are known by the same address; a converted lead counts, it leads to what it became."""
    if other.gone or (one.record.module == "Accounts") != (other.record.module == "Accounts"):
        return False
    mine = {(address.kind, address.value) for address in one.addresses if address.kind in _TELLING}
    return any((address.kind, address.value) in mine for address in other.addresses)
