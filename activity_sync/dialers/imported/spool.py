"""A folder into which files are put. How none is lost and none is read twice:

1. A reading hands over the rows of the waiting files and, in its cursor, the names and states of these files.
2. Rows and cursor are stored in one transaction. Killed before: the old cursor stands, the files are still there.
3. The next reading finds those files in its cursor, so they are stored: it moves them to `done/`. One that changed
   since is no longer what was read: it is read again, as a whole. Rows that did not change stop at the fingerprint.
4. A file in `done/` that the cursor does not account for (an older cursor came back with a backup) is read again too.
"""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Mapping
from pathlib import Path

from activity_sync.dialers.imported.cursor import Stamp

DONE = "done"
QUIET = 5.0
"""A file that did not grow for so many seconds is closed."""

_TICK = 0.2
_UNFINISHED = (".tmp", ".part", ".partial", ".swp", ".crdownload", ".rejects")


def stamp(path: Path) -> Stamp | None:
    """The state of a regular file; None when there is none."""
    try:
        told = path.stat()
    except OSError:
        return None
    return (told.st_ino, told.st_size, told.st_mtime_ns) if stat.S_ISREG(told.st_mode) else None


def waiting(folder: Path, handed: Mapping[str, Stamp]) -> list[Path]:
    """The files to read, oldest first: closed ones with a final name that were not handed over in this very state."""
    there = {path: seen for path in final(folder) if (seen := stamp(path)) and handed.get(path.name) != seen}
    ready = _closed(there)
    return sorted(ready, key=lambda path: (there[path][2], path.name))


def unknown(folder: Path, handed: Mapping[str, Stamp], moved: int) -> list[Path]:
    """The files in `done/` of which this cursor knows nothing, oldest first: moved there after `moved`, and not by it.

    There are some for whoever starts from nothing, and after a database was restored from a backup.
    """
    known = set(handed.values())
    there = {path: seen for path in final(folder / DONE) if (seen := stamp(path)) and seen not in known}
    later = [path for path in there if _moved_at(path) > moved]
    return sorted(later, key=lambda path: (there[path][2], path.name))


def name_of(path: Path, folder: Path) -> str:
    """What a cursor calls a file of the folder: its name, or with `done/` before it."""
    return f"{DONE}/{path.name}" if path.parent == folder / DONE else path.name


def is_done(name: str) -> bool:
    """Whether a cursor means a file that lies in `done/`."""
    return name.startswith(f"{DONE}/")


def last_moved(folder: Path) -> int:
    """When the last file came into `done/`, ns."""
    return max((_moved_at(path) for path in final(folder / DONE)), default=0)


def put_away(folder: Path, handed: Mapping[str, Stamp]) -> dict[str, Stamp]:
    """Move what was handed over to `done/`; gives what the cursor has to know of it: what could not be moved by its
    name, what lies in `done/` now as such."""
    known: dict[str, Stamp] = {}
    for name, seen in handed.items():
        path = folder / name
        stays = stamp(path) == seen and not is_done(name) and not _move(path, seen)
        known[name if stays else f"{DONE}//{name}"] = seen
    return known


def _move(path: Path, seen: Stamp) -> bool:
    """Whether it is away. A file that took this one's place at the last moment is put back."""
    target = _free(path.parent / DONE / path.name)
    try:
        target.parent.mkdir(exist_ok=True)
        path.rename(target)
        if stamp(target) != seen:
            target.rename(_free(path))
    except OSError:
        return False
    return True


def _moved_at(path: Path) -> int:
    """A rename sets the time at which the file's entry was changed."""
    try:
        return path.stat().st_ctime_ns
    except OSError:
        return 0


def _free(path: Path) -> Path:
    """The path, or the same with a number when it is taken."""
    number, free = 1, path
    while os.path.lexists(free):
        number += 1
        free = path.with_name(f"{path.stem}.{number}{path.suffix}")
    return free


def final(folder: Path) -> list[Path]:
    """Whatever in the folder is a file with a final name."""
    try:
        paths = sorted(folder.iterdir())
    except FileNotFoundError:
        return []
    named = (path for path in paths if not path.name.startswith((".", "~")))
    return [path for path in named if not path.name.casefold().endswith(_UNFINISHED) and path.is_file()]


def _closed(there: Mapping[Path, Stamp]) -> list[Path]:
    """Those to which nothing is being added. A young one is watched for a moment: its writer may not rename."""
    ready = [path for path, seen in there.items() if not _is_young(seen)]
    watched = [path for path in there if path not in ready]
    until = time.monotonic() + QUIET
    while watched and time.monotonic() < until:
        time.sleep(_TICK)
        watched = [path for path in watched if stamp(path) == there[path]]
        closed = [path for path in watched if not _is_young(there[path]) or _ends_well(path)]
        ready += closed
        watched = [path for path in watched if path not in closed]
    return ready


def _is_young(seen: Stamp) -> bool:
    return abs(time.time() - seen[2] / 1e9) < QUIET


def _ends_well(path: Path) -> bool:
    """Whether the last line looks whole."""
    try:
        with path.open("rb") as stream:
            stream.seek(max(0, path.stat().st_size - 16))
            return stream.read().rstrip(b" ").endswith((b"\n", b"}"))
    except OSError:
        return False
