"""Contacts with telephone numbers as a CRM holds them: the shares are those of dialers.md 20.2."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

import phonenumbers

# How many of a hundred contacts live where.
_LIVING = {
    "US": 34, "GB": 14, "DE": 9, "FR": 7, "IN": 6, "CA": 5, "AU": 4, "IT": 4, "ES": 4, "NL": 4, "BR": 3, "MX": 3,
    "AR": 1, "PL": 1, "SE": 1,
}  # fmt: skip
FIELDS = ("Phone", "Mobile", "Other_Phone")
_JUNK = ("n/a", "ask reception", "-", "see notes", "12", "unknown", "none", "1.23E+11")
_KINDS = {"Phone": "fixed_line", "Mobile": "mobile", "Other_Phone": "fixed_line"}


@dataclass(frozen=True, slots=True)
class _Model:
    """An example number of a region and the ways in which it is written."""

    code: int
    digits: str
    national: str
    spaced: str


def contacts(count: int, seed: int = 1) -> Iterator[dict[str, str]]:
    """Zoho's rows of so many contacts, each with three numbers and a country."""
    dice, models = Random(seed), _models()
    regions = dice.choices(list(_LIVING), weights=list(_LIVING.values()), k=count)
    for number, region in enumerate(regions):
        row = {"id": str(10**15 + number), "Last_Name": "Doe", "Mailing_Country": region}
        for field in FIELDS:
            row[field] = written(models[region, field], dice)
        yield row


def written(model: _Model, dice: Random) -> str:
    """A new number, written in one of the usual ways."""
    ending = f"{dice.randrange(10**7):07d}"[-min(7, len(model.digits) - 2) :]
    digits = model.digits[: -len(ending)] + ending
    chance = dice.random()
    if chance < 0.45:
        return f"+{model.code}{digits}"
    if chance < 0.60:
        return _filled(model.spaced, ending)
    if chance < 0.80:
        return _filled(model.national, ending)
    if chance < 0.90:
        return f"{model.code}{digits}"
    if chance < 0.95:
        return f"00{model.code}{digits}"
    if chance < 0.98:
        return f"{_filled(model.national, ending)} ext. {dice.randrange(100, 1000)}"
    return dice.choice(_JUNK)


def _models() -> dict[tuple[str, str], _Model]:
    return {(region, field): _model(region, kind) for region in _LIVING for field, kind in _KINDS.items()}


def _model(region: str, kind: str) -> _Model:
    table = phonenumbers.PhoneMetadata.metadata_for_region(region)
    digits = getattr(table, kind).example_number
    number = phonenumbers.parse(digits, region)
    forms = phonenumbers.PhoneNumberFormat
    return _Model(
        code=number.country_code,
        digits=phonenumbers.national_significant_number(number),
        national=phonenumbers.format_number(number, forms.NATIONAL),
        spaced=phonenumbers.format_number(number, forms.INTERNATIONAL),
    )


def _filled(form: str, ending: str) -> str:
    """The written form with other digits at its end."""
    rest = list(ending)
    return "".join(rest.pop() if sign.isdigit() and rest else sign for sign in reversed(form))[::-1]
