"""What writes cost in credits, looks before them included (zoho.md 2.2)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from activity_sync.model.records import ACTIVITIES, NEW
from activity_sync.model.writes import Op, Write
from activity_sync.rules.planning import ACTIVITY

_TOGETHER = 5
"""So many writes of any kind go in one Composite request."""

_ROWS, _READ, _ASKED = 10, 200, 20
"""For one credit: rows written of one kind, records read before they are changed, newcomers asked for."""


def price(writes: Sequence[Write], *, adopting: bool = False) -> int:
    """What these writes cost. What goes on a record that is still to be made is sent after it. `adopting`: a look for
    what others logged before each ten."""
    return sum(_together(turn, adopting=adopting) for turn in _turns(writes))


def _turns(writes: Sequence[Write]) -> Iterable[list[Write]]:
    """The writes in the order in which they can be sent: companies, then their people, then what goes on these."""
    making = {write.record_key for write in writes if write.op is Op.CREATE and write.module not in ACTIVITIES}
    left = list(writes)
    while left:
        waiting = [write for write in left if making and _named(write.fields) & making]
        if len(waiting) == len(left):
            waiting = []  # nobody makes what they name: they go as they are
        now = left if not waiting else [write for write in left if not _named(write.fields) & making]
        yield now
        making -= {write.record_key for write in now}
        left = waiting


def _named(fields: Mapping[str, Any]) -> set[str]:
    """The record keys of what is still to be made that these fields name."""
    ids = (str(value.get("id", "")) for value in fields.values() if isinstance(value, Mapping))
    return {one.removeprefix(NEW) for one in ids if one.startswith(NEW)}


def _together(writes: Sequence[Write], *, adopting: bool) -> int:
    """One that must not meet a later change goes alone, after a look of its own."""
    free = [write for write in writes if write.unless_changed_since is None]
    few = 0 < len(free) <= _TOGETHER
    sending = 1 if few else _by(_ROWS, (f"{write.module} {write.op}" for write in free))
    newcomers = sum(write.op is Op.CREATE and write.module not in ACTIVITIES for write in free)
    sending += _portions(newcomers, _ASKED)
    if adopting:
        making = [write.module for write in free if write.op is Op.CREATE and write.slot == ACTIVITY]
        sending += bool(making) if few else _by(_ROWS, making)
    looks = _by(_READ, (write.module for write in free if write.op is not Op.CREATE))
    return sending + looks + 2 * (len(writes) - len(free))


def _by(size: int, kinds: Iterable[str]) -> int:
    return sum(_portions(count, size) for count in Counter(kinds).values())


def _portions(count: int, size: int) -> int:
    return -(-count // size)
