"""Contact roles, read when a match needs them and not before: five deals a credit, kept seven days."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlmodel import Session

from activity_sync.model.decisions import Candidates, Lookup
from activity_sync.model.failures import ConnectionFailure
from activity_sync.model.records import Record
from activity_sync.rules.lookups import at_first, by_colleagues, if_unknown
from activity_sync.steps.means import Means
from activity_sync.store import roles, shadow

_AT_ONCE = 100
"""So many deals are read and kept at a time."""


def candidates(
    session: Session, asked: Iterable[Lookup], now: datetime, beside: Mapping[Lookup, Sequence[Record]] | None = None
) -> Candidates:
    """What the shadow holds of these addresses, with the contact roles that were read of deals beside other deals.

    `beside`: the records to be found under addresses under which the shadow shows none.
    """
    wanted = tuple(asked)
    under: dict[Lookup, Sequence[Record]] = {**(beside or {}), **shadow.under(session, at_first(wanted))}
    under |= shadow.under(session, if_unknown(wanted, under))
    under |= shadow.under(session, by_colleagues(wanted, under))
    found = shadow.around(session, under)
    several = [deal.id for deals in found.deals.values() if len(deals) > 1 for deal in deals]
    return replace(found, roles=roles.roles_of(session, several, now) if several else {})


def read(means: Means, deal_ids: Collection[str], now: datetime) -> bool:
    """Read and keep the contact roles of these deals; False when Zoho does not give all of them now."""
    wanted = sorted(deal_ids)
    try:
        for start in range(0, len(wanted), _AT_ONCE):
            found = means.crm.contact_roles(wanted[start : start + _AT_ONCE])
            with means.database.transaction() as session:
                roles.save_roles(session, found, now)
    except ConnectionFailure:
        return False  # the interactions wait, and say for what
    return True
