"""The real daemon with its listener: a push is followed by a reading, long before its turn."""

from __future__ import annotations

import json
import re
import signal
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

import httpx
import pytest

from activity_sync.config import load
from activity_sync.daemon import Daemon
from activity_sync.store.leases import alone
from activity_sync.wiring import open_app
from tests.journeys.company import Company
from tests.journeys.conftest import Founded
from tests.journeys.desk import ago
from tests.journeys.nursery import Run
from tests.journeys.test_adopt import NORA, log_by_hand
from tests.web.conftest import KEY, TOKEN, row, standard

_PATIENCE = 60.0
T = TypeVar("T")


def until(look: Callable[[], T], what: str) -> T:
    """What the look comes to, once it is something."""
    end = time.monotonic() + _PATIENCE
    while not (found := look()):
        assert time.monotonic() < end, what
        time.sleep(0.1)
    return found


def said(run: Run) -> list[dict[str, Any]]:
    """What the daemon has logged."""
    text = (run._folder / "err").read_text()
    return [json.loads(line) for line in text.splitlines() if line.startswith("{")]


def address(run: Run) -> str:
    (found,) = until(lambda: [one["address"] for one in said(run) if one["event"] == "listening"], "it listens")
    assert re.fullmatch(r"127\.0\.0\.1:[1-9]\d+", found)
    return f"http://{found}"


def seldom_polled(company: Company) -> None:
    """Every connection is read once a day, unless it pushes."""
    company.configure(web={"listen": "127.0.0.1:0"}, logging={"format": "json"})
    dialers: list[dict[str, Any]] = company.stage._settings()["dialers"]
    aircall, workshop = ({**one, "poll_every": "24h"} for one in dialers)
    calendars = [{**one, "poll_every": "24h"} for one in company.stage._settings()["calendars"]]
    aircall["webhook"], workshop["webhook"] = {"secret": TOKEN}, {"secret": KEY}
    company.configure(dialers=[aircall, workshop], calendars=calendars)
    company.set_["activity_sync.schedule:HURRIED"] = {"seconds": 1}


def numbers(company: Company) -> list[str]:
    """The keys of the calls that were seen."""
    return [one["key"] for one in company.rows() if one["kind"] == "call"]


def test_a_push_is_followed_by_a_reading_at_once_and_pushed_rows_are_logged(
    found: Founded, request: pytest.FixtureRequest
) -> None:
    company = found(["A customer rings"])
    seldom_polled(company)
    run = company.start("run")
    request.addfinalizer(run.kill)
    at = address(run)
    with httpx.Client(base_url=at, trust_env=False, timeout=20) as client:
        until(lambda: client.get("/readyz").status_code == 200, "it is ready")
        until(lambda: [one for one in said(run) if one["event"] == "round"], "the first round is over")
        company.stage.play(1)
        seen = len(company.stage.aircall.requests)
        assert client.post("/hooks/aircall", json={"token": "forged"}).status_code == 401
        time.sleep(3)
        assert (len(company.stage.aircall.requests), numbers(company)) == (seen, [])
        for _ in range(20):
            assert client.post("/hooks/aircall", json={"token": TOKEN}).status_code == 202
        until(lambda: numbers(company), "the call that was pushed")
        readings = len(company.stage.aircall.requests) - seen
        assert readings <= 6

        body = json.dumps([row("pbx-1")]).encode()
        headers = {name.replace("_", "-"): value for name, value in standard(body).items()}
        before = len(numbers(company))
        for _ in range(2):
            assert client.post("/hooks/workshop", content=body, headers=headers).json()["accepted"] == 1
        until(lambda: len(numbers(company)) > before, "the row that was pushed")
        assert len(numbers(company)) == before + 1
    began = time.monotonic()
    run.send(signal.SIGTERM)
    done = run.done()
    assert (done.exit, time.monotonic() - began < 10) == (0, True), done.err[-2000:]
    company.printed.append(done.words)
    assert not [word for word in (TOKEN, KEY, "forged") if word in done.words]


def test_two_daemons_two_dialers_and_a_rep_log_one_call_once(found: Founded, request: pytest.FixtureRequest) -> None:
    company = found(["Nobody knows the stranger"])
    seldom_polled(company)
    runs = [company.start("run"), company.start("run")]
    for run in runs:
        request.addfinalizer(run.kill)
    first, second = (address(run) for run in runs)
    until(lambda: [one for run in runs for one in said(run) if one["event"] == "round"], "the first round is over")
    at = ago(minutes=30)
    company.stage.aircall.add_call("inbound", NORA, at, line=company.stage.world.reps[0].line, talk=120)
    body = json.dumps([row("pbx-1", **{"from": NORA}, started_at=(at + timedelta(seconds=20)).isoformat())]).encode()
    headers = {name.replace("_", "-"): value for name, value in standard(body).items()}
    with httpx.Client(trust_env=False, timeout=20) as client:
        assert client.post(f"{first}/hooks/aircall", json={"token": TOKEN}).status_code == 202
        assert client.post(f"{second}/hooks/workshop", content=body, headers=headers).status_code == 202
    log_by_hand(company, Call_Start_Time=at + timedelta(seconds=50))
    until(lambda: len(numbers(company)) == 2, "both were seen")
    for run in runs:
        run.send(signal.SIGTERM)
    for run in runs:
        done = run.done()
        company.printed.append(done.words)
        assert done.exit == 0, done.err[-2000:]
    for _ in range(19):  # what people did in Zoho is read in turn
        company.sync()
        if len(company.written("Calls")) == 1:
            break
    assert len(company.written("Calls")) == 1
    assert not any(company.sync()["writes"].values())


def test_a_lease_in_other_hands_is_said_once(found: Founded, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    company = found(["A customer rings"])
    settings = load(company.config, {})
    daemon = Daemon(lambda: settings, lambda one: open_app(one, tmp_path), threading.Event())
    try:
        with alone(daemon._app.database):
            for _ in range(3):
                daemon._schedule.done.clear()
                daemon._tick()
        assert "".join(capfd.readouterr()).count("Another Activity Sync is at work") == 1
        assert daemon._schedule.hurried == {"zoho", "workspace", "aircall", "workshop"}  # what was due is wanted still
        daemon._schedule.done.clear()
        daemon._tick()
        with alone(daemon._app.database):
            daemon._schedule.done.clear()
            daemon._tick()
        assert "".join(capfd.readouterr()).count("Another Activity Sync is at work") == 1
    finally:
        daemon._app.close()
