"""Values in the type of their field, or a reason why not."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from activity_sync.rules.sameness import same
from activity_sync.rules.values import Unfit, convert
from tests.builders import a_field

LISTED = {"picklist": ("Demo", "Follow up")}


@pytest.mark.parametrize(
    ("data_type", "value", "json"),
    [
        ("text", 12, "12"),
        ("text", "two\nlines", "two lines"),
        ("textarea", "two\nlines", "two\nlines"),
        ("integer", "42", 42),
        ("integer", 42.0, 42),
        ("bigint", 123456789012, "123456789012"),
        ("double", "4.5", 4.5),
        ("currency", 1000, 1000),
        ("percent", "10", 10),
        ("boolean", "Yes", True),
        ("boolean", False, False),
        ("boolean", 0, False),
        ("date", "2026-03-02", "2026-03-02"),
        ("date", date(2026, 3, 2), "2026-03-02"),
        ("datetime", "2026-03-02T12:00:00.123Z", "2026-03-02T12:00:00+00:00"),
        ("datetime", datetime(2026, 3, 2, 12, tzinfo=UTC), "2026-03-02T12:00:00+00:00"),
        ("phone", " +44 20 7946 0958", "+44 20 7946 0958"),
        ("phone", "(020) 7946-0958;12", "(020) 7946-0958;12"),
        ("email", "Sam@Globex.example", "sam@globex.example"),
        ("lookup", "5725767000000524157", {"id": "5725767000000524157"}),
        ("lookup", {"id": "57", "name": "x"}, {"id": "57"}),
        ("formula_of_the_future", "x", "x"),
        ("integer", "", None),
        ("text", None, None),
    ],
)
def test_a_value_takes_the_type_of_its_field(data_type: str, value: Any, json: Any) -> None:
    converted = convert(value, a_field("F", data_type=data_type))
    assert converted == json
    assert type(converted) is type(json)


@pytest.mark.parametrize(
    ("data_type", "value"),
    [
        ("integer", "4.5"),
        ("integer", "many"),
        ("integer", 10**9),
        ("integer", True),
        ("double", "NaN"),
        ("boolean", "perhaps"),
        ("date", "02/03/2026"),
        ("datetime", "2026-03-02T12:00:00"),
        ("phone", "n/a"),
        ("phone", "020/79460958"),
        ("email", "sam"),
        ("lookup", "Globex"),
        ("text", ["a", "b"]),
    ],
)
def test_a_value_of_another_type_is_refused_in_words(data_type: str, value: Any) -> None:
    with pytest.raises(Unfit, match="takes"):
        convert(value, a_field("F", data_type=data_type))


def test_a_picklist_takes_only_what_is_in_it_in_the_orgs_own_spelling() -> None:
    assert convert("demo", a_field("F", **LISTED)) == "Demo"
    with pytest.raises(Unfit, match="no picklist value"):
        convert("Demos", a_field("F", **LISTED))


def test_a_multiselect_takes_a_list_or_one_text() -> None:
    field = a_field("F", data_type="multiselectpicklist", **LISTED)
    assert convert(("demo", "Follow up"), field) == ["Demo", "Follow up"]
    assert convert("demo; follow up", field) == ["Demo", "Follow up"]


def test_a_text_is_cut_to_its_field_and_a_read_only_field_takes_nothing() -> None:
    assert convert("x" * 20, a_field("F", length=10)) == "x" * 9 + "…"
    with pytest.raises(Unfit, match="read-only"):
        convert("x", a_field("F", read_only=True))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2026-03-02T12:00:00+00:00", "2026-03-02T13:00:00+01:00"),
        ({"id": "7"}, {"name": "Jo", "id": "7", "email": "jo@acme.example"}),
        ([{"name": "demo"}], [{"name": "demo", "id": "9", "color_code": None}]),
        (["a", "b"], ["b", "a"]),
        (None, ""),
        (None, []),
        (False, None),
        ("07:30", "7:30"),
        ("00:07:30", "07:30"),
        (10, 10.0),
        (10, "10"),
        ("two\r\nlines ", "two\nlines"),
        (
            {"ALARM": "FREQ=NONE;ACTION=POPUP;TRIGGER=DATE-TIME:2026-03-02T12:00:00+00:00"},
            {"ALARM": "FREQ=NONE;ACTION=POPUP;TRIGGER=DATE-TIME:2026-03-02T13:00:00+01:00"},
        ),
    ],
)
def test_values_that_mean_the_same_are_the_same(one: Any, other: Any) -> None:
    assert same(one, other)
    assert same(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2026-03-02T12:00:00+00:00", "2026-03-02T12:00:00+01:00"),
        ({"id": "7"}, {"id": "8"}),
        ({"id": "7"}, None),
        ([{"name": "demo"}], [{"name": "demo"}, {"name": "vip"}]),
        ([{"name": "demo"}], []),
        (True, False),
        (0, None),
        ("07:30", "07:31"),
        ("Demo", "demo"),
        (10, "ten"),
    ],
)
def test_values_that_mean_something_else_differ(one: Any, other: Any) -> None:
    assert not same(one, other)
    assert not same(other, one)
