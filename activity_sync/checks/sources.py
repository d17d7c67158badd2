"""Does a calendar or dialer let us read?"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from activity_sync.checks.check import Check, bad, good, refused
from activity_sync.model.failures import ConnectionFailure
from activity_sync.model.ports import Source
from activity_sync.model.records import User

_AT_ONCE = 4
_MOST_NAMED = 5


def source_check(source: Source, users: Sequence[User], about: str) -> Check:
    """One line for a connection, however many calendars it has; each that fails is named."""
    name = f"{about} {source.name}"
    try:
        parts = source.parts(users)
    except ConnectionFailure as failure:
        return refused(name, failure, about)
    if not parts:
        return bad(name, "has no calendar to read: no active Zoho user is known", "List addresses in `reps`.", about)
    with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="probe") as pool:
        found = dict(zip(parts, pool.map(lambda part: _probe(source, part), parts), strict=True))
    failed = {part: said for part, said in found.items() if isinstance(said, ConnectionFailure)}
    if not failed:
        return good(name, _fine(list(found.values())), about=about)
    if len(failed) == len(parts):
        first = next(iter(failed.values()))
        return refused(name, type(first)(_failures(failed), first.next_step), about)
    hint = next((one.next_step for one in failed.values() if one.next_step), "")
    share = f"{len(parts) - len(failed)} of {len(parts)} calendars can be read"
    return bad(name, f"{share}; {_failures(failed)}", hint, about)


def _probe(source: Source, part: str) -> str | ConnectionFailure:
    try:
        return source.probe(part)
    except ConnectionFailure as failure:
        return failure


def _fine(said: Sequence[str | ConnectionFailure]) -> str:
    if len(said) == 1:
        return str(said[0])
    hidden = [str(one) for one in said if "hidden" in str(one)]
    more = f"; {'; '.join(hidden[:_MOST_NAMED])}" if hidden else ""
    return f"all {len(said)} calendars can be read{more}"


def _failures(failed: dict[str, ConnectionFailure]) -> str:
    """Each reason once, with the reps that it holds for."""
    reasons: dict[str, list[str]] = {}
    for part, failure in failed.items():
        reasons.setdefault(failure.why, []).append(part)
    return "; ".join(_reason(why, parts) for why, parts in reasons.items())


def _reason(why: str, parts: Sequence[str]) -> str:
    named = [part for part in parts if part and part not in why]
    more = f" and {len(named) - _MOST_NAMED} more" if len(named) > _MOST_NAMED else ""
    return f"{', '.join(named[:_MOST_NAMED])}{more}: {why}" if named else why
