"""A record that is not ours (a deal) is changed only as it was when that was decided.

Whoever changes it in between makes Zoho refuse the write (If-Unmodified-Since), or is seen here before it is sent: the
record is read again, and its interaction is judged again with what it says now.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from activity_sync.model.records import OrgFacts
from activity_sync.model.writes import OutboxRow, RowResult
from activity_sync.rules.sameness import same
from activity_sync.rules.undoing import replaced
from activity_sync.steps import applying
from activity_sync.steps.means import Means
from activity_sync.steps.send.sent import Sent, settle
from activity_sync.store import facts, interactions, outbox, sync_log

_MODIFIED = "Modified_Time"
_SO_ALREADY = "It is so already."
_CHANGED = "The record has changed since: it is judged again."


def unchanged(means: Means, rows: Sequence[OutboxRow], sent: Sent) -> list[OutboxRow]:
    """Those that may be sent: nobody has changed the record since. A credit for each module; raises what the CRM
    raises."""
    kept = []
    for row in rows:
        names = [*row.write.fields, _MODIFIED]
        current = means.crm.current(row.write.module, [row.write.id], names).get(row.write.id)
        if current is None:
            with means.database.transaction() as session:
                settle(means, session, row, RowResult(done=False, gone=True), sent)
        elif all(same(current.get(name), value) for name, value in row.write.fields.items()):
            _so_already(means, row, current, sent)
        elif _changed(row, current):
            _judge_again(means, row, sent)
        else:
            with means.database.transaction() as session:
                outbox.remember(session, row.number, replaced(row.write, {}, current))
            kept.append(row)
    return kept


def _so_already(means: Means, row: OutboxRow, current: Mapping[str, Any], sent: Sent) -> None:
    """A write whose answer was lost has happened; otherwise a person was faster, and nothing is ours."""
    with means.database.transaction() as session:
        if row.attempts > 1:
            settle(means, session, row, RowResult(done=True, id=row.write.id, modified=_time(current)), sent)
            return
        outbox.drop(session, row.number, _SO_ALREADY, means.now())
        interactions.reopen(session, [row.key], means.now())
    _read_again(means, row)


def _judge_again(means: Means, row: OutboxRow, sent: Sent) -> None:
    _read_again(means, row)
    now, write = means.now(), row.write
    with means.database.transaction() as session:
        outbox.drop(session, row.number, _CHANGED, now)
        interactions.reopen(session, [row.key], now)
        sync_log.append(
            session, now, "in", "changed", _CHANGED, run=sent.run, key=row.key, module=write.module.value,
            zoho_id=write.id,
        )  # fmt: skip


def _read_again(means: Means, row: OutboxRow) -> None:
    """The record as it is now into the shadow."""
    with means.database.reading() as session:
        org = facts.org(session) or OrgFacts()
    fetched = means.crm.fetch(row.write.module, [row.write.id], org)
    applying.take(means, fetched.rows, {}, means.now())


def _changed(row: OutboxRow, current: Mapping[str, Any]) -> bool:
    at, since = _time(current), row.write.unless_changed_since
    return at is not None and since is not None and at > since


def _time(current: Mapping[str, Any]) -> datetime | None:
    try:
        at = datetime.fromisoformat(str(current.get(_MODIFIED) or ""))
    except ValueError:
        return None
    return at if at.tzinfo else None
