"""Once a day: what has become older than `retention` is forgotten. What is in Zoho stays, and is never doubled."""

from __future__ import annotations

from datetime import datetime, timedelta

from activity_sync.model.failures import SignInAgain
from activity_sync.model.settings import Settings
from activity_sync.steps.collect import LOOK_BACK
from activity_sync.steps.means import Means
from activity_sync.steps.striking import strike_out
from activity_sync.store import credits, facts, forgetting, sync_log

EVERY = timedelta(days=1)

_FACT = "tidied"
_AT_ONCE = 500
_BOOKINGS = timedelta(days=90)


def tidy(means: Means, run: int, now: datetime) -> int:
    """Forget what is too old, if that was not done today; how many interactions that were.

    What has become private loses its texts every time.
    """
    strike_out(means, now)
    with means.database.transaction() as session:
        at = facts.fact_at(session, _FACT)
        if at is not None and now - at < EVERY:
            return 0
        facts.keep_fact(session, _FACT, True, now)
        lines = forgetting.forget_log(session, now - means.settings.retention.sync_log)
        credits.forget_bookings(session, now - _BOOKINGS)
    before = now - kept_for(means.settings)
    forgotten, pushed = _interactions(means, before), _pushed(means, before)
    if forgotten or lines or pushed:
        what = f"{forgotten} interactions and {lines} lines of this log"
        text = f"{what} were older than retention says: forgotten{pushed}"
        with means.database.transaction() as session:
            sync_log.append(session, now, "in", "tidied", text, run=run)
    return forgotten


def _pushed(means: Means, before: datetime) -> str:
    """The same for the files of what was pushed; what came of it, for the log."""
    try:
        rows = sum(one.shorten(before) for one in means.stored)
    except SignInAgain as failure:
        return f". Pushed rows of that age could not be removed: {failure.why}"
    return f", with {rows} pushed rows" if rows else ""


def kept_for(settings: Settings) -> timedelta:
    """How long interactions are kept: what sources still show is not forgotten, it would only come back."""
    return max(settings.retention.interactions, LOOK_BACK, settings.first_sync, settings.matching.retroactive)


def _interactions(means: Means, before: datetime) -> int:
    forgotten = 0
    while True:
        with means.database.transaction() as session:
            keys = forgetting.old_interactions(session, before, _AT_ONCE)
            forgetting.forget_interactions(session, keys)
        forgotten += len(keys)
        if len(keys) < _AT_ONCE or means.pause(0):
            return forgotten
