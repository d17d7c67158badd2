"""A person or company that Zoho does not take, because a record with the same unique value is there: it is that one.

Zoho names it. It goes into the shadow, is remembered as what stands for that address, and the interaction is judged
again with it. It is not ours: an undo leaves it alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from activity_sync.model.decisions import Lookup
from activity_sync.model.failures import ConnectionFailure, Refused
from activity_sync.model.ports import ShadowRow
from activity_sync.model.records import NOUNS, OrgFacts
from activity_sync.model.writes import OutboxRow, RowResult
from activity_sync.steps import applying
from activity_sync.steps.means import Means
from activity_sync.store import facts, interactions, outbox, sync_log, written

_TAKEN = "Zoho has it already: it is judged again with that record."


def there_already(
    means: Means, rows: Sequence[OutboxRow], results: Mapping[int, RowResult], run: int
) -> Mapping[int, RowResult]:
    """The results, without those of the rows that were dropped because Zoho named the record that they would have
    doubled. One that cannot be used stays refused, and says why. A credit for each."""
    left = dict(results)
    for row in rows:
        result = left.get(row.number)
        if result is None or result.there is None:
            continue
        answer = _looked_at(means, row, result)
        if isinstance(answer, RowResult):
            left[row.number] = answer
        else:
            _stands_for(means, row, answer, run)
            del left[row.number]
    return left


def _looked_at(means: Means, row: OutboxRow, result: RowResult) -> ShadowRow | RowResult:
    """The record, or the result that is to be told."""
    assert result.there is not None
    module, record_id = result.there
    noun = NOUNS[module]
    with means.database.reading() as session:
        org = facts.org(session) or OrgFacts()
        tried = any(one.id == record_id for one in written.made_for(session, [row.write.record_key]))
    if tried:
        why = f"{result.why}: the {noun} {record_id} has it, and cannot be used in its place"
        return replace(result, again=False, why=why)
    try:
        found = means.crm.fetch(module, [record_id], org, purpose="checking").rows
    except Refused:
        found = ()
    except ConnectionFailure as failure:
        return replace(result, again=True, why=f"the {noun} {record_id} is there already, and was not read: {failure}")
    if not found or found[0].gone:
        why = (
            f"{result.why}: the {noun} {record_id} has it, which the connected user cannot see. Restore it from Zoho's"
            " recycle bin or delete it there for good, or let the user see it"
        )
        return replace(result, again=False, why=why)
    return found[0]


def _stands_for(means: Means, row: OutboxRow, there: ShadowRow, run: int) -> None:
    now, module = means.now(), there.record.module
    # Others may wait for the record that this row was to make: they are known by the same addresses.
    asked = means.crm.taken(row.write.module, {**row.write.fields, "id": row.write.record_key}).addresses
    since = now - means.settings.matching.retroactive
    applying.take(means, [there], {}, now)
    with means.database.transaction() as session:
        written.stand_for(session, row, module, there.record.id, now)
        outbox.drop(session, row.number, _TAKEN, now)
        interactions.reopen(session, [row.key], now)
        interactions.reopen_by_addresses(session, [Lookup(one.kind, one.value) for one in asked], since, now)
        text = f"the {NOUNS[module]} {there.record.name} is there already, though under another address: it is that one"
        sync_log.append(
            session, now, "in", "found", text, run=run, key=row.key, module=module.value, zoho_id=there.record.id
        )
