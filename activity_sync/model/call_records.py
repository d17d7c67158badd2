"""A dialer's records, one by one, to call legs. One that cannot be read fails alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from activity_sync.model.interactions import CallLeg
from activity_sync.model.ports import Changes, Unreadable
from activity_sync.model.wire import NoCall, Wire

Named = Callable[[object], str]
"""From a record to its id. Raises NoCall without one."""

Translated = Callable[[Wire], CallLeg]
"""From a record to a leg. Raises NoCall."""


def each_once(records: Iterable[object], named: Named) -> Iterator[object]:
    """Every record once, as it came last: a page may repeat what a new call pushed down."""
    kept: dict[Any, object] = {}
    for number, record in enumerate(records):
        kept[_name(record, named) or number] = record
    yield from kept.values()


def read_each(records: Iterable[object], named: Named, translate: Translated) -> Iterator[CallLeg | Unreadable]:
    """A leg for every record, or why there is none."""
    for record in each_once(records, named):
        yield _read(record, named, translate)


def looked_up(found: Mapping[str, object | None], named: Named, translate: Translated) -> Changes:
    """The same for records that were asked for one by one, by their ids; None: it is not there (any more)."""
    read = [_read(record, named, translate) for record in found.values() if record is not None]
    return Changes(
        sightings=[one for one in read if isinstance(one, CallLeg) and one.final],
        gone=[native for native, record in found.items() if record is None],
        unreadable=[one for one in read if isinstance(one, Unreadable)],
    )


def _read(record: object, named: Named, translate: Translated) -> CallLeg | Unreadable:
    if not isinstance(record, Mapping):
        return Unreadable("a call", "it is no call")
    try:
        return translate(record)
    except NoCall as reason:
        name = _name(record, named)
        return Unreadable(f"call {name}" if name else "a call", str(reason))


def _name(record: object, named: Named) -> str:
    try:
        return named(record)
    except NoCall:
        return ""
