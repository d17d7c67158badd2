"""One form for numbers that libphonenumber writes in two, because people and switches do (dialers.md 19.3)."""

from __future__ import annotations

import re

from activity_sync.model.numbers.library import Reach

_FORMS = (
    # Mexico: until 2019 mobiles had a 1 after the country code, and long-distance calls began with 01, 044 or 045.
    (re.compile(r"\+52(?:1|01|044|045)([2-9]\d{9})"), "+52{}"),
    # Argentina: the 9 of mobiles is dialled from abroad only.
    (re.compile(r"\+549(\d{10})"), "+54{}"),
    # Brazil: mobiles got a ninth digit, in the years to 2016.
    (re.compile(r"\+55([1-9][1-9])([6-9]\d{7})"), "+55{}9{}"),
    # Italy: the zero of an area code belongs to the number, but people who know other countries drop it. Mobiles (3),
    # service numbers (1, 8) and nomadic ones (43, 55, 70) have none.
    (re.compile(r"\+39((?!43|55|70)[24-79]\d{5,10})"), "+390{}"),
    # San Marino is reached through the Italian area code 0549, too.
    (re.compile(r"\+39(0549\d{6})"), "+378{}"),
)
COUNTRIES = frozenset(("+52", "+54", "+55", "+39"))
"""How a number begins that may have several forms."""

_WITHOUT_AREA = re.compile(r"\+5415\d{8}")
"""An Argentine mobile as it is dialled within its own area: 15 stands where the area code should."""


def settled(e164: str, reach: Reach) -> tuple[str, Reach]:
    """The number in its one form, and its reach in that form."""
    if _WITHOUT_AREA.fullmatch(e164):
        return e164, Reach.LOCAL
    form = canonical(e164)
    return form, reach if form == e164 else Reach.WHOLE


def canonical(e164: str) -> str:
    """The one form of an E.164 number."""
    if e164[:3] in COUNTRIES:
        for pattern, form in _FORMS:
            if match := pattern.fullmatch(e164):
                e164 = form.format(*match.groups())
    return e164
