"""Made-up texts in phone fields, of all regions: right numbers, nearly right ones, and what stands around them."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

import phonenumbers
from phonenumbers import PhoneMetadata

REGIONS = sorted(phonenumbers.SUPPORTED_REGIONS)
ELSEWHERE = ["ZZ", "", "gb", "US"]
SIGNS = ("", "", "", "", "", " ", " ", "-", ".", "(", ")", "/", "\u00a0", "\u2011")
ABROAD = ("00", "011", "0", "810", "010", "001", "0011")
LABELS = (" x", "x", " ext. ", ";ext=", ",,", " #", "ext", "EXT ", " X ", "~")


def texts(seed: int, count: int) -> Iterator[tuple[str, str]]:
    """So many pairs of a text and a region."""
    dice = Random(seed)
    for _ in range(count):
        region = dice.choice(REGIONS)
        text = _around(_between(_before(_national(region, dice), region, dice), dice), dice)
        yield text, region if dice.random() < 0.8 else dice.choice(REGIONS + ELSEWHERE)


def examples(region: str) -> list[str]:
    """libphonenumber's example numbers of lines in a region: national digits."""
    table = PhoneMetadata.metadata_for_region(region)
    assert table is not None
    kinds = (table.fixed_line, table.mobile, table.toll_free)
    return [kind.example_number for kind in kinds if kind is not None and kind.example_number]


def _national(region: str, dice: Random) -> str:
    example, chance = dice.choice(examples(region) or ["12345678"]), dice.random()
    if chance < 0.35:
        return example
    if chance < 0.6:
        digits = list(example)
        for _ in range(dice.randint(1, 3)):
            digits[dice.randrange(len(digits))] = _digits(1, dice)
        return "".join(digits)
    if chance < 0.7:
        return example[: dice.randint(2, 9)] + _digits(dice.randint(0, 4), dice)
    return _digits(dice.randint(2, 16), dice)


def _before(number: str, region: str, dice: Random) -> str:
    table = PhoneMetadata.metadata_for_region(region)
    assert table is not None
    code, trunk = table.country_code, table.national_prefix or dice.choice(["0", "1", "8", ""])
    ways = (
        f"+{code}{number}", f"+{code}{number}", number, number, f"{trunk}{number}", f"{trunk}{number}",
        f"{code}{number}", f"{dice.choice(ABROAD)}{code}{number}", f"+{code}{trunk}{number}", f"{code}{trunk}{number}",
        dice.choice(["", "+"]) + _digits(dice.randint(2, 16), dice),
    )  # fmt: skip
    return dice.choice(ways)


def _between(number: str, dice: Random) -> str:
    if dice.random() < 0.6:
        return number
    return number[:1] + "".join(dice.choice(SIGNS) + sign for sign in number[1:])


def _around(text: str, dice: Random) -> str:
    chance = dice.random()
    if chance < 0.08:
        return text + dice.choice(LABELS) + _digits(dice.randint(1, 7), dice) + dice.choice(["", "", "#", " "])
    if chance < 0.1:
        return dice.choice(["Tel: ", "'", " ", "(", "tel:", "++"]) + text + dice.choice(["", " ", ")", "-"])
    if chance < 0.11:
        place = dice.randrange(len(text) + 1)
        return text[:place] + dice.choice("abxX*#;,+\u30fc~/\u0663\u00b2") + text[place:]
    return text


def _digits(count: int, dice: Random) -> str:
    return "".join(dice.choice("0123456789") for _ in range(count))
