"""What the access to Zoho may do, what its calls cost, and whether the clocks agree."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from activity_sync.checks.check import ZOHO, Check, bad, good
from activity_sync.model.checkup import Permission
from activity_sync.model.records import OrgFacts
from activity_sync.rules.org_alerts import clock_error

_MOST_NAMED = 5


def permissions_check(wanted: Sequence[Permission], missing: Sequence[Permission]) -> Check:
    """Whether the access has every permission; those that are missing by name, with what they are for."""
    name = "permissions"
    needed = [one for one in missing if one.needed]
    if not missing:
        return good(name, f"all {len(wanted)} are granted", about=ZOHO)
    useful = _named(one for one in missing if not one.needed)
    if needed:
        beside = f"; useful beside them: {useful}" if useful else ""
        return bad(name, f"missing: {_named(needed)}{beside}", "Run `activity-sync connect zoho` and grant them.", ZOHO)
    hint = "It works without them; `activity-sync connect zoho` takes a new grant."
    return good(name, f"all that are needed are granted; useful beside them: {useful}", hint, ZOHO)


def prices_check(org: OrgFacts) -> Check:
    """Whether this org's calls cost what Zoho has published."""
    name = "prices"
    if org.prices is None:
        return good(name, "Zoho does not tell this org's prices: the published ones are booked", about=ZOHO)
    if not org.prices:
        return good(name, "as Zoho has published them", about=ZOHO)
    told = [f"{call} {_range(*price)}" for call, price in sorted(org.prices.items())]
    more = f" and {len(told) - _MOST_NAMED} more" if len(told) > _MOST_NAMED else ""
    return good(name, f"this org's own are booked: {', '.join(told[:_MOST_NAMED])}{more}", about=ZOHO)


def clock_check(org: OrgFacts) -> Check:
    """Whether our clock and Zoho's agree within five minutes."""
    wrong = clock_error(org)
    if wrong:
        return bad("clock", wrong, "Set this machine's clock, best by a time server.", ZOHO)
    return good("clock", "agrees with Zoho's", about=ZOHO)


def _named(permissions: Iterable[Permission]) -> str:
    return "; ".join(f"{one.name} ({one.why})" for one in permissions)


def _range(least: int, most: int) -> str:
    return str(least) if least == most else f"{least} to {most}"
