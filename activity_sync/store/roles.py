"""Contact roles of deals, kept for some days after they were read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from sqlmodel import Session, col, delete, select

from activity_sync.store.tables import DealRoles
from activity_sync.store.upserting import in_portions, upsert

KEPT = timedelta(days=7)


def roles_of(session: Session, deal_ids: Iterable[str], now: datetime) -> dict[str, frozenset[str]]:
    """The contacts with a role, by deal; a deal whose roles were not read lately is missing."""
    found: dict[str, frozenset[str]] = {}
    for portion in in_portions(sorted(set(deal_ids))):
        here = (col(DealRoles.deal_id).in_(portion), DealRoles.read_at > now - KEPT)
        rows = session.exec(select(DealRoles.deal_id, DealRoles.contact_ids).where(*here))
        found |= {deal_id: frozenset(contact_ids) for deal_id, contact_ids in rows}
    return found


def save_roles(session: Session, roles: Mapping[str, Iterable[str]], now: datetime) -> None:
    """Keep the contact ids that were read for these deals; what is too old to be used goes."""
    session.exec(delete(DealRoles).where(col(DealRoles.read_at) <= now - KEPT))
    rows = [{"deal_id": deal, "contact_ids": sorted(ids), "read_at": now} for deal, ids in roles.items()]
    upsert(session, DealRoles, rows)
