"""Zoho's notifications: a channel that lives as long as it is wanted, and pushes that prove where they come from."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from activity_sync.rules.pushes import accepts, channel_token
from activity_sync.simulator.clock import Clock
from activity_sync.simulator.mishaps import Mishap
from activity_sync.simulator.zoho import ALL_SCOPES, ZohoSimulator
from activity_sync.steps.channel import keep_channel, pushed
from activity_sync.steps.means import Means
from tests.zoho.shadowing import Shadowing, a_shadow
from tests.zoho.stage import NOW, a_stage

ON: dict[str, Any] = {"zoho": {"notifications": True}, "web": {"public_url": "https://hooks.acme.example"}}


def channels(company: Shadowing) -> list[Any]:
    return [one for one in company.sim.world.channels.values() if one.expiry > company.now()]


def switched_off(company: Shadowing) -> Means:
    zoho = company.means.settings.zoho.model_copy(update={"notifications": False})
    return replace(company.means, settings=company.means.settings.model_copy(update={"zoho": zoho}))


@contextmanager
def a_listener() -> Iterator[tuple[str, list[Mapping[str, Any]]]]:
    """Somebody who hears pushes."""
    heard: list[Mapping[str, Any]] = []

    class Ear(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            heard.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(202)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            return

    with HTTPServer(("127.0.0.1", 0), Ear) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", heard
        server.shutdown()
        thread.join()


def test_a_channel_is_made_once_and_renewed_every_day(tmp_path: Path) -> None:
    with a_shadow(tmp_path, **ON) as company:
        company.load()
        [channel] = channels(company)
        assert channel.url == "https://hooks.acme.example/hooks/zoho"
        assert channel.events == ("Contacts.all", "Leads.all", "Accounts.all", "Deals.all")
        assert channel.expiry - company.now() > timedelta(days=6)
        for _ in range(9):
            company.round(timedelta(days=1, minutes=5))
            assert [one.id for one in channels(company)] == [channel.id]
        assert len(company.stage.asked("/actions/watch")) == 10


def test_a_channel_that_ended_while_we_were_away_is_made_again(tmp_path: Path) -> None:
    with a_shadow(tmp_path, **ON) as company:
        company.load()
        company.stage.clock.shift(timedelta(days=8))
        assert not channels(company)
        company.round()
        assert len(channels(company)) == 1


def test_a_channel_that_zoho_lost_is_made_again(tmp_path: Path) -> None:
    with a_shadow(tmp_path, **ON) as company:
        company.load()
        company.sim.world.channels.clear()
        company.round(timedelta(days=1, minutes=5))
        assert len(channels(company)) == 1


@pytest.mark.parametrize("mishap", [Mishap.DROP_AFTER, Mishap.ERROR_AFTER, Mishap.HTML, Mishap.TRUNCATED])
def test_a_lost_answer_does_not_make_a_second_channel(tmp_path: Path, mishap: Mishap) -> None:
    with a_shadow(tmp_path, **ON) as company:
        company.sim.mishaps.plan(mishap, path="/actions/watch", times=5)
        company.rounds(2)
        company.sim.mishaps.clear()
        company.round(timedelta(hours=2))
        assert len(company.sim.world.channels) == 1


def test_a_channel_is_closed_when_it_is_switched_off(tmp_path: Path) -> None:
    with a_shadow(tmp_path, **ON) as company:
        company.load()
        off = switched_off(company)
        for _ in range(2):
            assert not keep_channel(off, company.now())
        assert not company.sim.world.channels
        assert len(company.stage.asked("/actions/watch")) == 2


def test_without_the_right_to_notifications_it_is_said_and_all_goes_on(tmp_path: Path) -> None:
    scopes = tuple(one for one in ALL_SCOPES if "notifications" not in one)
    with a_shadow(tmp_path, ZohoSimulator(Clock(NOW), scopes=scopes), **ON) as company:
        problems = company.rounds(3)
        assert [one.what for one in problems] == ["no notifications"]
        assert "ZohoCRM.notifications.ALL" in f"{problems[0]} {problems[0].as_json()}"


def test_without_notifications_nothing_is_asked(tmp_path: Path) -> None:
    with a_shadow(tmp_path) as company:
        company.load()
        assert not company.stage.asked("/actions/watch")


def test_what_zoho_pushes_is_believed_and_nothing_else(tmp_path: Path) -> None:
    with a_listener() as (url, heard), a_shadow(tmp_path, **ON) as company:
        company.load()
        [channel] = channels(company)
        channel.url = url
        company.stage.clock.shift(timedelta(minutes=1))
        company.sim.add("Contacts", Last_Name="New")
        assert company.sim.push(twice=True, shuffled=True) == [202, 202]
        assert company.sim.push() == []
        assert [(one["module"], one["operation"]) for one in heard] == [("Contacts", "insert")] * 2
        assert all(pushed(company.means, one) for one in heard)
        for change in ({"token": "x"}, {"token": None}, {"token": ""}, {"channel_id": "1"}, {"channel_id": None}):
            assert not pushed(company.means, {**heard[0], **change})
        for other in (None, [], "text", 7, {}):
            assert not pushed(company.means, other)
        assert not pushed(switched_off(company), heard[0])


def test_a_token_is_of_one_channel_and_one_secret() -> None:
    token = channel_token("secret", "1")
    assert len(token) <= 50
    assert token != channel_token("secret", "2")
    assert token != channel_token("other", "1")
    assert accepts({"channel_id": "1", "token": token}, "1", token)
    assert accepts({"channel_id": 1, "token": token}, "1", token)
    assert not accepts({"channel_id": "", "token": ""}, "", "")
    assert not accepts({"channel_id": "1", "token": "ä\ud800"}, "1", token)


def test_the_made_up_zoho_gives_a_channel_an_hour_when_too_long_a_life_is_asked_for() -> None:
    with a_stage() as stage:
        now = stage.clock.now()
        ends = stage.crm.open_channel("1", "t", "https://hooks.acme.example", now + timedelta(days=8))
        assert ends == now + timedelta(hours=1)
        assert stage.crm.renew_channel("1", now + timedelta(days=6)) == now + timedelta(days=6)
        stage.crm.close_channel("1")
        stage.crm.close_channel("1")
