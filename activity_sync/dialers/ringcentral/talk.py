"""Who talked how long in a record, by its legs (dialers.md 3.5). Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from activity_sync.dialers.ringcentral.outcomes import is_connected
from activity_sync.dialers.ringcentral.people import People
from activity_sync.model.interactions import RepShare
from activity_sync.model.wire import NoCall, Wire, inner, inner_list, iso_moment, text, whole_seconds

_Stretch = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class _Part:
    """One rep on one leg. `master`: the leg that stands for the whole call."""

    email: str
    master: bool
    connected: bool
    start: datetime
    end: datetime


def to_shares(record: Wire, people: People, *, internal: bool) -> tuple[RepShare, ...]:
    """Who talked or rang, in the order of the legs. Raises NoCall for times that are none."""
    parts = _parts(record, people, internal=internal)
    parts = _without_whole(parts)
    return tuple(_share(email, parts) for email in dict.fromkeys(part.email for part in parts))


def talk_seconds(record: Wire, shares: Iterable[RepShare]) -> int:
    """Talk of our people where it is known who talked, else as long as the call took."""
    total = whole_seconds(record, "duration")
    return min(total, sum(share.talk_seconds for share in shares)) or total


def legs_of(record: Wire) -> Sequence[Wire]:
    """The legs; the record itself stands for them where none are told."""
    return inner_list(record, "legs") or [record]


def extension_of(leg: Wire) -> tuple[str, str]:
    """Id and number of our extension on a leg: as told, else of our end of it."""
    told = text(inner(leg, "extension"), "id")
    ours = inner(leg, "to" if text(leg, "direction") == "Inbound" else "from")
    return told or text(ours, "extensionId"), "" if told else text(ours, "extensionNumber")


def _parts(record: Wire, people: People, *, internal: bool) -> list[_Part]:
    legs = legs_of(record)
    return [part for leg in legs for part in _leg_parts(record, leg, people, internal=internal, alone=len(legs) == 1)]


def _leg_parts(record: Wire, leg: Wire, people: People, *, internal: bool, alone: bool) -> Iterator[_Part]:
    start = iso_moment(leg, "startTime") or iso_moment(record, "startTime")
    if start is None:
        raise NoCall("it has no startTime")
    ends = [extension_of(leg)]
    if internal:
        parties = (inner(leg, "from"), inner(leg, "to"))
        ends += [(text(party, "extensionId"), text(party, "extensionNumber")) for party in parties]
    master = leg.get("master") is True or alone
    end = start + timedelta(seconds=whole_seconds(leg, "duration"))
    for email in dict.fromkeys(people.rep(*one) for one in ends):
        if email:
            yield _Part(email, master, is_connected(text(leg, "result")), start, end)


def _without_whole(parts: Sequence[_Part]) -> list[_Part]:
    """The master leg covers menus, ringing and whatever came after a transfer.

    So it counts for nobody who has a leg of his or her own, and ends where another rep took over.
    """
    own = {part.email for part in parts if not part.master}
    kept = []
    for part in parts:
        if not part.master:
            kept.append(part)
        elif part.email not in own:
            others = [one.start for one in parts if not one.master and one.connected]
            kept.append(replace(part, end=max(part.start, min([part.end, *others]))))
    return kept


def _share(email: str, parts: Sequence[_Part]) -> RepShare:
    talks = sorted((part.start, part.end) for part in parts if part.email == email and part.connected)
    last = max((end for _, end in talks), default=None)
    return RepShare(email=email, talk_seconds=_covered(talks), last_at=last)


def _covered(stretches: Sequence[_Stretch]) -> int:
    """Seconds in any of these: a desk telephone and a mobile may both have a leg of the same talk."""
    total, reached = timedelta(), datetime.min.replace(tzinfo=UTC)
    for start, end in stretches:
        total += max(end - max(start, reached), timedelta())
        reached = max(reached, end)
    return int(total.total_seconds())
