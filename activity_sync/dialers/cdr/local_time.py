"""Times without a zone, as telephone systems write them (dialers.md 10.1, 10.2). Pure."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, tzinfo

from activity_sync.model.wire import NoCall

_NEAR = timedelta(seconds=120)
_FORMS = re.compile(r"(\d{4})[-/](\d\d?)[-/](\d\d?)[ T](\d\d?):(\d\d):(\d\d)(?:\.\d+)?(Z|[+-]\d\d:?\d\d)?")
_EPOCH = re.compile(r"(?:.*-)?(\d{9,10})\.\d+")


def moment(told: object, zone: tzinfo, name: str, near: datetime | None = None) -> datetime | None:
    """A time in UTC; None when it is not given. Raises NoCall for anything else.

    `zone`: the telephone system's. `near`: about when it was, where that is known: it decides whether the system
    writes UTC after all, and between the two hours of a change of clocks.
    """
    if told is None or told == "":
        return None
    at = _read(told, name)
    if at.tzinfo is not None:
        return at.astimezone(UTC)
    local = at.replace(tzinfo=zone).astimezone(UTC)
    meant = (local, at.replace(tzinfo=zone, fold=1).astimezone(UTC), at.replace(tzinfo=UTC))
    return next((one for one in meant if near and abs(one - near) <= _NEAR), local)


def epoch_in(unique_id: str) -> datetime | None:
    """When the channel with this id was made: Asterisk puts that into it. None when it does not."""
    found = _EPOCH.fullmatch(unique_id)
    return datetime.fromtimestamp(int(found[1]), UTC) if found else None


def _read(told: object, name: str) -> datetime:
    if isinstance(told, datetime):
        return told
    found = _FORMS.fullmatch(str(told).strip())
    try:
        if found:
            at = datetime(*(int(part) for part in found.groups()[:6]))  # type: ignore[arg-type]  # noqa: DTZ001 - local
            return at.replace(tzinfo=_offset(found[7])) if found[7] else at
    except ValueError:
        pass
    raise NoCall(f"its {name} is no time")


def _offset(told: str) -> tzinfo | None:
    return UTC if told == "Z" else datetime.strptime(told, "%z").tzinfo
