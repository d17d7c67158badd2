"""Numbers as people type them into a phone field: several at once, with an extension, or no number at all."""

from __future__ import annotations

import re
from collections.abc import Sequence
from importlib.metadata import version

from activity_sync.model.numbers import Key, NumberKind, plain_number, read_number

RULES = 1
"""To be counted up whenever numbers are read otherwise: what is stored is then indexed again."""

_A_DIGIT = re.compile(r"\d")
_BETWEEN = re.compile(r"\s*(?:[|\n]|\bor\b|\band\b|&)\s*", re.IGNORECASE)
_MAYBE = re.compile(r"\s*[,;/]\s*")
_EXTENSION = re.compile(r"(?:\s*[,;#])+\s*(\d{1,6})\s*#?\s*$")
_FULL = 7

_MARK = r"(?:x|ext\.?|extension|#)"
_SEVERAL = re.compile(
    rf"(?P<number>.*?)\s*{_MARK}\s*(?P<all>\d{{1,6}}(?:\s*(?:[,;/&]|\bor\b|\band\b)\s*{_MARK}?\s*\d{{1,6}})+)\s*",
    re.IGNORECASE,
)
"""One number with several extensions behind it."""


def reading() -> str:
    """By what numbers are read: our rules, and libphonenumber's release, whose data changes with every one."""
    return f"{RULES} {version('phonenumbers')}"


def keys_in(text: str, region: str) -> Sequence[Key]:
    """Under what the numbers of one field are found, each once; text that is no number gives nothing.

    A comma, semicolon or # before few digits begins an extension (zoho.md 5.3); a slash is part of a number unless
    a whole number stands on both sides. `region` (ISO 3166) stands in where no country code is given.
    """
    plain = None if "/" in text else plain_number(text, region)
    if plain:
        return (plain,)
    return tuple(dict.fromkeys(_keys_of_pieces(text, region))) if _A_DIGIT.search(text) else ()


def _keys_of_pieces(text: str, region: str) -> list[Key]:
    several = _SEVERAL.fullmatch(text)
    if several:
        extensions = re.findall(r"\d+", several["all"])
        return [key for one in extensions for key in _keys_of_piece(f"{several['number']} x{one}", region)]
    return [key for piece in _BETWEEN.split(text) for key in _keys_of_piece(piece, region)]


def _keys_of_piece(piece: str, region: str) -> list[Key]:
    parts = _MAYBE.split(piece)
    if len(parts) > 1 and all(_digits(part) >= _FULL for part in parts):
        return _keys_of_parts(parts, region)
    return _keys_of_parts([piece], region) or _keys_of_parts(parts, region)


def _keys_of_parts(parts: list[str], region: str) -> list[Key]:
    read = [read_number(_EXTENSION.sub(r" ext. \1", part), region) for part in parts if part.strip()]
    return [(number.e164, number.extension) for number in read if number.kind is NumberKind.E164]


def _digits(text: str) -> int:
    return sum(character.isdigit() for character in text)
