"""Google's calendar service over real HTTP: pages, windows, key files, refusals."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from activity_sync.calendars import open_calendar
from activity_sync.model.failures import Refused, SignInAgain, StartOver, TryLater
from activity_sync.model.ports import Changes
from activity_sync.simulator.mishaps import Mishap
from tests.sources.stage import DAY, HOUR, JO, MAX, NOON, GoogleStage, Tokens, calendar, settings, span


@pytest.fixture
def google(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[GoogleStage]:
    monkeypatch.setattr("activity_sync.calendars.google.service.TRIES", 1)
    with GoogleStage(tmp_path).serve() as stage:
        yield stage


def read(google: GoogleStage, part: str = JO) -> Changes:
    changes: Changes = google.source.read(part, "", span())
    return changes


def refusal(google: GoogleStage) -> SignInAgain:
    with pytest.raises(SignInAgain) as caught:
        read(google)
    return caught.value


def test_every_page_is_read_and_an_empty_one_ends_nothing(google: GoogleStage) -> None:
    for minute in range(7):
        google.meet(f"Meeting {minute}", NOON + timedelta(minutes=minute))
    google.simulator.listings.page_limit, google.simulator.listings.empty_pages = 3, 2
    assert len(read(google).sightings) == 7


def test_only_reading_is_asked_for_and_nobody_but_the_rep_is_impersonated(google: GoogleStage) -> None:
    google.meet()
    read(google)
    listings = [request for request in google.simulator.requests if "/events" in request.path]
    assert {request.method for request in listings} == {"GET"}
    assert {request.path for request in listings} == {"/calendar/v3/calendars/primary/events"}
    assert not any("q" in request.query or "syncToken" in request.query for request in listings)


def test_one_poll_of_a_rep_is_one_request(google: GoogleStage) -> None:
    google.meet()
    read(google)
    before = len(google.simulator.requests)
    read(google)
    assert len(google.simulator.requests) == before + 1


def test_reps_are_read_side_by_side(google: GoogleStage) -> None:
    for rep in (JO, MAX):
        google.simulator.put_event([rep], start=NOON, end=NOON + HOUR, summary=rep)
    found: dict[tuple[str, int], list[Any]] = {}

    def ask(rep: str, turn: int) -> None:
        found[rep, turn] = [copy.title for copy in google.source.read(rep, "", span()).sightings]

    threads = [threading.Thread(target=ask, args=(rep, turn)) for rep in (JO, MAX) for turn in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {(rep, turn): [rep] for rep in (JO, MAX) for turn in range(4)}


def test_all_day_events_at_the_edges_of_the_window_are_not_lost(google: GoogleStage) -> None:
    first, last = span().oldest.date() + DAY, span().newest.date()
    ids = {google.simulator.put_event([JO], start=day, end=day + DAY, summary="Fair") for day in (first, last)}
    assert {copy.event_id for copy in google.copies()} == ids


def test_a_day_belongs_to_the_window_by_the_companys_clock_not_the_calendars(google: GoogleStage) -> None:
    google.simulator.add_calendar("lee@acme.example", "Lee", "America/Los_Angeles")
    day = span().newest.date()
    google.simulator.put_event(["lee@acme.example"], start=day, end=day + DAY, summary="Fair")
    early = span(NOON - 6 * HOUR)  # it is past midnight in London, and not yet in Los Angeles
    assert [copy.title for copy in google.source.read("lee@acme.example", "", early).sightings] == ["Fair"]


def test_a_series_is_handed_over_occurrence_by_occurrence(google: GoogleStage) -> None:
    starts = [NOON + week * 7 * DAY for week in range(2)]
    google.simulator.put_series(
        [JO], starts=starts, length=HOUR, recurrence="RRULE:FREQ=WEEKLY;COUNT=2", summary="Weekly"
    )
    copies = google.copies()
    assert [copy.occurrence for copy in copies] == [start.isoformat() for start in starts]
    assert len({copy.uid for copy in copies}) == 1
    assert len({copy.key for copy in copies}) == 2


def test_a_huge_description_does_not_stop_the_rest(google: GoogleStage) -> None:
    google.meet("Huge", description="<p>" + "word " * 2_000_000 + "</p>")
    google.meet("Small")
    assert {copy.title: len(copy.notes) <= 30_000 for copy in google.copies()} == {"Huge": True, "Small": True}


def test_the_listed_reps_are_the_parts(google: GoogleStage) -> None:
    source = calendar(google.folder, google.url, google.simulator.service_account_key(), reps=["Max@acme.example"])
    assert source.parts([]) == (MAX,)


def test_missing_delegation_names_the_client_and_the_scope(google: GoogleStage) -> None:
    google.simulator.tokens.delegated.clear()
    refused = refusal(google)
    assert google.simulator.service_account_key()["client_id"] in refused.next_step
    assert "calendar.events.readonly" in refused.next_step


def test_an_unknown_or_suspended_rep_is_named(google: GoogleStage) -> None:
    with pytest.raises(SignInAgain, match=r"ghost@acme\.example"):
        read(google, "ghost@acme.example")


@pytest.mark.parametrize(
    ("status", "reason", "failure"),
    [
        (403, "rateLimitExceeded", TryLater),
        (403, "userRateLimitExceeded", TryLater),
        (403, "quotaExceeded", TryLater),
        (429, "rateLimitExceeded", TryLater),
        (503, "backendError", TryLater),
        (403, "insufficientPermissions", SignInAgain),
        (403, "accessNotConfigured", SignInAgain),
        (403, "notACalendarUser", SignInAgain),
        (403, "forbidden", SignInAgain),
        (401, "authError", SignInAgain),
        (404, "notFound", SignInAgain),
        (410, "fullSyncRequired", StartOver),
        (400, "badRequest", Refused),
    ],
)
def test_refusals_are_named_by_what_happens_next(google: GoogleStage, status: int, reason: str, failure: type) -> None:
    google.simulator.refuse(JO, status, reason)
    with pytest.raises(failure) as caught:
        read(google)
    assert isinstance(caught.value, failure)
    assert caught.value.next_step or failure is not SignInAgain


def test_a_busy_service_is_asked_again(google: GoogleStage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("activity_sync.calendars.google.service.TRIES", 2)
    google.meet()
    google.simulator.mishaps.plan(Mishap.ERROR_BEFORE, path="/events")
    assert len(read(google).sightings) == 1


def test_a_service_that_is_asked_too_fast_is_asked_again(google: GoogleStage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("activity_sync.calendars.google.service.TRIES", 2)
    google.meet()
    google.simulator.refuse(JO, 403, "userRateLimitExceeded", times=1)
    assert len(read(google).sightings) == 1


def test_a_token_that_died_is_renewed(google: GoogleStage) -> None:
    google.meet()
    read(google)
    google.simulator.mishaps.plan(Mishap.UNAUTHORIZED, path="/events")
    assert len(read(google).sightings) == 1


def test_a_token_service_that_is_down_or_no_token_service_is_told_apart(google: GoogleStage) -> None:
    google.simulator.mishaps.plan(Mishap.DROP_BEFORE, path="/token", times=9)
    with pytest.raises(TryLater):
        read(google)


WRONG_KEYS: dict[str, Any] = {
    "is not JSON": b"-----BEGIN PRIVATE KEY----- hunter2",
    "is not a service account's key": b"[]",
    "is an OAuth client's file": b'{"installed": {"client_secret": "hunter2"}}',
    "is of another type": b'{"type": "authorized_user", "refresh_token": "hunter2"}',
    "has no client_email": {"client_email": ""},
    "has no token_uri": {"token_uri": None},
    "has a token_uri that is not an https address": {"token_uri": "http://tokens.example/token"},
    "has a private_key that cannot be read": {"private_key": "hunter2"},
}


@pytest.mark.parametrize("what", WRONG_KEYS)
def test_a_wrong_key_file_is_named_without_its_contents(google: GoogleStage, what: str) -> None:
    wrong = WRONG_KEYS[what]
    raw = wrong if isinstance(wrong, bytes) else json.dumps(google.simulator.service_account_key() | wrong).encode()
    file = google.folder / "google.json"
    file.write_bytes(raw)
    refused = refusal(google)
    assert f"{file} {what}" in refused.why
    assert refused.next_step
    assert "hunter2" not in refused.why + refused.next_step


def test_a_missing_key_file_is_named_and_noticed_when_it_comes(google: GoogleStage) -> None:
    google.meet()
    file = google.folder / "google.json"
    held = file.read_bytes()
    file.unlink()
    assert str(file) in refusal(google).why
    file.write_bytes(held)
    assert len(read(google).sightings) == 1


def test_a_revoked_key_says_so(google: GoogleStage) -> None:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    other = rsa.generate_private_key(65537, 2048).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    key = google.simulator.service_account_key() | {"private_key": other.decode()}
    (google.folder / "google.json").write_text(json.dumps(key))
    assert "key" in refusal(google).why


def test_one_persons_own_calendar_wants_the_person_to_sign_in() -> None:
    whole = settings(calendars=[{"name": "mine", "kind": "google", "reps": ["someone@acme.example"]}])
    source = open_calendar(whole.calendars[0], whole, Tokens(), lambda: NOON)
    assert source.parts([]) == ("someone@acme.example",)
    with pytest.raises(SignInAgain, match="Nobody signed in for calendar mine"):
        source.probe(JO)
