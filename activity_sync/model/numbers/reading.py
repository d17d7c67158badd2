"""A number as somebody wrote it, and what it is for us."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum
from functools import lru_cache

from activity_sync.model.light import light_dataclass
from activity_sync.model.numbers.canonical import COUNTRIES, settled
from activity_sync.model.numbers.library import LOCAL, WHOLE
from activity_sync.model.numbers.plain import bare, number_and_extension, said, said_of_digits
from activity_sync.model.numbers.plans import BY_REGION, BY_START, FEW_DIGITS

Key = tuple[str, str]
"""Under what a number is found: its E.164 form, and its extension ("" without one)."""


class NumberKind(StrEnum):
    """What a caller's number turned out to be."""

    E164 = "e164"
    WITHHELD = "withheld"
    SHORT = "short"
    UNPARSABLE = "unparsable"


@light_dataclass(frozen=True, slots=True)
class Number:
    """A telephone number as it came and as it is compared. `e164` and `extension` are "" unless `kind` is E164."""

    raw: str
    kind: NumberKind
    e164: str = ""
    extension: str = ""


# Words that switches put where a number would stand, and the digits that spell them on a keypad
# (266696687 is "ANONYMOUS"); dialers.md 19 #24 and #25.
_WITHHELD = frozenset({
    "anonymous", "restricted", "unknown", "private", "withheld", "unavailable", "blocked", "hidden", "out of area",
    "no caller id", "private number", "unknown number", "unknown caller", "private caller", "number withheld",
    "0", "-1", "266696687", "1266696687", "86282452253", "8656696", "7378742833", "2562533", "464",
})  # fmt: skip
_SENTINELS = frozenset(f"{plus}{word}" for word in _WITHHELD for plus in ("", "+") if word.isdigit())
_JUNK = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060\ufeff]|^['=]+")
_ADDRESS = re.compile(r"<?(?:sips?|tel):", re.IGNORECASE)
_SPREADSHEET = re.compile(r"\+?\d+\.0+|\+?\d+(\.\d+)?[eE]\+?\d+")
_VANITY = re.compile(r"[+(]?\d[\d ().-]{2,}[A-Za-z][A-Za-z-]{2,}[A-Za-z0-9-]*")
_LONGEST_NOTE = 250
_WITH_NOTE = re.compile(r"([^A-Za-z]*\d)\W*[^\W\d_]\D*")
_WITHOUT_PLUS = re.compile(r"00(\d{8,15})|(\d{11,15})")


@lru_cache(maxsize=100_000)
def read_number(raw: str, region: str) -> Number:
    """A number as libphonenumber reads it, `region` (ISO 3166) standing in where no country code is given.

    It is brought to its one form (`canonical`). Matching asks only that a number is possible, not that it is valid:
    official fiction numbers are not (dialers.md 19 #38). An extension, a short code and a number without its area
    code are `SHORT`: they tell nobody.
    """
    text = _tidy(raw)
    if not text or text.casefold().lstrip("+") in _WITHHELD or bare(text) in _SENTINELS:
        return Number(raw, NumberKind.WITHHELD)
    if _is_brief(text, region):
        return Number(raw, NumberKind.SHORT)
    if _SPREADSHEET.fullmatch(text):
        return Number(raw, NumberKind.UNPARSABLE)
    return _read(raw, text, region)


def plain_number(text: str, region: str) -> Key | None:
    """The E.164 form and the extension of a number that is written plainly; None for one that needs `read_number`.

    Where it gives a number, `read_number` gives the same: this is for millions of them.
    """
    digits, extension = bare(text), ""
    if not digits:
        digits, extension = number_and_extension(text)
    if len(digits) <= FEW_DIGITS + 1 or digits in _SENTINELS or (text[-1] == "0" and "." in text):
        return None  # perhaps a short one, a withheld one, or one that a spreadsheet ruined
    answer = said_of_digits(digits, region)
    if answer is None:
        return None
    e164, _, reach = answer
    if e164[:3] in COUNTRIES:
        e164, reach = settled(e164, reach)
    return (e164, extension) if reach is WHOLE else None


def region_of_number(text: str) -> str:
    """The region (ISO 3166) to whose country code a number with a plus belongs, the main one of several; else ""."""
    digits = bare(text)
    plan = BY_START[digits[1:4]] if digits.startswith("+") else None
    return plan.region if plan is not None and plan.region.isalpha() else ""


def _tidy(raw: str) -> str:
    text = _JUNK.sub("", raw.strip())
    return _ADDRESS.sub("", text, count=1).partition("@")[0].strip()


def _is_brief(text: str, region: str) -> bool:
    """Whether there are too few digits to tell anybody, in a region where numbers are longer than that."""
    digits = sum(sign.isdigit() for sign in text)
    if not 0 < digits <= FEW_DIGITS or text.startswith("+") or _VANITY.fullmatch(text):
        return False
    plan = BY_REGION[region]
    return plan is None or digits not in plan.brief


def _read(raw: str, text: str, region: str) -> Number:
    for attempt in _attempts(text):
        e164, extension, reach = said(attempt, region)
        e164, reach = settled(e164, reach)
        if reach is WHOLE:
            return Number(raw, NumberKind.E164, e164, extension)
        if reach is LOCAL:
            return Number(raw, NumberKind.SHORT)
    return Number(raw, NumberKind.UNPARSABLE)


def _attempts(text: str) -> Iterator[str]:
    """The text; then, where that can be no number, what people and switches mean by such a text."""
    yield text
    if "(0)" in text:
        yield text.replace("(0)", "")  # a trunk zero, put into a number whose country has none
    if found := _WITHOUT_PLUS.fullmatch(bare(text)):
        yield f"+{found[1] or found[2]}"
    if found := _WITH_NOTE.fullmatch(text[:_LONGEST_NOTE]):
        yield found[1]  # "(mobile)" behind it, which the library takes for the letters of a keypad
