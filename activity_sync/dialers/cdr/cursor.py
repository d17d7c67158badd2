"""How far each file has been read. All of it is stored with what was read, or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import orjson

from activity_sync.model.failures import StartOver


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """In one file: its `inode`, the `offset` and `lines` read, `head`, a hash of its beginning, and the `width` of its
    lines in cells (0: not known)."""

    inode: int
    offset: int = 0
    lines: int = 0
    head: str = ""
    width: int = 0


def written(places: Sequence[Place]) -> str:
    """The cursor that says this."""
    rows = [[one.inode, one.offset, one.lines, one.head, one.width] for one in places]
    return orjson.dumps({"files": rows}).decode()


def read_places(cursor: str) -> list[Place]:
    """What a cursor says; nothing for "". Raises StartOver for one that is not ours."""
    if not cursor:
        return []
    try:
        return [_place(*row) for row in orjson.loads(cursor)["files"]]
    except (ValueError, TypeError, KeyError):
        raise StartOver("The cursor is not one of this dialer's.") from None


def _place(inode: int, offset: int, lines: int, head: str, width: int) -> Place:
    return Place(inode=int(inode), offset=int(offset), lines=int(lines), head=str(head), width=int(width))
