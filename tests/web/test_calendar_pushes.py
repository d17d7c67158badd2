"""Calendars that push: channels made, renewed and stopped, and only what proves itself brings a reading forward."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from activity_sync.model.records import User
from activity_sync.model.results import Problem
from activity_sync.schedule import Schedule
from activity_sync.simulator.clock import Clock
from activity_sync.simulator.google import GoogleSimulator
from activity_sync.simulator.microsoft import MicrosoftSimulator
from activity_sync.steps.means import Means
from activity_sync.steps.pushing import keep_channels
from activity_sync.store import channels, shadow
from tests.web.conftest import Serve, Served, now

JO, MAX = "jo@acme.example", "max@acme.example"
PUBLIC = "https://hooks.acme.example"


class Office:
    """Two people with calendars, a listener, and the connection `cal` that pushes to it."""

    def __init__(self, simulator: Any, served: Served, told: Any) -> None:
        self.sim, self.served, self.clock, self.told = simulator, served, simulator.clock, told
        self.means = replace(served.app.means, now=self.clock.now)

    def keep(self, means: Means | None = None) -> list[Problem]:
        return list(keep_channels(means or self.means, self.clock.now()))

    def living(self) -> list[Any]:
        return list(self.told.living())

    def rows(self) -> list[Any]:
        with self.means.database.reading() as session:
            return list(channels.channels(session))

    def off(self) -> Means:
        one = self.means.settings.calendars[0].model_copy(update={"push": False})
        return replace(self.means, settings=self.means.settings.model_copy(update={"calendars": (one,)}))

    def change(self) -> None:
        self.sim.put_event([JO], start=self.clock.now(), end=self.clock.now() + timedelta(hours=1))


@contextmanager
def _google(folder: Path, serve: Serve) -> Iterator[Office]:
    sim = GoogleSimulator(Clock(now()))
    with sim.serve() as url:
        (folder / "google.json").write_text(json.dumps(sim.service_account_key()))
        yield from _office(sim, sim.watching, serve, kind="google", service_account_file="google.json", api_url=url)


@contextmanager
def _microsoft(folder: Path, serve: Serve) -> Iterator[Office]:
    sim = MicrosoftSimulator(Clock(now()))
    with sim.serve():
        yield from _office(sim, sim.subscriptions, serve, kind="microsoft", **sim.settings())


def _office(sim: Any, told: Any, serve: Serve, **calendar: Any) -> Iterator[Office]:
    for email in (JO, MAX):
        sim.add_calendar(email)
    calendars = [{"name": "cal", "push": True, **calendar}]
    served = serve(calendars=calendars, web={"listen": "127.0.0.1:0", "public_url": PUBLIC})
    told.deliver_to = str(served.client.base_url)
    office = Office(sim, served, told)
    with office.means.database.transaction() as session:
        shadow.save_users(session, [User(id="1", email=JO), User(id="2", email=MAX)])
    yield office


@pytest.fixture(params=[_google, _microsoft], ids=["google", "microsoft"])
def office(request: pytest.FixtureRequest, tmp_path: Path, serve: Serve) -> Iterator[Office]:
    with request.param(tmp_path, serve) as opened:
        yield opened


def test_a_push_brings_only_its_calendar_forward(office: Office) -> None:
    assert office.keep() == []
    assert len(office.living()) == 2
    office.change()
    assert office.sim.push() == [202]
    assert office.served.hurried == {f"cal {JO}"}
    assert office.served.figure("pushes_total", connection="cal", outcome="accepted") == 1


def test_channels_are_renewed_before_they_end_and_made_again_when_they_did(office: Office) -> None:
    office.keep()
    asked = len(office.sim.requests)
    assert office.keep() == []
    assert len(office.sim.requests) == asked
    for _ in range(5):
        office.clock.shift(timedelta(days=1, minutes=5))
        assert len(office.living()) == 2
        office.keep()
        assert len(office.living()) == 2
        assert len(office.rows()) == 2
    office.clock.shift(timedelta(days=30))
    assert not office.living()
    office.keep()
    assert len(office.living()) == 2


def test_channels_stop_when_they_are_switched_off(office: Office) -> None:
    office.keep()
    assert office.keep(office.off()) == []
    assert (office.living(), office.rows()) == ([], [])
    office.change()
    assert office.sim.push() == []


def test_a_channel_of_somebody_who_left_stops(office: Office) -> None:
    office.keep()
    with office.means.database.transaction() as session:
        shadow.save_users(session, [User(id="1", email=JO), User(id="2", email=MAX, active=False)])
    office.keep()
    assert [one.part for one in office.rows()] == [JO]
    assert len(office.living()) == 1


def test_one_refused_calendar_is_told_once_and_tried_again_later(office: Office) -> None:
    if isinstance(office.sim, GoogleSimulator):
        office.sim.refuse_token(MAX)
    else:
        office.sim.close_mailbox(MAX)
    [problem] = office.keep()
    assert (problem.what, problem.where) == ("no pushes", f"cal: {MAX}")
    assert problem.next
    assert len(office.living()) == 1
    asked = len(office.sim.requests)
    assert office.keep() == []
    assert len(office.sim.requests) == asked
    office.clock.shift(timedelta(hours=1, minutes=1))
    assert office.keep() == []
    assert len(office.sim.requests) > asked


def test_an_address_that_nobody_answers_at_is_said(tmp_path: Path, serve: Serve) -> None:
    with _microsoft(tmp_path, serve) as office:
        office.told.deliver_to = "http://127.0.0.1:9"
        [problem] = office.keep()
        assert "web.public_url" in problem.next
        assert office.living() == []


def test_nothing_that_cannot_prove_itself_is_believed(tmp_path: Path, serve: Serve) -> None:
    with _google(tmp_path, serve) as office:
        office.keep()
        [row, _] = office.rows()
        state = {"X_Goog_Resource_State": "exists"}
        for headers in (
            {},
            state,
            {**state, "X_Goog_Channel_ID": row.channel},
            {**state, "X_Goog_Channel_ID": row.channel, "X_Goog_Channel_Token": "guess"},
            {**state, "X_Goog_Channel_ID": row.channel, "X_Goog_Channel_Token": row.digest},
            {**state, "X_Goog_Channel_ID": "other", "X_Goog_Channel_Token": office.living()[0].token},
        ):
            assert office.served.push("cal", content=b"", **headers).status_code in {400, 401}, headers
        assert office.served.push("cal?validationToken=x", content=b"").status_code == 400
        assert not office.served.hurried
        stored = b"".join(one.read_bytes() for one in tmp_path.glob("*.db*"))
        assert row.channel.encode() in stored
        assert not [one for one in office.living() if one.token.encode() in stored]


def test_what_microsoft_says_of_a_subscription_is_obeyed(tmp_path: Path, serve: Serve) -> None:
    with _microsoft(tmp_path, serve) as office:
        office.keep()
        [jo, _] = office.rows()
        forged = {"value": [{"subscriptionId": jo.channel, "clientState": "guess", "changeType": "updated"}]}
        for body, status in ((forged, 401), ({"value": []}, 400), ([], 400), ({"value": [7]}, 401)):
            assert office.served.push("cal", body).status_code == status, body
        assert not office.served.hurried
        assert office.sim.subscriptions.push_lifecycle(jo.channel, "reauthorizationRequired") == 202
        assert office.served.hurried == {f"cal {JO}"}
        office.clock.shift(timedelta(minutes=10))
        before = {one.channel: one.ends for one in office.rows()}
        office.keep()
        assert {one.channel for one in office.rows() if one.ends > before[one.channel]} == {jo.channel}
        assert office.sim.subscriptions.push_lifecycle(jo.channel, "missed") == 202
        assert office.sim.subscriptions.push_lifecycle(jo.channel, "subscriptionRemoved") == 202
        office.keep()
        assert len(office.living()) == 2
        assert jo.channel not in {one.channel for one in office.rows()}


def test_a_hurried_calendar_is_read_alone_and_not_too_often(served: Served) -> None:
    one = served.app.settings.dialers[0].name
    schedule, at = Schedule(served.app.settings), now()
    assert one in schedule.turn(at).sources
    schedule.hurry(f"{one} {JO}")
    schedule.hurry(f"nobody {JO}")
    assert schedule.turn(at + timedelta(seconds=2)).sources == {f"{one} {JO}"}
    schedule.hurry(f"{one} {JO}")
    assert not schedule.turn(at + timedelta(seconds=4)).sources
    assert schedule.turn(at + timedelta(seconds=20)).sources == {f"{one} {JO}"}
    schedule.hurry(f"{one} {JO}")
    assert f"{one} {JO}" not in schedule.turn(at + timedelta(days=1)).sources
    assert not schedule.hurried
