"""What goes into the database comes out exactly as it was."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from activity_sync.model.interactions import (
    CallLeg,
    Direction,
    MeetingCopy,
    Outcome,
    Participant,
    Privacy,
    RepShare,
    Response,
    fingerprint,
)
from activity_sync.model.records import FieldFacts, OrgFacts, Stage
from activity_sync.store.columns import from_json, storable, to_json
from activity_sync.store.payloads import org_from, org_payload, sighting_from, sighting_payload

# Anything UTF-8 can carry, NUL too: JSON text escapes it.
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
TEXTS = st.lists(TEXT, max_size=3).map(tuple)
TIMES = st.datetimes(datetime(1970, 1, 2), datetime(2099, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
MAYBE_TIMES = st.none() | TIMES
BOOLS = st.booleans()
PEOPLE = st.builds(Participant, email=TEXT, name=TEXT, response=st.sampled_from(Response), organizer=BOOLS, room=BOOLS)
COPIES = st.builds(
    MeetingCopy,
    **dict.fromkeys(["source", "calendar", "event_id", "uid", "occurrence", "title", "notes", "location"], TEXT),
    **dict.fromkeys(["kind_of_event", "conference_url"], TEXT),
    **dict.fromkeys(["all_day", "participants_hidden", "gone", "marked"], BOOLS),
    **dict.fromkeys(["start", "end"], TIMES),
    **dict.fromkeys(["created", "updated"], MAYBE_TIMES),
    privacy=st.sampled_from(Privacy),
    categories=TEXTS,
    participants=st.lists(PEOPLE, max_size=3).map(tuple),
)
SECONDS = st.integers(0, 2**40)
REPS = st.builds(RepShare, email=TEXT, talk_seconds=SECONDS, last_at=MAYBE_TIMES)
LEGS = st.builds(
    CallLeg,
    **dict.fromkeys(["source", "record_id", "conversation_id", "outside_number", "outside_name", "line"], TEXT),
    **dict.fromkeys(["line_name", "line_rep", "region", "queue", "summary", "disposition", "recording_url"], TEXT),
    **dict.fromkeys(["answered", "ended"], MAYBE_TIMES),
    **dict.fromkeys(["notes", "tags"], TEXTS),
    **dict.fromkeys(["final", "withdrawn"], BOOLS),
    direction=st.sampled_from(Direction),
    outcome=st.sampled_from(Outcome),
    started=TIMES,
    talk_seconds=st.none() | SECONDS,
    reps=st.lists(REPS, max_size=3).map(tuple),
    extra=st.dictionaries(TEXT, TEXT, max_size=3),
)
SIGHTINGS = st.one_of(COPIES, LEGS)


@settings(max_examples=150, deadline=None)
@given(SIGHTINGS)
def test_a_sighting_comes_out_exactly_as_it_went_in(sighting: MeetingCopy | CallLeg) -> None:
    kind = "meeting" if isinstance(sighting, MeetingCopy) else "call"
    back = sighting_from(kind, from_json(to_json(sighting_payload(sighting))))
    assert back == sighting
    assert fingerprint(back) == fingerprint(sighting)
    assert back.key == sighting.key
    assert type(back) is type(sighting)


def test_every_member_of_a_sighting_is_tried() -> None:
    strategies: list[tuple[Any, Any]] = [(COPIES, MeetingCopy), (LEGS, CallLeg)]
    for made, model in strategies:
        assert set(model.__dataclass_fields__) == set(made.wrapped_strategy.kwargs)


def test_what_an_older_version_kept_is_still_read() -> None:
    moment = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
    sighting = MeetingCopy(
        source="w", calendar="c", event_id="e", uid="u", start=moment, end=moment + timedelta(hours=1)
    )
    older = {name: value for name, value in sighting_payload(sighting).items() if name != "conference_url"}
    assert sighting_from("meeting", older | {"dropped_since": 1}) == sighting


def test_the_facts_of_the_org_come_out_as_they_went_in() -> None:
    org = OrgFacts(
        org_id="1",
        company="Acme",
        edition="enterprise",
        licences=7,
        time_zone="Europe/London",
        stages=(Stage(name="Won", pipeline="New", order=3, closed=True, won=True),),
        fields={"Events": {"Event_Title": FieldFacts(api_name="Event_Title", length=255, picklist=("a", "b"))}},
        key_field=frozenset({"Events", "Calls"}),
        key_unique=frozenset({"Events"}),
    )
    assert org_from(from_json(to_json(org_payload(org)))) == org


@given(
    st.recursive(
        st.none() | BOOLS | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
    )
)
def test_any_json_value_comes_out_as_it_went_in(value: Any) -> None:
    assert from_json(to_json(value)) == value


def test_half_a_surrogate_pair_and_a_huge_number_survive_json() -> None:
    for value in ("\ud83d", 2**70, {"\udc00": ["\ud83d"]}):
        assert from_json(to_json(value)) == value
        to_json(value).encode()


@given(st.text())
def test_words_are_storable_and_stay_as_they_are_when_they_can(text: str) -> None:
    kept = storable(text)
    assert "\0" not in kept
    kept.encode()
    if text.isprintable() and not any("\ud800" <= character <= "\udfff" for character in text):
        assert kept == text
