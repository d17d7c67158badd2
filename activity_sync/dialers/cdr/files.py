"""What the sources that read files have in common."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from activity_sync.dialers.cdr.cursor import read_places, written
from activity_sync.dialers.cdr.growing import Files, Line, paths
from activity_sync.model.call_window import is_inside
from activity_sync.model.failures import SignInAgain
from activity_sync.model.interactions import CallLeg
from activity_sync.model.ports import Changes, Span, Unreadable

Translate = Callable[[Iterable[Line]], Iterable[CallLeg | Unreadable]]
"""From the new lines to what they tell."""


def read_files(pattern: str, cursor: str, span: Span, translate: Translate) -> Changes:
    """What was added to the files since the cursor. Raises SignInAgain, StartOver."""
    files = Files(pattern, read_places(cursor), span.oldest)
    legs, unreadable = list[CallLeg](), list[Unreadable]()
    with _readable(pattern):
        for one in translate(files.lines()):
            if isinstance(one, Unreadable):
                unreadable.append(one)
            elif is_inside(one.started, span):
                legs.append(one)
    return Changes(sightings=legs, unreadable=unreadable, cursor=written(files.now_at))


def probe_files(pattern: str) -> str:
    """Opens each file. Raises SignInAgain."""
    with _readable(pattern):
        found = paths(pattern)
        for path in found:
            with path.open("rb"):
                pass
    if not found:
        return f"{pattern} does not exist yet"
    return f"{len(found)} files fit {pattern}" if len(found) > 1 else f"{found[0]} can be read"


@contextmanager
def _readable(pattern: str) -> Iterator[None]:
    """A path that the system refuses is a person's to mend."""
    try:
        yield
    except OSError as error:
        raise SignInAgain(f"{pattern} cannot be read ({error.strerror}).", "Let this program's user read it.") from None
