"""The fast way gives libphonenumber's own answers, and the short cut of the index gives those of the long way."""

from __future__ import annotations

import os

import phonenumbers
import pytest

from activity_sync.model.numbers import NumberKind, plain_number, read_number
from activity_sync.model.numbers.library import Reach
from activity_sync.model.numbers.plain import bare, said, said_of_digits
from tests.numbers.texts import texts

DOSE = 20_000
DOSES = 50 if os.environ.get("TORTURE") else 1
FAST_AT_LEAST = 0.75


def as_the_library_says(text: str, region: str) -> tuple[str, str, bool, bool]:
    """E.164, extension, possible everywhere, possible nearby: asked of the library by its public functions alone."""
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return "", "", False, False
    why = phonenumbers.is_possible_number_with_reason(number)
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    nearby = why == phonenumbers.ValidationResult.IS_POSSIBLE_LOCAL_ONLY
    return e164, number.extension or "", why == phonenumbers.ValidationResult.IS_POSSIBLE, nearby


def as_we_say(text: str, region: str) -> tuple[str, str, bool, bool]:
    e164, extension, reach = said(text, region)
    return e164, extension, reach is Reach.WHOLE, reach is Reach.LOCAL


def disagreements(seed: int, count: int) -> list[tuple[str, str]]:
    """The texts of which the library and our fast way say different things."""
    made_up = texts(seed, count)
    return [(text, region) for text, region in made_up if as_we_say(text, region) != as_the_library_says(text, region)]


@pytest.mark.torture
@pytest.mark.parametrize("seed", range(DOSES))
def test_the_fast_way_never_differs_from_libphonenumber(seed: int) -> None:
    assert disagreements(seed, DOSE) == []


def test_most_texts_take_the_fast_way() -> None:
    digits = [(bare(text), region) for text, region in texts(seed=1_003, count=2_000)]
    fast = [1 for number, region in digits if number and said_of_digits(number, region)]
    assert len(fast) > FAST_AT_LEAST * len([1 for number, _ in digits if number])


def test_the_short_cut_of_the_index_never_differs_from_the_long_way() -> None:
    for text, region in texts(seed=1_004, count=DOSE):
        short = plain_number(text, region)
        if short is not None:
            long = read_number(text, region)
            assert (long.kind, long.e164, long.extension) == (NumberKind.E164, *short), (text, region)


@pytest.mark.parametrize(
    "text", ["", "+", "0", "++", " ", "(", "+ ", "x1", "\u0660" * 9, "\u00b2" * 9, "1" * 300, "+0"]
)
def test_odd_texts_are_no_trouble(text: str) -> None:
    for region in ("GB", "US", "", "ZZ"):
        assert as_we_say(text, region) == as_the_library_says(text, region)
