"""What has become private: its texts go from the database, and from the bytes of its files, too."""

from __future__ import annotations

from datetime import datetime, timedelta

from activity_sync.steps.means import Means
from activity_sync.store import facts, privacy
from activity_sync.store.failures import StoreFailure

_EVERY = timedelta(days=1)
_SCRUB = "to scrub"
_SCRUBBED = "scrubbed"


def strike_out(means: Means, now: datetime) -> None:
    """Strike out what was noted. Files are written anew once a day at most, for that takes long when they are big."""
    with means.database.reading() as session:
        noted, wanted = privacy.noted(session), facts.fact(session, _SCRUB)
        last = facts.fact_at(session, _SCRUBBED) if wanted or noted else None
    if noted:
        with means.database.transaction() as session:
            if privacy.strike(session, noted, now):
                facts.keep_fact(session, _SCRUB, True, now)
                wanted = True
    if wanted and (last is None or now - last >= _EVERY):
        _scrub(means, now)


def _scrub(means: Means, now: datetime) -> None:
    try:
        means.database.scrub()
    except StoreFailure:
        return  # somebody else writes for long: the next round does it
    with means.database.transaction() as session:
        facts.keep_fact(session, _SCRUB, False, now)
        facts.keep_fact(session, _SCRUBBED, True, now)
