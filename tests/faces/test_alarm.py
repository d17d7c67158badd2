"""Alerts by webhook: each once, and once more when it is over; a webhook that is down is told later."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from activity_sync.checks.alarm import sound
from activity_sync.model.decisions import Owner, State
from activity_sync.steps.silence import SILENT, look_for_silence
from activity_sync.store import facts, shadow
from activity_sync.wiring import App, open_app
from tests.builders import NOON, a_copy, a_meeting, a_user, at, settings
from tests.store.builders import judged, stored


@dataclass(slots=True)
class Ear:
    """What was heard; `answer`: the status that is given."""

    url: str = ""
    heard: list[dict[str, Any]] = field(default_factory=list)
    answer: int = 200


@pytest.fixture
def ear() -> Iterator[Ear]:
    listening = Ear()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if listening.answer == 200:
                listening.heard.append(json.loads(body))
            self.send_response(listening.answer)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    listening.url = f"http://127.0.0.1:{server.server_port}/hook"
    yield listening
    server.shutdown()
    server.server_close()


@pytest.fixture
def app(ear: Ear, sqlite_url: str, tmp_path: Path) -> Iterator[App]:
    opened = open_app(settings(database=sqlite_url, alerts={"webhook": ear.url}), tmp_path)
    yield opened
    opened.close()


def silence(app: App, *names: str) -> None:
    with app.database.transaction() as session:
        found = [{"kind": "rep", "name": name, "since": NOON.isoformat()} for name in names]
        facts.keep_fact(session, SILENT, found, NOON)


def test_an_alert_is_told_once_until_it_is_over(app: App, ear: Ear) -> None:
    sound(app)
    assert ear.heard == []
    silence(app, "jo@acme.example")
    ear.answer = 500
    sound(app)
    ear.answer = 200
    for _ in range(2):
        sound(app)
    (told,) = ear.heard
    assert [one["about"] for one in told["alerts"]] == ["jo@acme.example"]
    assert "jo@acme.example" in told["text"]
    silence(app)
    sound(app)
    silence(app, "jo@acme.example")
    sound(app)
    assert [(len(one["alerts"]), len(one["resolved"])) for one in ear.heard] == [(1, 0), (0, 1), (1, 0)]


def test_who_was_there_every_day_and_is_no_more_is_silent(app: App) -> None:
    with app.database.transaction() as session:
        shadow.save_users(session, [a_user("jo@acme.example"), a_user("max@acme.example", active=False)])
        for day in range(5):
            start, end = at(days=-day - 7), at(days=-day - 7, minutes=60)
            (key,) = stored(session, a_copy(uid=f"u{day}", event_id=f"e{day}", start=start, end=end))
            meeting = a_meeting(key=key, start=start, end=end, source="workspace")
            judged(session, key, State.LOGGED, interaction=meeting, owner=Owner(rep="jo@acme.example"))
    look_for_silence(app.means, NOON)
    with app.database.reading() as session:
        assert [one["name"] for one in facts.fact(session, SILENT)] == ["jo@acme.example"]
    assert app.settings.alerts.silent_after is not None
    look_for_silence(app.means, at(days=-6))
    with app.database.reading() as session:
        assert facts.fact(session, SILENT) == []


def test_the_webhook_has_to_be_https_or_near() -> None:
    with pytest.raises(ValueError, match="https"):
        settings(alerts={"webhook": "http://hooks.acme.example/x"})
