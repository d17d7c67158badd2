"""What is known of the whole: the org, and single values by name."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from activity_sync.model.learned import Learned
from activity_sync.model.records import OrgFacts
from activity_sync.store.payloads import learned_from, learned_payload, org_from, org_payload
from activity_sync.store.tables import Facts
from activity_sync.store.upserting import upsert

_ORG = "org"
_LEARNED = "learned"
_RESTORED = "restored"
_ORG_CHANGED = select(Facts.name, Facts.at).where(col(Facts.name).in_((_ORG, _LEARNED)))  # asked before every call


def fact(session: Session, name: str) -> Any:
    """The JSON value kept under a name; None when there is none."""
    return dated_fact(session, name)[0]


def fact_at(session: Session, name: str) -> datetime | None:
    """When the value was kept."""
    return dated_fact(session, name)[1]


def dated_fact(session: Session, name: str) -> tuple[Any, datetime | None]:
    """The JSON value kept under a name, and when it was kept; twice None when there is none."""
    row = session.get(Facts, name, populate_existing=True)
    return (row.value, row.at) if row is not None else (None, None)


def keep_fact(session: Session, name: str, value: Any, now: datetime) -> None:
    """Keep a JSON value, replacing the one before."""
    upsert(session, Facts, [{"name": name, "value": value, "at": now}])


def org(session: Session) -> OrgFacts | None:
    """The org as it was read last; None: never."""
    payload, known = fact(session, _ORG), learned(session)
    if payload is None:
        return None
    facts = org_from(payload)
    if known is None:
        return facts
    if known.at is None:  # from refusals alone: what the records of the org show counts beside it
        known = replace(known, duration_unit=facts.learned.duration_unit)
    return replace(facts, learned=known, key_unique=facts.key_unique - known.keys_not_enforced)


def learned(session: Session) -> Learned | None:
    """What self-tests and refusals taught us of the org; None: nothing yet. An org that is read anew leaves it."""
    payload = fact(session, _LEARNED)
    return learned_from(payload) if payload is not None else None


def save_learned(session: Session, known: Learned, now: datetime) -> None:
    """Keep what was learned, in place of what was known before."""
    keep_fact(session, _LEARNED, learned_payload(known), now)


def org_changed_at(session: Session) -> tuple[datetime | None, datetime | None]:
    """When the org was read and something learned of it; as long as it is the same, `org` gives the same."""
    kept = dict(session.exec(_ORG_CHANGED).all())
    return kept.get(_ORG), kept.get(_LEARNED)


def org_read_at(session: Session) -> datetime | None:
    """When the org was read last."""
    return fact_at(session, _ORG)


def save_org(session: Session, facts: OrgFacts, now: datetime) -> None:
    """Keep what was read of the org."""
    keep_fact(session, _ORG, org_payload(facts), now)


def note_restored(session: Session, until: datetime, now: datetime) -> None:
    """The database came from a backup: what starts up to `until` may have been written without its knowing."""
    keep_fact(session, _RESTORED, until.isoformat(), now)


def may_be_there(session: Session, starts: datetime | None) -> bool:
    """Whether what starts then may have been written after the backup that this database came from."""
    until = fact(session, _RESTORED)
    return until is not None and (starts is None or starts <= datetime.fromisoformat(until))
