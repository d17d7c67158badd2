"""A listener on loopback, and a sender who knows the secrets."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from activity_sync.model.settings import Settings
from activity_sync.schedule import Schedule
from activity_sync.web import Listener
from activity_sync.wiring import App, open_app
from tests.config.builders import settings_of

KEY = "whsec_c2VjcmV0a2V5LW9mLXRoZS1wYng="
TOKEN = "aircall-token-of-the-webhook"
VERIFY = "ringcentral-token-of-ours"


def now() -> datetime:
    """The moment of asking: the modules are imported long before the last test of a long run."""
    return datetime.now(UTC)


AIRCALL = {"name": "aircall", "kind": "aircall", "api_id": "id", "api_token": "api-token-words"}
RINGCENTRAL = {
    "name": "ring",
    "kind": "ringcentral",
    "client_id": "c",
    "client_secret": "client-words",
    "jwt": "jwt-words",
}
IMPORT = {"name": "pbx", "kind": "import", "webhook": {"secret": KEY}}
DIALERS = [
    {**AIRCALL, "webhook": {"secret": TOKEN}},
    {**RINGCENTRAL, "webhook": {"secret": VERIFY}},
    IMPORT,
    {**AIRCALL, "name": "resting", "enabled": False, "webhook": {"secret": TOKEN}},
    {**AIRCALL, "name": "polled"},
]


@dataclass
class Served:
    """The listener, and who talks to it. `schedule.hurried`: what pushes brought forward."""

    app: App
    schedule: Schedule
    listener: Listener
    client: httpx.Client

    @property
    def hurried(self) -> set[str]:
        return self.schedule.hurried

    def push(self, name: str, body: object = None, content: bytes | None = None, **headers: str) -> httpx.Response:
        """A push with this JSON, or with these bytes."""
        raw = json.dumps(body).encode() if content is None else content
        told = {key.replace("_", "-"): value for key, value in headers.items()}
        return self.client.post(f"/hooks/{name}", content=raw, headers=told)

    def rows(self, body: object, delivery: str = "msg_1", path: str = "pbx", **headers: str) -> httpx.Response:
        """Pushed rows, signed by the standard."""
        raw = json.dumps(body).encode()
        return self.push(path, content=raw, **(standard(raw, delivery) | headers))

    def figure(self, name: str, **labels: str) -> float | None:
        """A figure of /metrics."""
        from prometheus_client.parser import text_string_to_metric_families

        for family in text_string_to_metric_families(self.client.get("/metrics").text):
            for sample in family.samples:
                if sample.name == f"activity_sync_{name}" and labels.items() <= sample.labels.items():
                    return float(sample.value)
        return None

    def file(self) -> Path:
        """Where the rows of `pbx` wait."""
        assert self.app.database.file is not None
        return self.app.database.file.with_name("webhook") / "pbx" / "rows.jsonl"

    def stored(self) -> list[str]:
        """The ids of the rows that wait."""
        return [json.loads(line)["id"] for line in self.file().read_text().splitlines()] if self.file().exists() else []


def standard(body: bytes, delivery: str = "msg_1", at: float | None = None, key: str = KEY) -> dict[str, str]:
    """The headers of Standard Webhooks, made by hand."""
    stamp = f"{time.time() if at is None else at:.0f}"
    secret = base64.b64decode(key.removeprefix("whsec_"))
    signed = base64.b64encode(hmac.digest(secret, f"{delivery}.{stamp}.".encode() + body, hashlib.sha256)).decode()
    return {"webhook_id": delivery, "webhook_timestamp": stamp, "webhook_signature": f"v1,{signed}"}


def plain(raw: bytes, key: bytes = KEY.encode()) -> str:
    """The header of a simple telephone system."""
    return "sha256=" + hmac.new(key, raw, hashlib.sha256).hexdigest()


def row(number: object = 1, **more: Any) -> dict[str, Any]:
    """A call of an hour ago."""
    started = (now() - timedelta(hours=1)).isoformat()
    told = {"id": str(number), "started_at": started, "direction": "in", "from": "+447700900123", "to": "+442079460100"}
    return {**told, "talk_seconds": 60, "rep_email": "jo@acme.example", **more}


def opened(folder: Path, changes: dict[str, Any]) -> App:
    """The program on this config, with nobody there to talk to."""
    web = {"listen": "127.0.0.1:0"}
    settings: Settings = settings_of(folder, {"web": web, "dialers": DIALERS, **changes})
    return open_app(settings, folder)


Serve = Callable[..., Served]


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    """Starts a listener. `limits`: `peers`, `connections`; `changes`: of the config."""
    open_ones: list[Served] = []

    def start(limits: dict[str, Any] | None = None, **changes: Any) -> Served:
        app = opened(tmp_path, changes)
        schedule = Schedule(app.settings)
        listener = Listener(app, schedule, **(limits or {}))
        listener.start()
        assert listener.wait(10)
        assert listener.address is not None
        client = httpx.Client(base_url="http://{}:{}".format(*listener.address), trust_env=False, timeout=20)
        open_ones.append(Served(app, schedule, listener, client))
        return open_ones[-1]

    yield start
    for one in open_ones:
        one.client.close()
        one.listener.stop()
        one.app.close()


@pytest.fixture
def served(serve: Serve) -> Served:
    """A listener with the usual connections."""
    return serve()
