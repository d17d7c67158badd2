"""Numbers as people type them into a phone field: several at once, with an extension, or no number at all."""

from __future__ import annotations

import re
from collections.abc import Iterator

from activity_sync.model.addresses import Number, NumberKind, read_number

_BETWEEN = re.compile(r"\s*(?:[|\n]|\bor\b|\band\b|&)\s*", re.IGNORECASE)
_MAYBE = re.compile(r"\s*[,;/]\s*")
_EXTENSION = re.compile(r"\s*[,;#]+\s*(\d{1,6})\s*$")
_FULL = 7


def numbers_in(text: str, region: str) -> Iterator[Number]:
    """The numbers of one field that can be compared; text that is none gives nothing.

    A comma, semicolon or # before few digits begins an extension (zoho.md 5.3); a slash is part of a number unless
    a whole number stands on both sides.
    """
    for piece in _BETWEEN.split(text):
        parts = _MAYBE.split(piece)
        if len(parts) > 1 and all(_digits(part) >= _FULL for part in parts):
            yield from _read_all(parts, region)
        else:
            yield from _read_all([piece], region) or _read_all(parts, region)


def _read_all(parts: list[str], region: str) -> list[Number]:
    read = [read_number(_EXTENSION.sub(r" ext. \1", part), region) for part in parts if part.strip()]
    return [number for number in read if number.kind is NumberKind.E164]


def _digits(text: str) -> int:
    return sum(character.isdigit() for character in text)
