"""The bad lines of a file, written beside it as `<name>.rejects`: line number and reason, nothing of the row."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from activity_sync.model.ports import Unreadable


def write_rejects(path: Path, bad: Sequence[Unreadable]) -> None:
    """The bad lines of a whole file, in place of those of an earlier reading. They are in the log too: a folder that
    may not be written to is no failure."""
    target = _target(path)
    with suppress(OSError):
        if bad:
            target.write_text("".join(_line(one) for one in bad), encoding="utf-8")
        else:
            target.unlink(missing_ok=True)


def add_rejects(path: Path, bad: Sequence[Unreadable], *, anew: bool) -> None:
    """The bad lines of what was added to a file. Those of a reading that was killed are there already."""
    if anew:
        write_rejects(path, bad)
        return
    target = _target(path)
    with suppress(OSError):
        there = target.read_text(encoding="utf-8") if target.exists() else ""
        fresh = [line for one in bad if (line := _line(one)) not in there]
        if fresh:
            target.write_text(there + "".join(fresh), encoding="utf-8")


def _target(path: Path) -> Path:
    return path.with_name(f"{path.name}.rejects")


def _line(bad: Unreadable) -> str:
    return f"{bad.where.rpartition(':')[2]}: {bad.why}\n"
