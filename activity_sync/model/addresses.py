"""E-mail addresses, telephone numbers and domains in the form in which they are compared."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

_SHAPE = re.compile(r"[^@\s<>\"]+@[^@\s<>\"]+\.[^@\s<>\".]+")
_GMAIL = frozenset({"gmail.com", "googlemail.com"})


def comparable_email(raw: str) -> str:
    """The address trimmed, without `mailto:`, in lower case, its domain in ASCII; "" when it is none."""
    text = unicodedata.normalize("NFC", raw).strip().strip("<>").casefold().removeprefix("mailto:")
    if not _SHAPE.fullmatch(text):
        return ""
    local, _, domain = text.rpartition("@")
    ascii_domain = comparable_domain(domain)
    return f"{local}@{ascii_domain}" if ascii_domain else ""


def comparable_domain(raw: str) -> str:
    """A host name in lower case and ASCII (punycode), without a dot at the end; "" when it is none."""
    text = raw.strip().strip(".").casefold()
    try:
        return text.encode("ascii").decode() if text.isascii() else text.encode("idna").decode("ascii")
    except UnicodeError:
        return ""


def domain_of(email: str) -> str:
    """What stands behind the @ of a comparable address; "" without one."""
    return email.rpartition("@")[2] if "@" in email else ""


def folded_email(email: str) -> str:
    """The mailbox behind an alias: without `+tag`; for Gmail also without dots and under one domain name.

    Dots and Googlemail are Google's rule only; elsewhere dots tell people apart (calendars.md E3).
    """
    local, _, domain = email.rpartition("@")
    local = local.partition("+")[0]
    if domain in _GMAIL:
        return f"{local.replace('.', '')}@gmail.com"
    return f"{local}@{domain}"


def is_gmail(email: str) -> bool:
    """Whether Google's alias rules hold for this address."""
    return domain_of(email) in _GMAIL


class NumberKind(StrEnum):
    """What a caller's number turned out to be."""

    E164 = "e164"
    WITHHELD = "withheld"
    SHORT = "short"
    UNPARSABLE = "unparsable"


@dataclass(frozen=True, slots=True)
class Number:
    """A telephone number as it came and as it is compared. `e164` and `extension` are "" unless `kind` is E164."""

    raw: str
    kind: NumberKind
    e164: str = ""
    extension: str = ""


# Words that switches put where a number would stand, and the digits that spell them on a keypad
# (266696687 is "ANONYMOUS"); dialers.md 19 #24 and #25.
_WITHHELD = frozenset({
    "anonymous", "restricted", "unknown", "private", "withheld", "unavailable", "blocked", "0", "-1",
    "266696687", "1266696687", "86282452253", "8656696", "7378742833", "2562533", "464",
})  # fmt: skip
_JUNK = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060\ufeff]|^['=]+")
_SPREADSHEET = re.compile(r"^\+?\d+\.0+$|^\+?\d+(\.\d+)?[eE]\+?\d+$")
_FEW_DIGITS = 6


@lru_cache(maxsize=100_000)
def read_number(raw: str, region: str) -> Number:
    """A number as libphonenumber reads it, `region` (ISO 3166) standing in where no country code is given.

    Matching asks only that a number is possible, not that it is valid: official fiction numbers are not
    (dialers.md 19 #38). Up to six digits without a plus are an extension or a short code, never matched.
    """
    text = _JUNK.sub("", raw.strip()).removeprefix("sip:").partition("@")[0].strip()
    if text.casefold() in _WITHHELD or text.lstrip("+") in _WITHHELD or not text:
        return Number(raw, NumberKind.WITHHELD)
    digits = sum(character.isdigit() for character in text)
    if 0 < digits <= _FEW_DIGITS and not text.startswith("+"):
        return Number(raw, NumberKind.SHORT)
    if _SPREADSHEET.fullmatch(text):
        return Number(raw, NumberKind.UNPARSABLE)
    return _parse(raw, text, region)


def _parse(raw: str, text: str, region: str) -> Number:
    import phonenumbers  # loads its tables: only where a number is read

    for attempt in (text, f"+{text.removeprefix('00')}"):
        try:
            parsed = phonenumbers.parse(attempt, region)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_possible_number(parsed):
            e164 = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
            return Number(raw, NumberKind.E164, canonical(e164), parsed.extension or "")
    return Number(raw, NumberKind.UNPARSABLE)


_CANONICAL = (
    (re.compile(r"\+521(\d{10})"), r"+52\1"),  # Mexico dropped the 1 of mobiles in 2019
    (re.compile(r"\+549(\d{10})"), r"+54\1"),  # Argentina: the 9 is dialled from abroad only
    (re.compile(r"\+55(\d\d)([6-9]\d{7})"), r"+55\g<1>9\2"),  # Brazil: mobiles got a ninth digit
)


def canonical(e164: str) -> str:
    """One form for the numbers that libphonenumber writes in two (dialers.md 19.3)."""
    for pattern, form in _CANONICAL:
        if match := pattern.fullmatch(e164):
            return match.expand(form)
    return e164
