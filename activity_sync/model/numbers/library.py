"""What libphonenumber says about a text, as it is."""

from __future__ import annotations

from enum import IntEnum
from functools import lru_cache


class Reach(IntEnum):
    """Whether a number can exist, by its length alone: not at all, only within its area, or everywhere."""

    NONE = 0
    LOCAL = 1
    WHOLE = 2


NONE, LOCAL, WHOLE = Reach

Said = tuple[str, str, Reach]
"""E.164, extension, reach. E.164 is "" where the library finds no number, and may be there without any reach."""

NOTHING: Said = ("", "", Reach.NONE)


@lru_cache(maxsize=20_000)
def ask(text: str, region: str) -> Said:
    """Parse with libphonenumber itself; `region` (ISO 3166) stands in where no country code is given."""
    import phonenumbers  # loads its tables: only where a number is read

    try:
        parsed = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return NOTHING
    e164 = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    return e164, parsed.extension or "", _reach(phonenumbers.is_possible_number_with_reason(parsed))


def _reach(reason: int) -> Reach:
    from phonenumbers import ValidationResult

    if reason == ValidationResult.IS_POSSIBLE:
        return Reach.WHOLE
    return Reach.LOCAL if reason == ValidationResult.IS_POSSIBLE_LOCAL_ONLY else Reach.NONE
