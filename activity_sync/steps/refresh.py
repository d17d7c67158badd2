"""Zoho → shadow: the first load, resumable, then only changes. What changed opens the interactions that it touches."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from activity_sync.model.failures import ConnectionFailure
from activity_sync.model.records import SHADOWED, OrgFacts
from activity_sync.model.results import Problem
from activity_sync.steps import notice
from activity_sync.steps.applying import apply, save_users
from activity_sync.steps.channel import keep_channel
from activity_sync.steps.compare import compare, want
from activity_sync.steps.loading import load_module
from activity_sync.steps.means import Means
from activity_sync.steps.progress import USERS, agreed, held, last_read, progress
from activity_sync.steps.reshaping import follow_the_config
from activity_sync.store import facts

ORG_IS_FRESH_FOR = timedelta(days=1)

AWAY = timedelta(days=50)
"""Zoho lists what is in the bin for 60 days: after a longer absence everything is compared."""

_HELD = (
    "Look in Zoho whether they are there and the connected user may see them all; it mends itself then."
    " Have they gone for good: `activity-sync sync --agree {}`."
)


def refresh(means: Means, run: int | None, now: datetime) -> Sequence[Problem]:
    """Bring the shadow up to date: one credit when it is loaded. Raises what the CRM raises; what was read stays.

    `run` None: a preview, which leaves nothing in the sync log and compares nothing.
    """
    org = _org(means, now)
    with means.database.reading() as session:
        before, stopped, read = progress(session), held(session), last_read(session)
    if read is not None and now - read > AWAY:
        want(means, SHADOWED, now)
    follow_the_config(means, now)
    problems: list[Problem] = []
    for module in SHADOWED:
        if module not in before.cursors:
            problems += load_module(means, module, org)
    with means.database.reading() as session:
        after = progress(session)
    known = {name: cursor for name, cursor in after.cursors.items() if name in before.cursors and name not in stopped}
    if any(module in known for module in SHADOWED):
        problems += apply(means, means.crm.refresh(known, org), org, run, now)
    if run is not None and after.loaded:
        problems += _idle(means, org, run, now)
    return [*problems, *_stopped(means)]


def _idle(means: Means, org: OrgFacts, run: int, now: datetime) -> Sequence[Problem]:
    """What is done now and then; its failures are no reason to do nothing else."""
    try:
        notice.look_for_restored(means, run, now)
        return [*keep_channel(means, now), *compare(means, org, now)]
    except ConnectionFailure as failure:
        return [Problem("reading Zoho", "Zoho", failure.why, failure.next_step)]


def _stopped(means: Means) -> Sequence[Problem]:
    with means.database.reading() as session:
        stopped = held(session)
    return [Problem("held back", f"Zoho {name}", why, _HELD.format(name)) for name, why in stopped.items()]


def _org(means: Means, now: datetime) -> OrgFacts:
    """The org's facts and users, read again once a day."""
    with means.database.reading() as session:
        stored, read_at, sure = facts.org(session), facts.org_read_at(session), USERS in agreed(session)
    if stored is not None and read_at is not None and now - read_at < ORG_IS_FRESH_FOR and not sure:
        return stored
    means.tell("Reading the org, its fields and its users from Zoho")
    org = means.crm.org()
    users = means.crm.users()
    with means.database.transaction() as session:
        facts.save_org(session, org, now)
        save_users(session, users, now, means)
    return org
