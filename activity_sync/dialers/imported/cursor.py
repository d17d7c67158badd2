"""How far an import has been read. All of it is stored with what was read, or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import orjson

from activity_sync.dialers.imported.rows import Rank
from activity_sync.model.failures import StartOver

_MOST_RANKS = 5_000

Stamp = tuple[int, int, int]
"""What tells one file, and one state of it, from another: inode, size, time of the last change (ns)."""


Partly = tuple[str, Stamp, int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """Of a folder: `handed`, the files that were handed over last, by name; `moved`, when the last one that was stored
    was moved to `done/` (ns). Of one file: `inode`, the `offset` and
    `lines` read, and `head`, a hash of its beginning. `ranks`: of the rows that had one, by id, newest last.
    `partly`: of a folder, the file of which only a part was read: its name, state, and the bytes and lines read.
    `pushed`: the same of the file with the rows that came by webhook. `more`: the reading was a portion, and whether it
    was stored is not sure (a preview stores nothing): nothing is moved before the last one."""

    handed: Mapping[str, Stamp] = field(default_factory=dict)
    moved: int = 0
    inode: int = 0
    offset: int = 0
    lines: int = 0
    head: str = ""
    ranks: Mapping[str, Rank] = field(default_factory=dict)
    pushed: Cursor | None = None
    partly: Partly | None = None
    more: bool = False

    def __str__(self) -> str:
        told: dict[str, Any] = asdict(self)
        told["ranks"] = dict(list(self.ranks.items())[-_MOST_RANKS:])
        return orjson.dumps(told).decode()


def read_cursor(cursor: str) -> Cursor:
    """The cursor that was handed out; an empty one for "". Raises StartOver for anything else."""
    if not cursor:
        return Cursor()
    try:
        return _cursor(orjson.loads(cursor))
    except (ValueError, TypeError, KeyError, AttributeError):
        raise StartOver("The cursor is not one of this import's.") from None


def _cursor(told: Any) -> Cursor:
    pushed, partly = told.get("pushed"), told.get("partly")
    return Cursor(
        handed={str(name): _stamp(stamp) for name, stamp in told["handed"].items()},
        moved=int(told["moved"]),
        inode=int(told["inode"]),
        offset=int(told["offset"]),
        lines=int(told["lines"]),
        head=str(told["head"]),
        ranks={str(name): (float(version), float(at)) for name, (version, at) in told["ranks"].items()},
        more=bool(told.get("more")),
        pushed=None if pushed is None else _cursor(pushed),
        partly=None if partly is None else (str(partly[0]), _stamp(partly[1]), int(partly[2]), int(partly[3])),
    )


def _stamp(value: Any) -> Stamp:
    inode, size, changed = value
    return int(inode), int(size), int(changed)
