"""What is known of the whole: the org, and single values by name."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlmodel import Session

from activity_sync.model.records import OrgFacts
from activity_sync.store.payloads import org_from, org_payload
from activity_sync.store.tables import Facts
from activity_sync.store.upserting import upsert

_ORG = "org"


def fact(session: Session, name: str) -> Any:
    """The JSON value kept under a name; None when there is none."""
    row = session.get(Facts, name, populate_existing=True)
    return row.value if row is not None else None


def fact_at(session: Session, name: str) -> datetime | None:
    """When the value was kept."""
    row = session.get(Facts, name, populate_existing=True)
    return row.at if row is not None else None


def keep_fact(session: Session, name: str, value: Any, now: datetime) -> None:
    """Keep a JSON value, replacing the one before."""
    upsert(session, Facts, [{"name": name, "value": value, "at": now}])


def org(session: Session) -> OrgFacts | None:
    """The org as it was read last; None: never."""
    payload = fact(session, _ORG)
    return org_from(payload) if payload is not None else None


def org_read_at(session: Session) -> datetime | None:
    """When the org was read last."""
    return fact_at(session, _ORG)


def save_org(session: Session, facts: OrgFacts, now: datetime) -> None:
    """Keep what was read of the org."""
    keep_fact(session, _ORG, org_payload(facts), now)
