"""From which country a number is that is written without one."""

from __future__ import annotations

from typing import Any

import pytest

from activity_sync.model.interactions import RepShare
from activity_sync.rules.sides import outside_number
from tests.builders import a_call, settings

LOU = (RepShare(email="Lou@acme.example", talk_seconds=3),)


@pytest.mark.parametrize(
    ("call", "country"),
    [
        ({"region": "FR", "line": "+49301234567"}, "+33"),
        ({"region": "GB", "line": "+33142685301"}, "+33"),
        ({"region": "", "line": "201", "reps": LOU}, "+33"),
        ({"region": "GB", "line": "", "reps": (), "line_rep": "lou@acme.example"}, "+33"),
        ({"region": "GB", "line": "+442079460100", "reps": LOU}, "+44"),
        ({"region": "GB", "line": ""}, "+44"),
    ],
    ids=["the dialer's word", "the line", "who talked", "whose line", "the line before the rep", "nobody"],
)
def test_a_number_without_a_country_is_of_the_line_else_of_the_rep_else_of_the_company(
    call: dict[str, Any], country: str
) -> None:
    lines = {"+33142685302": "lou@acme.example", "0207 946 0100": "jo@acme.example"}
    aircall = {"name": "aircall", "kind": "aircall", "api_id": "i", "api_token": "t", "lines": lines}
    found = outside_number(a_call(outside_number="01 42 68 53 00", **call), settings(dialers=[aircall]))
    assert found.e164 == f"{country}142685300"
