"""Occurrences of which a listing shows only when they are: the rest is asked for (calendars.md C5)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from activity_sync.model.members import Holder, identity, text

_SAYS = ("subject", "organizer", "attendees", "iCalUId")

Ask = Callable[[Sequence[str]], Mapping[str, Holder | None]]
"""The events with these ids; None: there is none."""


def filled(events: Iterable[object], ask: Ask) -> list[object]:
    """The events, each stub of an occurrence as its event shows it.

    What cannot be asked for alone has everything but its times from its series; a stub without a series is left out.
    """
    listed = list(events)
    stubs = {identity(one, "id"): one for one in listed if isinstance(one, dict) and _is_stub(one)}
    if not stubs:
        return listed
    found = ask(list(stubs))
    orphans = {name: text(stub, "seriesMasterId") for name, stub in stubs.items() if not found.get(name)}
    series = ask(sorted({master for master in orphans.values() if master})) if any(orphans.values()) else {}
    whole: dict[str, Holder | None] = {
        name: found.get(name) or _from_series(stub, series.get(orphans[name])) for name, stub in stubs.items()
    }
    kept = [one for one in listed if not (isinstance(one, dict) and _is_stub(one))]
    return [*kept, *(one for one in whole.values() if one is not None)]


def _is_stub(event: Holder) -> bool:
    return text(event, "type") == "occurrence" and bool(identity(event, "id")) and not any(n in event for n in _SAYS)


def _from_series(stub: Holder, master: Holder | None) -> Holder | None:
    return {**master, "recurrence": None, **stub} if master else None
