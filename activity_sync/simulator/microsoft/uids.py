"""Global object ids: Exchange's own uids, and its wrapping of foreign ones (calendars.md F2)."""

from __future__ import annotations

import secrets
from datetime import date

_PREFIX = "040000008200E00074C5B7101A82E008"


def new_uid() -> str:
    """The uid of a meeting that Exchange made."""
    return _with_data(f"{secrets.randbits(56):014X}DA"[:16], secrets.token_bytes(16))


def wrapped(uid: str) -> str:
    """A foreign uid as Exchange may keep it."""
    return _with_data("0" * 16, b"vCal-Uid\x01\x00\x00\x00" + uid.encode() + b"\x00")


def of_day(uid: str, day: date) -> str:
    """The uid of one occurrence: the series' with its day written in, where it is one of Exchange's form."""
    if not uid.startswith(_PREFIX):
        return uid
    return f"{uid[:32]}{day.year:04X}{day.month:02X}{day.day:02X}{uid[40:]}"


def _with_data(made: str, data: bytes) -> str:
    return f"{_PREFIX}{'0' * 8}{made}{'0' * 16}{len(data).to_bytes(4, 'little').hex().upper()}{data.hex().upper()}"
