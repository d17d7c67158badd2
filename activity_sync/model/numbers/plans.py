"""How the numbers of a country begin and how long they are, worked out from libphonenumber's own tables.

A table is loaded when the first number of its country is read, so a new release of the library needs nothing here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from activity_sync.model.numbers.library import Reach

if TYPE_CHECKING:
    from phonenumbers import PhoneMetadata, PhoneNumberDesc

FEW_DIGITS = 6
"""So few digits are an extension or a short code nearly everywhere."""

_MOST_DIGITS = 25
_ALL_DIGITS = frozenset("0123456789")


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """Digits that may stand before a number. `first` holds every digit that they can begin with, or more; `literal`:
    the digits themselves where there is only one possibility, which is quicker to look at."""

    pattern: re.Pattern[str]
    first: frozenset[str]
    literal: str

    def end_in(self, digits: str) -> int:
        """Where the number proper begins; 0 when nothing stands before it."""
        if self.literal:
            return len(self.literal) if digits.startswith(self.literal) else 0
        found = self.pattern.match(digits)
        return found.end() if found else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A numbering plan of a `region` (001: of the world). `code`: the country code, of `width` digits; `plus`: with +.

    `trunk`: the national prefix, and whether it may `rewrite` the number; `abroad`: what is dialled before a country
    code; `general`: what a number looks like. By length: `reach`, where there is any (regions that share a country code
    share it); `sheds`: with which a number may be left when its prefix goes; `overlong`: of no number of this region;
    `brief`: up to six digits that are a whole number here.
    """

    region: str
    code: str
    plus: str
    width: int
    trunk: Beginning
    rewrites: bool
    abroad: Beginning
    general: re.Pattern[str]
    reach: Mapping[int, Reach]
    sheds: frozenset[int]
    overlong: frozenset[int]
    brief: frozenset[int]

    def without_trunk(self, number: str) -> str | None:
        """The number without its national prefix, as libphonenumber decides; None where it may be rewritten."""
        if number[:1] not in self.trunk.first:
            return number
        if self.rewrites and (found := self.trunk.pattern.match(number)) and found.lastindex is not None:
            return None
        shorter = number[self.trunk.end_in(number) :]
        return number if self.fits(number) and not self.fits(shorter) else shorter

    def fits(self, number: str) -> bool:
        """Whether a national number looks like one of this plan."""
        return self.general.fullmatch(number) is not None


class _ByRegion(dict[str, Plan | None]):
    def __missing__(self, region: str) -> Plan | None:
        self[region] = plan = _of_region(region)
        return plan


class _ByStart(dict[str, Plan | None]):
    def __missing__(self, start: str) -> Plan | None:
        self[start] = plan = _of_start(start)
        return plan


BY_REGION = _ByRegion()
"""The plan of a region; None for one that libphonenumber does not know."""

BY_START = _ByStart()
"""The main plan of the country code with which three digits begin; None when there is no such code."""


def _of_region(region: str) -> Plan | None:
    from phonenumbers import SUPPORTED_REGIONS, PhoneMetadata

    table = PhoneMetadata.metadata_for_region(region) if region in SUPPORTED_REGIONS else None
    return None if table is None else _plan(table)


def _of_start(start: str) -> Plan | None:
    from phonenumbers import COUNTRY_CODE_TO_REGION_CODE

    codes = (int(start[:width]) for width in (1, 2, 3) if start[0] != "0")
    code = next((code for code in codes if code in COUNTRY_CODE_TO_REGION_CODE), None)
    return None if code is None else _plan(_main_table(code))


def _main_table(code: int) -> PhoneMetadata:
    from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, PhoneMetadata

    main = COUNTRY_CODE_TO_REGION_CODE[code][0]
    table = PhoneMetadata.metadata_for_region_or_calling_code(code, main)
    assert table is not None, "libphonenumber has a table for each of its country codes"
    return table


def _plan(table: PhoneMetadata) -> Plan:
    shape, code = table.general_desc, table.country_code
    assert shape is not None, "libphonenumber describes the numbers of each region"
    assert code is not None, "and names its country code"
    own = _reach_by_length(shape)
    overlong = frozenset(range(max(shape.possible_length) + 1, _MOST_DIGITS + 1)) - set(own)
    return Plan(
        region=table.id or "",
        code=str(code),
        plus=f"+{code}",
        width=len(str(code)),
        trunk=_beginning(table.national_prefix_for_parsing),
        rewrites=bool(table.national_prefix_transform_rule),
        abroad=_beginning(table.international_prefix),
        general=re.compile(shape.national_number_pattern or r"(?!)"),
        reach=_reach_by_length(_main_table(code).general_desc),
        sheds=overlong | {size for size, reach in own.items() if reach is Reach.WHOLE},
        overlong=overlong,
        brief=frozenset(_brief_examples(table)),
    )


def _reach_by_length(shape: PhoneNumberDesc | None) -> dict[int, Reach]:
    if shape is None:
        return {}
    everywhere, nearby = shape.possible_length, shape.possible_length_local_only
    return dict.fromkeys(everywhere, Reach.WHOLE) | dict.fromkeys(nearby, Reach.LOCAL)


def _beginning(pattern: str | None) -> Beginning:
    if not pattern:
        return Beginning(pattern=re.compile(r"(?!)"), first=frozenset(), literal="")
    has_classes = any(sign in pattern for sign in "[\\.")
    return Beginning(
        pattern=re.compile(pattern),
        first=_ALL_DIGITS if has_classes else frozenset(sign for sign in pattern if sign.isdigit()),
        literal=pattern if pattern.isdigit() else "",
    )


def _brief_examples(table: PhoneMetadata) -> Iterator[int]:
    for kind in (table.fixed_line, table.mobile):
        if kind is not None and kind.example_number and len(kind.example_number) <= FEW_DIGITS:
            yield len(kind.example_number)
