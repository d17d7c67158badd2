"""libphonenumber's answer for digits with nothing but a plus and common signs between, several times faster.

Nearly all numbers in a CRM are such. What is left open here is asked of the library itself, so the answer is always
its own; a test compares the two over made-up texts of all regions.
"""

from __future__ import annotations

import re

from activity_sync.model.numbers.library import Reach, Said, ask
from activity_sync.model.numbers.plans import BY_REGION, BY_START, Plan

_SIGNS = re.compile("[-()./\u00a0\u2010-\u2015\u2212]")
_EXTENSION = re.compile(r"(?P<number>[-+0-9(). ]*[0-9]) *(?:x|ext\.?) ?(?P<extension>[0-9]{1,6})", re.IGNORECASE)
_FEWEST, _MOST, _LONGEST_TEXT = 5, 20, 60
_SHORTEST_NATIONAL, _LONGEST_NATIONAL = 3, 17


def said(text: str, region: str) -> Said:
    """What libphonenumber says about a text; see `library.ask`."""
    return said_of_digits(bare(text), region) or _with_extension(text, region) or ask(text, region)


def bare(text: str) -> str:
    """The digits of a plainly written number, after a plus if it has one; "" for any other text."""
    if len(text) > _LONGEST_TEXT:
        return ""
    digits = text.replace(" ", "")
    if not digits[1:].isdigit():
        digits = _SIGNS.sub("", digits)
    number = digits[1:] if digits[:1] == "+" else digits
    return digits if number.isdigit() and number.isascii() and _FEWEST <= len(number) <= _MOST else ""


def said_of_digits(digits: str, region: str) -> Said | None:
    """The answer for what `bare` gave; None: only the library can tell."""
    if digits[:1] == "+":
        return _international(digits[1:])
    plan = BY_REGION[region] if digits else None
    if plan is None:
        return None
    first = digits[0]
    if first in plan.abroad.first and (found := plan.abroad.pattern.match(digits)):
        rest = digits[found.end() :]
        if rest[:1] != "0":
            return _international(rest)
    if first == plan.code[0] and digits.startswith(plan.code):
        own = plan.without_trunk(digits[plan.width :])
        if own is None:
            return None
        if (plan.fits(own) and not plan.fits(digits)) or len(digits) in plan.overlong:
            return _national(own, BY_START[plan.code.ljust(3, "0")])
    return _national(digits, plan)


def _international(digits: str) -> Said | None:
    if len(digits) < _FEWEST:
        return None
    plan = BY_START[digits[:3]]
    return plan and _national(digits[plan.width :], plan)


def _national(number: str, plan: Plan | None) -> Said | None:
    if plan is None or not _SHORTEST_NATIONAL <= len(number) <= _LONGEST_NATIONAL:
        return None
    if number[0] in plan.trunk.first:
        shorter = plan.without_trunk(number)
        if shorter is None:
            return None
        if len(shorter) in plan.sheds:
            number = shorter
    return f"+{plan.code}{number}", "", plan.reach.get(len(number), Reach.NONE)


def _with_extension(text: str, region: str) -> Said | None:
    found = _EXTENSION.fullmatch(text)
    answer = said_of_digits(bare(found["number"]), region) if found else None
    return (answer[0], found["extension"], answer[2]) if found and answer else None
