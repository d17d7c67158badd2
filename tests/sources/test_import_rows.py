"""What an import takes and what it refuses, row by row."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from activity_sync.dialers.imported.readings import NoRow
from activity_sync.dialers.imported.rows import Directory, Told, latest, read_row
from activity_sync.model.interactions import CallLeg, Direction, Outcome
from tests.sources.stage import CUSTOMER, JO, LINE, MAX

TEN = datetime(2026, 1, 5, 10, tzinfo=UTC)
DIRECTORY = Directory(
    source="legacy",
    region="GB",
    extensions={"201": JO, "Max Stone": MAX},
    lines={"020 7946 0100": MAX},
)


def row(**more: Any) -> dict[str, Any]:
    """A good row; None takes a key away."""
    told = {
        "id": "pbx-42",
        "started_at": "2026-01-05T10:00:00+00:00",
        "direction": "inbound",
        "from": CUSTOMER,
        "to": LINE,
    } | {name.rstrip("_"): value for name, value in more.items()}
    return {name: value for name, value in told.items() if value is not None}


def leg(**more: Any) -> CallLeg:
    told = read_row(row(**more), DIRECTORY)
    assert told.leg
    return told.leg


def reason(**more: Any) -> str:
    with pytest.raises(NoRow) as caught:
        read_row(row(**more), DIRECTORY)
    return str(caught.value)


def test_the_documents_example_is_taken_whole() -> None:
    found = leg(outcome="answered", talk_seconds=288, ring_seconds=12, rep_extension="201",
                recording_url="https://pbx.acme.example/rec/42")  # fmt: skip
    assert (found.record_id, found.conversation_id, found.source) == ("pbx-42", "pbx-42", "legacy")
    assert (found.started, found.ended, found.talk_seconds) == (TEN, TEN + timedelta(seconds=300), 288)
    assert (found.outcome, found.direction) == (Outcome.ANSWERED, Direction.INBOUND)
    assert (found.outside_number, found.line, found.line_rep) == (CUSTOMER, LINE, MAX)
    assert [(rep.email, rep.talk_seconds) for rep in found.reps] == [(JO, 288)]
    assert found.recording_url == "https://pbx.acme.example/rec/42"


@pytest.mark.parametrize(
    "said",
    [
        "2026-01-05T10:00:00Z",
        "2026-01-05 11:00:00+01:00",
        "20260105T100000+0000",
        1767607200,
        "1767607200",
        1767607200.0,
        1767607200000,
        "1767607200000",
        1767607200000000,
    ],
)
def test_a_time_is_read_in_every_form(said: object) -> None:
    assert leg(started_at=said).started == TEN


def test_a_local_time_needs_a_zone() -> None:
    assert leg(started_at="2026-07-05 12:00:00", timezone="Europe/Berlin").started == datetime(
        2026, 7, 5, 10, tzinfo=UTC
    )
    assert "has no zone" in reason(started_at="2026-01-05 10:00:00")
    assert "no IANA zone" in reason(started_at="2026-01-05 10:00:00", timezone="Mars/Olympus")


@pytest.mark.parametrize(
    "said", ["yesterday", "5.1.2026 10:00", "20260105", -1, 0, 1e30, True, [], "1970-01-01T00:00:00Z"]
)
def test_what_is_no_likely_time_is_refused(said: object) -> None:
    assert "`started_at`" in reason(started_at=said)


@pytest.mark.parametrize("name", ["id", "started_at", "direction", "from", "to"])
def test_a_missing_key_is_named(name: str) -> None:
    assert f"`{name}`" in reason(**{f"{name}_": None})


@pytest.mark.parametrize(
    ("word", "direction"),
    [("in", "inbound"), ("Incoming", "inbound"), ("received", "inbound"), ("out", "outbound"), ("OUTGOING", "outbound"),
     ("dialed", "outbound"), ("internal", "internal")],
)  # fmt: skip
def test_direction_words_are_understood(word: str, direction: str) -> None:
    assert leg(direction=word).direction == direction


@pytest.mark.parametrize(
    ("word", "way", "outcome"),
    [
        ("answered", "in", "answered"),
        ("Completed", "in", "answered"),
        ("ok", "out", "answered"),
        ("no-answer", "out", "no_answer"),
        ("noanswer", "in", "missed"),
        ("NO ANSWER", "out", "no_answer"),
        ("missed", "out", "no_answer"),
        ("abandoned", "in", "missed"),
        ("voicemail", "in", "voicemail"),
        ("busy", "out", "busy"),
        ("failed", "out", "failed"),
        ("unknown", "in", "unknown"),
    ],
)
def test_outcome_words_are_understood(word: str, way: str, outcome: str) -> None:
    assert leg(outcome=word, direction=way).outcome == outcome


@pytest.mark.parametrize(
    ("told", "outcome"),
    [
        ({"talk_seconds": 5}, "answered"),
        ({"talk_seconds": 0}, "missed"),
        ({"talk_seconds": 0, "direction": "out"}, "no_answer"),
        ({"answered_at": "2026-01-05T10:00:05Z"}, "answered"),
        ({"voicemail_url": "https://pbx.acme.example/vm/1"}, "voicemail"),
        ({"duration_seconds": 30, "ring_seconds": 30}, "missed"),
        ({"duration_seconds": 300}, "unknown"),
        ({"outcome": "unknown", "talk_seconds": 67}, "answered"),
        ({}, "missed"),
    ],
)
def test_an_outcome_that_is_not_said_is_derived(told: dict[str, Any], outcome: str) -> None:
    assert leg(**told).outcome == outcome


@pytest.mark.parametrize(
    ("told", "talk"),
    [
        ({"talk_seconds": "00:04:48"}, 288),
        ({"talk_seconds": "4:48"}, 288),
        ({"talk_seconds": "288.0"}, 288),
        ({"duration_seconds": 300, "ring_seconds": 12, "outcome": "ok"}, 288),
        ({"answered_at": "2026-01-05T10:00:12Z", "ended_at": "2026-01-05T10:05:00Z"}, 288),
        ({"outcome": "answered"}, None),
        ({"outcome": "missed", "talk_seconds": 99}, 0),
    ],
)
def test_talk_is_derived(told: dict[str, Any], talk: int | None) -> None:
    assert leg(**told).talk_seconds == talk


@pytest.mark.parametrize("said", [-5, "-0:05", "5 min", "1e3", 10_000_000, True, "12:345"])
def test_an_impossible_length_is_refused(said: object) -> None:
    assert "`talk_seconds`" in reason(talk_seconds=said)


@pytest.mark.parametrize(
    "told",
    [
        {"ended_at": "2026-01-05T09:59:59Z"},
        {"answered_at": "2026-01-05T09:59:59Z"},
        {"answered_at": "2026-01-05T10:01:00Z", "ended_at": "2026-01-05T10:00:59Z"},
    ],
)
def test_what_ends_before_it_begins_is_refused(told: dict[str, str]) -> None:
    assert "before it" in reason(**told)


@pytest.mark.parametrize("ruined", ["4.42079E+11", "4,42079E+11", "442079460958.0", "+442079460958.00", 442079460958.0])
@pytest.mark.parametrize("name", ["from", "to", "line"])
def test_a_number_that_a_spreadsheet_ruined_is_refused(name: str, ruined: object) -> None:
    assert "spreadsheet" in reason(**{f"{name}_": ruined})


def test_numbers_extensions_and_withheld_words_are_taken_as_they_are() -> None:
    assert leg(from_="anonymous").outside_number == "anonymous"
    assert leg(from_=442079460958).outside_number == "442079460958"
    assert leg(from_="'+447700900123").outside_number == "+447700900123"
    assert leg(from_="sip:201@pbx.acme.example").outside_number == "sip:201@pbx.acme.example"


def test_which_side_is_the_customer_can_be_said() -> None:
    assert leg(external="to").outside_number == LINE
    assert leg(direction="out").outside_number == LINE
    assert "`external`" in reason(external="both")


@pytest.mark.parametrize(
    ("told", "reps"),
    [
        ({"rep_email": "Jo@Acme.example"}, [JO]),
        ({"rep_extension": 201}, [JO]),
        ({"rep_id": "201"}, [JO]),
        ({"rep_name": "max stone"}, [MAX]),
        ({"rep_extension": "999"}, []),
        ({}, []),
    ],
)
def test_the_rep_is_found_by_address_extension_id_or_name(told: dict[str, Any], reps: list[str]) -> None:
    assert [rep.email for rep in leg(**told).reps] == reps


def test_texts_tags_and_unknown_keys_are_kept() -> None:
    found = leg(notes="one\ntwo", tags="Demo; Quote ;", summary="s", disposition="Hot", queue="Sales", region="de",
                company_id=42, deal={"a": 1}, transcript="t", version=3)  # fmt: skip
    assert (found.notes, found.tags, found.summary) == (("one\ntwo",), ("Demo", "Quote"), "s")
    assert (found.disposition, found.queue, found.region) == ("Hot", "Sales", "DE")
    assert found.extra == {"company_id": "42", "deal": '{"a":1}', "transcript": "t"}
    assert leg(tags=["a", "b"], notes=["x", "y"]).notes == ("x", "y")


@pytest.mark.parametrize(
    "told",
    [{"id": "x" * 201}, {"id": 4.2e11}, {"id": ["a"]}, {"recording_url": "file:///etc/passwd"}, {"voicemail_url": "x"},
     {"region": "Germany"}, {"deleted": "perhaps"}, {"version": "new"}, {"updated_at": "soon"}, {"outcome": "great"},
     {"direction": "sideways"}],
)  # fmt: skip
def test_other_bad_values_are_named(told: dict[str, Any]) -> None:
    assert f"`{next(iter(told))}`" in reason(**told)


def test_a_call_that_is_not_over_is_not_told() -> None:
    assert read_row(row(outcome="in_progress"), DIRECTORY).leg is None


def test_a_deletion_needs_no_more_than_the_id() -> None:
    told = read_row({"id": "pbx-42", "deleted": "yes"}, DIRECTORY)
    assert (told.withdrawn, told.leg) == (True, None)
    assert leg(deleted=True).withdrawn


def told(**more: Any) -> Told:
    return read_row(row(**more), DIRECTORY)


@pytest.mark.parametrize(
    ("first", "second", "kept"),
    [
        ({}, {}, "second"),
        ({"version": 2}, {"version": 10}, "second"),
        ({"version": 10}, {"version": 2}, "first"),
        ({"updated_at": 1767607300}, {"updated_at": "2026-01-05T10:00:00Z"}, "first"),
        ({"version": 2}, {}, "second"),
        ({"version": 2}, {"version": 2}, "second"),
    ],
)
def test_of_two_rows_of_one_call_the_later_version_counts(first: dict, second: dict, kept: str) -> None:
    rows = [told(notes="first", **first), told(notes="second", **second)]
    assert [one.leg.notes for one in latest(rows, {}) if one.leg] == [(kept,)]


def test_a_version_older_than_what_was_told_before_is_passed_over() -> None:
    assert not latest([told(version=2)], {"pbx-42": (3.0, 0.0)})
    assert latest([told(version=4)], {"pbx-42": (3.0, 0.0)})


def test_legs_are_put_under_the_call_to_which_their_parents_lead() -> None:
    rows = [told(id="c", parent_id="b"), told(id="a"), told(id="b", parent_id="a"), told(id="d", parent_id="elsewhere")]
    folded = {one.record_id: one.leg.conversation_id for one in latest(rows, {}) if one.leg}
    assert folded == {"a": "a", "b": "a", "c": "a", "d": "elsewhere"}


def test_parents_in_a_circle_end_somewhere() -> None:
    assert len(latest([told(id="a", parent_id="b"), told(id="b", parent_id="a")], {})) == 2
