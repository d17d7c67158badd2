"""What has become private: its texts go from the database, and from the bytes of its files, too."""

from __future__ import annotations

from datetime import datetime, timedelta

from activity_sync.steps.means import Means
from activity_sync.store import facts, privacy
from activity_sync.store.failures import StoreFailure

_SCRUB = "to scrub"
_SCRUBBED = "scrubbed"
_FELT = timedelta(seconds=1)  # what takes less is done every time
_REST = 300  # times as long as it took, before it is done again


def strike_out(means: Means, now: datetime) -> None:
    """Strike out what was noted. Where files are big they are written anew at times only: nobody can write meanwhile.

    Until then they hold single leavings of it at most (see `store.scrubbing`).
    """
    with means.database.reading() as session:
        noted, wanted = privacy.noted(session), facts.fact(session, _SCRUB)
    if noted:
        with means.database.transaction() as session:
            wanted = bool(privacy.strike(session, noted, now)) or wanted
            facts.keep_fact(session, _SCRUB, wanted, now)
    if wanted:
        try:
            _scrub(means, now)
        except StoreFailure:
            return  # somebody else writes or reads for long: the next round does it


def _scrub(means: Means, now: datetime) -> None:
    if not _has_rested(means, now):
        means.database.empty_journal()
        return
    started = means.now()
    means.database.scrub(*privacy.TABLES)
    took = means.now() - started
    with means.database.transaction() as session:
        facts.keep_fact(session, _SCRUB, False, now)
        facts.keep_fact(session, _SCRUBBED, took.total_seconds(), now)


def _has_rested(means: Means, now: datetime) -> bool:
    with means.database.reading() as session:
        seconds, last = facts.dated_fact(session, _SCRUBBED)
    if last is None:
        return True
    took = timedelta(seconds=seconds)
    return took < _FELT or now - last >= _REST * took
