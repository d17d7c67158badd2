"""Pushes of Zoom, Dialpad, Quo and CloudTalk over HTTP: the answer that each waits for, and nothing but a reading."""

from __future__ import annotations

import hmac
import time
from typing import Any

import orjson

from tests.sources.test_vendor_hooks import KEY, TOKEN, WORD
from tests.web.conftest import Serve, Served, standard

ZOOM = {"account_id": "a", "client_id": "c", "client_secret": "client-words", "webhook": {"secret": "zoomsecret"}}
DIALERS = [
    {"name": "zoom", "kind": "zoom_phone", **ZOOM},
    {"name": "dialpad", "kind": "dialpad", "api_key": "key-words", "webhook": {"secret": WORD}},
    {"name": "quo", "kind": "quo", "api_key": "key-words", "webhook": {"secret": KEY}},
    {"name": "cloudtalk", "kind": "cloudtalk", "api_id": "a", "api_key": "b", "webhook": {"secret": "of-ours"}},
    {"name": "polled", "kind": "quo", "api_key": "key-words"},
]


def zooms(served: Served, body: dict[str, Any], at: float | None = None) -> Any:
    """A notice that Zoom signed."""
    raw, stamp = orjson.dumps(body), f"{time.time() if at is None else at:.0f}"
    signature = hmac.new(b"zoomsecret", f"v0:{stamp}:".encode() + raw, "sha256").hexdigest()
    headers = {"x_zm_request_timestamp": stamp, "x_zm_signature": f"v0={signature}"}
    return served.push("zoom", content=raw, **headers)


def test_each_vendor_is_known_by_its_own_scheme_and_only_brings_its_reading_forward(serve: Serve) -> None:
    served = serve(dialers=DIALERS)
    question = {"event": "endpoint.url_validation", "payload": {"plainToken": "abc123"}}
    answer = served.push("zoom", question)
    assert (answer.status_code, answer.json()["encryptedToken"][:8]) == (200, "26f5ea8d")
    assert served.hurried == set()
    ended = {"event": "phone.callee_call_element_completed", "payload": {}}
    assert served.push("zoom", ended).status_code == 401
    assert zooms(served, ended, at=time.time() - 90 * 86_400).status_code == 401
    assert served.push("dialpad", {"call_id": 1, "state": "hangup"}).status_code == 401
    assert served.push("dialpad", content=b"no token").status_code == 400
    assert served.push("quo", {"id": "EV1"}).status_code == 401
    assert served.push("cloudtalk", {"id": 1}, X_Webhook_Secret="another").status_code == 401
    assert served.push("polled", {"id": "EV1"}).status_code == 404
    assert served.hurried == set()
    assert zooms(served, ended).status_code == 200  # after anything else Zoom sends it again
    assert served.push("dialpad", content=TOKEN).status_code == 202
    raw = orjson.dumps({"type": "call.completed"})
    assert served.push("quo", content=raw, **standard(raw, key=KEY)).status_code == 202
    assert served.push("cloudtalk", {"id": 1}, Authorization="Bearer of-ours").status_code == 202
    assert served.hurried == {"zoom", "dialpad", "quo", "cloudtalk"}
