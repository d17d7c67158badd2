"""A person agrees that what Zoho no longer shows has gone: a held module is followed again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from activity_sync.model.records import Module
from activity_sync.steps.compare import want
from activity_sync.steps.means import Means
from activity_sync.steps.progress import USERS, agree, held


def agree_to(means: Means, names: Iterable[str], now: datetime) -> Sequence[str]:
    """Note the agreement; the next round acts on it. `names`: modules, or USERS, in any case of letters.

    Gives those that are not held: nothing is noted then.
    """
    with means.database.transaction() as session:
        stopped = {name.casefold(): name for name in held(session)}
        strange = [name for name in names if name.casefold() not in stopped]
        if strange:
            return strange
        chosen = [stopped[name.casefold()] for name in names]
        for name in chosen:
            agree(session, name, now)
    want(means, [Module(name) for name in chosen if name != USERS], now)
    return []
