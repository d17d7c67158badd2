"""libphonenumber's answer for digits with nothing but a plus and common signs between, several times faster.

Nearly all numbers in a CRM are such. What is left open here is asked of the library itself, so the answer is always
its own; a test compares the two over made-up texts of all regions.
"""

from __future__ import annotations

import re

from activity_sync.model.numbers.library import NONE, Said, ask
from activity_sync.model.numbers.plans import BY_REGION, BY_START, Plan

_SIGNS = re.compile("[-()./\u00a0\u2010-\u2015\u2212]")
_EXTENSION = re.compile(r"([-+0-9(). ]*[0-9]) *(?:x|ext\.?) ?([0-9]{1,6})", re.IGNORECASE)
_FEWEST, _MOST, _LONGEST_TEXT = 5, 20, 60
_SHORTEST_NATIONAL, _LONGEST_NATIONAL = 3, 17


def said(text: str, region: str) -> Said:
    """What libphonenumber says about a text; see `library.ask`."""
    return said_of_digits(bare(text), region) or _with_extension(text, region) or ask(text, region)


def bare(text: str) -> str:
    """The digits of a plainly written number, after a plus if it has one; "" for any other text."""
    digits = text
    if not text[1:].isdigit():
        digits = text.replace(" ", "")
        if not digits[1:].isdigit():
            digits = _without_signs(digits) if len(text) <= _LONGEST_TEXT else ""
    number = digits[1:] if digits[:1] == "+" else digits
    return digits if number.isdigit() and number.isascii() and _FEWEST <= len(number) <= _MOST else ""


def _without_signs(text: str) -> str:
    digits = text.replace("-", "").replace("(", "").replace(")", "")
    return digits if digits[1:].isdigit() else _SIGNS.sub("", digits)


def said_of_digits(digits: str, region: str) -> Said | None:
    """The answer for what `bare` gave; None: only the library can tell."""
    if digits[:1] == "+":
        return _international(digits[1:])
    plan = BY_REGION[region] if digits else None
    if plan is None:
        return None
    if digits[0] in plan.abroad.first and (end := plan.abroad.end_in(digits)) and digits[end : end + 1] != "0":
        return _international(digits[end:])
    if digits.startswith(plan.code):
        own = plan.without_trunk(digits[plan.width :])
        if own is None:
            return None
        if len(digits) in plan.overlong or (plan.fits(own) and not plan.fits(digits)):
            return _international(plan.code + own)
    return _national(digits, plan)


def _international(digits: str) -> Said | None:
    plan = BY_START[digits[:3]] if len(digits) >= _FEWEST else None
    return None if plan is None else _national(digits[plan.width :], plan)


def _national(number: str, plan: Plan) -> Said | None:
    if not _SHORTEST_NATIONAL <= len(number) <= _LONGEST_NATIONAL:
        return None
    if number[0] in plan.trunk.first:
        shorter = plan.without_trunk(number)
        if shorter is None:
            return None
        if len(shorter) in plan.sheds:
            number = shorter
    return plan.plus + number, "", plan.reach.get(len(number), NONE)


def number_and_extension(text: str) -> tuple[str, str]:
    """A plainly written number and the extension behind it, where libphonenumber would part the two; else ("", "")."""
    found = _EXTENSION.fullmatch(text)
    return (bare(found[1]), found[2]) if found else ("", "")


def _with_extension(text: str, region: str) -> Said | None:
    digits, extension = number_and_extension(text)
    answer = said_of_digits(digits, region)
    return (answer[0], extension, answer[2]) if answer else None
