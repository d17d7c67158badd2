"""What is wrong with the access to an org, from what was read of it: for `check` and `status` alike."""

from __future__ import annotations

from collections.abc import Iterator

from activity_sync.model.records import OrgFacts
from activity_sync.model.settings import Settings
from activity_sync.rules.named_fields import mistakes

_TOLERATED = 300
"""Seconds."""


def clock_error(org: OrgFacts) -> str:
    """By how much our clock was wrong when the org was read; "" for at most five minutes."""
    off = abs(org.clock_error)
    if off <= _TOLERATED:
        return ""
    minutes = f"{round(off / 60)} minutes"
    return f"this machine's clock is {minutes} {'ahead of' if org.clock_error > 0 else 'behind'} Zoho's"


def org_alerts(org: OrgFacts, settings: Settings) -> Iterator[str]:
    """A sentence for each thing that a person should see to."""
    wrong = clock_error(org)
    if wrong:
        yield f"{wrong}: set it, best by a time server."
    if org.missing_scopes:
        names = ", ".join(org.missing_scopes)
        yield f"Zoho's permissions {names} are missing: run `activity-sync connect zoho` and grant them."
    if org.fields:
        for one in mistakes(org, settings):
            yield f"{one.key}: {one.detail}. {one.hint}".rstrip()
