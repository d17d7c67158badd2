"""What is at an end of a record, by its channel: `PJSIP/201-0000001b`, `Local/201@from-queue-3f;2`. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from activity_sync.model.our_ends import OurEnds

_LOCAL = re.compile(r"Local/(?P<name>[^@;]*)(?:@(?P<rest>[^;]*))?(?:;(?P<half>[12]))?", re.IGNORECASE)
_FOLLOWED = re.compile(r"(?:[A-Z]+-)?(\+?\d+)#?")
_NUMBER = re.compile(r"\+?\d+")
_LONGEST = 6
_CERTAIN = 4


class End(Enum):
    """One of ours, a line to the outside, one half of a channel inside Asterisk, or nothing."""

    EXTENSION = "extension"
    TRUNK = "trunk"
    LOCAL = "local"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Channel:
    """`name`: the extension, or for whom a local one was made. `pair`: what both halves of a local one share."""

    end: End
    name: str = ""
    pair: str = ""


def to_channel(told: str, ends: OurEnds, *numbers: str) -> Channel:
    """`numbers`: what the record says was called or calling; a longer name is an extension only when it is one."""
    if not told:
        return Channel(End.NOBODY)
    local = _LOCAL.fullmatch(told)
    if local:
        inside = _FOLLOWED.fullmatch(local["name"])
        return Channel(End.LOCAL, inside[1] if inside else local["name"], told.partition(";")[0])
    device = told.rpartition("-")[0] or told
    name = device.rpartition("/")[2]
    known = ends.extension_rep(name) or ends.extension_rep(device)
    ours = bool(known) or (is_short(name) and (len(name) <= _CERTAIN or name in numbers))
    return Channel(End.EXTENSION if ours else End.TRUNK, name if not known or ends.extension_rep(name) else device)


def is_short(number: str) -> bool:
    """Whether it can be an extension: digits, and few."""
    return bool(_NUMBER.fullmatch(number)) and len(number) <= _LONGEST and not number.startswith("+")
