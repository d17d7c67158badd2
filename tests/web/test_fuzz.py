"""Whatever comes to a hook, it is answered, and never with a failure of ours."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from activity_sync.schedule import Schedule
from activity_sync.web import Listener
from activity_sync.web.limits import Rate
from tests.web.conftest import TOKEN, VERIFY, Served, opened, plain, row

NAMES = st.sampled_from(["aircall", "ring", "pbx", "import/pbx", "twilio", "resting", "polled", "import", "zoho"])
HEADERS = st.dictionaries(
    st.sampled_from([
        "webhook-id", "webhook-timestamp", "webhook-signature", "x-signature", "validation-token", "content-type",
        "verification-token", "x-twilio-signature", "x-twilio-webhooks-signature-settings", "x-forwarded-for",
    ]),
    st.one_of(
        st.binary(max_size=60).map(lambda raw: bytes(one for one in raw if one >= 32 and one != 127).strip()),
        st.sampled_from([TOKEN, VERIFY, "v1,AAAA", "sha256=00", "1767607200", "key=a,algorithm=x"]).map(str.encode),
    ),
    max_size=5,
)  # fmt: skip
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
KEYS = st.sampled_from([
    "id", "started_at", "direction", "from", "to", "outcome", "talk_seconds", "duration_seconds", "rep_extension",
    "tags", "version", "updated_at", "deleted", "timezone", "recording_url", "region", "external", "parent_id", "notes",
    "extra",
])  # fmt: skip
VALUES = JSON | st.sampled_from(
    ["in", "9" * 400, "1e999", "-1", "+44 7700 900123", "\ud800", "0" * 17, 10**30, "Z" * 300]
)
TWILIO = {"name": "twilio", "kind": "twilio", "account_sid": "AC1", "auth_token": "twilio-auth-words"}
quietly = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One listener for all examples."""
    from tests.web.conftest import DIALERS

    folder: Path = tmp_path_factory.mktemp("fuzz")
    web = {"listen": "127.0.0.1:0", "public_url": "https://sync.acme.example"}
    app = opened(folder, {"dialers": [*DIALERS, TWILIO], "web": web})
    schedule, much = Schedule(app.settings), Rate(at_once=1e9, a_second=1e9)
    listener = Listener(app, schedule, peers=much, connections=much)
    listener.start()
    assert listener.wait(10)
    assert listener.address is not None
    with httpx.Client(base_url="http://{}:{}".format(*listener.address), trust_env=False, timeout=20) as client:
        yield Served(app, schedule, listener, client)
    listener.stop()
    app.close()


@quietly
@given(name=NAMES, headers=HEADERS, body=st.binary(max_size=200) | JSON.map(lambda one: json.dumps(one).encode()))
def test_no_push_makes_us_fail(served: Served, name: str, headers: dict[str, bytes], body: bytes) -> None:
    answer = served.client.post(f"/hooks/{name}", content=body, headers=headers)
    assert answer.status_code in {200, 202, 400, 401, 404}
    assert served.client.get("/healthz").status_code == 200


@quietly
@given(changes=st.lists(st.dictionaries(KEYS, VALUES, max_size=6), max_size=4), more=st.lists(JSON, max_size=2))
def test_no_signed_row_makes_us_fail_and_every_row_is_told_of(
    served: Served, changes: list[dict[str, Any]], more: list[Any]
) -> None:
    rows = [*(row(index) | change for index, change in enumerate(changes)), *more]
    raw = json.dumps(rows).encode()
    answer = served.push("pbx", content=raw, X_Signature=plain(raw))
    if answer.status_code == 400:  # what Python calls JSON is not always
        assert any(word in raw for word in (b"NaN", b"Infinity", b"\\ud"))
        return
    assert answer.status_code == 202
    told = answer.json()
    assert told["accepted"] + len(told["rejected"]) == len(rows)


@quietly
@given(path=st.text(max_size=30), method=st.sampled_from(["GET", "POST", "PUT"]))
def test_no_path_makes_us_fail(served: Served, path: str, method: str) -> None:
    from urllib.parse import quote

    answer = served.client.request(method, "/hooks/" + quote(path.encode("utf-8", "replace"), safe="/?&=%.;"))
    assert answer.status_code in {400, 401, 404, 405}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(noise=st.binary(max_size=120))
def test_noise_instead_of_http_does_not_end_the_listener(served: Served, noise: bytes) -> None:
    assert served.listener.address is not None
    with socket.create_connection(served.listener.address, timeout=5) as wire:
        wire.sendall(noise + b"\r\n\r\n")
    assert served.client.get("/healthz").status_code == 200
