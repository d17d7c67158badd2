"""Pushes of vendors over HTTP: who is let in, and that it only brings the next reading forward."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from activity_sync.rules.pushes import channel_token
from activity_sync.schedule import ZOHO
from activity_sync.store import facts
from activity_sync.web.limits import LARGEST_BODY, Limit, Rate
from tests.web.conftest import AIRCALL, TOKEN, VERIFY, Serve, Served, now, row

ENDED = {"resource": "call", "event": "call.ended", "timestamp": 1767607530, "data": {"id": 1}}


def test_a_push_with_the_webhooks_token_brings_the_next_reading_forward_however_often(served: Served) -> None:
    for _ in range(5):
        answer = served.push("aircall", {**ENDED, "token": TOKEN})
        assert (answer.status_code, answer.json()) == (202, {"accepted": True})
    assert served.hurried == {"aircall"}
    assert served.figure("pushes_total", connection="aircall", outcome="accepted") == 5


def test_a_push_without_the_token_is_refused_and_counted(served: Served) -> None:
    tokens: list[Any] = ["another", "", None, 7, ["x"], f"{TOKEN} "]
    for token in tokens:
        assert served.push("aircall", {**ENDED, "token": token}).status_code == 401, token
    for body in (ENDED, [], TOKEN, None):
        assert served.push("aircall", body).status_code == 401, body
    assert served.hurried == set()
    assert served.figure("pushes_total", connection="aircall", outcome="refused") == 10


def test_nobody_can_push_to_what_is_unknown_disabled_or_not_set_up(served: Served) -> None:
    for name in (
        "resting",
        "polled",
        "nobody",
        "import",
        "zoho",
        "aircall/",
        "Aircall",
        "import/aircall",
        "..",
        "",
        "a%2Fb",
    ):
        assert served.push(name, {**ENDED, "token": TOKEN}).status_code == 404, name
    assert served.hurried == set()


def test_another_method_is_not_allowed(served: Served) -> None:
    for method in ("GET", "PUT", "DELETE", "HEAD", "PATCH"):
        answer = served.client.request(method, "/hooks/aircall")
        assert (answer.status_code, answer.headers["allow"]) == (405, "POST")


def test_what_is_no_json_cannot_be_read(served: Served) -> None:
    for body in (b"", b"{", b"token=x", b"\xff\xfe", b'{"token": "\\ud800"}', b"[" * 100_000):
        assert served.push("aircall", content=body).status_code == 400, body[:20]


def test_a_body_of_a_mebibyte_is_read_and_a_larger_one_is_not(served: Served) -> None:
    start = f'{{"token":"{TOKEN}","x":"'.encode()
    largest = start + b"x" * (LARGEST_BODY - len(start) - 2) + b'"}'
    assert len(largest) == LARGEST_BODY
    assert served.push("aircall", content=largest).status_code == 202
    assert served.push("aircall", content=largest + b" ").status_code == 413

    def parts() -> Any:
        for _ in range(2560):  # ten mebibytes, of which nobody said so
            yield b" " * 4096

    try:
        status = served.client.post("/hooks/aircall", content=parts()).status_code
    except httpx.TransportError:
        status = 413  # it hung up while we were still sending
    assert status == 413
    assert served.push("aircall", {"token": TOKEN}).status_code == 202


def test_ringcentral_is_greeted_and_its_notices_are_known_by_our_token(served: Served) -> None:
    hello = served.push("ring", content=b"", Validation_Token="v-123")
    assert (hello.status_code, hello.headers["validation-token"], hello.content) == (200, "v-123", b"")
    assert served.hurried == set()
    assert served.push("ring", {"uuid": "1"}, Validation_Token="another").status_code == 401
    assert served.push("ring", content=b"", Validation_Token="x" * 600).status_code == 400
    assert served.push("ring", {"uuid": "1"}, Verification_Token=VERIFY).status_code == 202
    assert served.hurried == {"ring"}


def test_twilio_signs_the_public_address(serve: Serve) -> None:
    twilio = {"name": "twilio", "kind": "twilio", "account_sid": "AC1", "auth_token": "twilio-auth-words"}
    served = serve(dialers=[twilio], web={"listen": "127.0.0.1:0", "public_url": "https://sync.example.com/in"})
    body = "CallSid=CA123&CallStatus=completed"
    signed = b"https://sync.example.com/in/hooks/twilio?x=%201CallSidCA123CallStatuscompleted"
    signature = base64.b64encode(hmac.digest(b"twilio-auth-words", signed, hashlib.sha1)).decode()
    headers = {"X-Twilio-Signature": signature, "Content-Type": "application/x-www-form-urlencoded"}
    url = "/hooks/twilio?x=%201"
    assert served.client.post(url, content=f"{body}x", headers=headers).status_code == 401
    assert served.client.post(url, content=body, headers=headers).status_code == 202
    assert served.hurried == {"twilio"}


def test_justcall_signs_the_public_address_the_event_and_the_time(serve: Serve) -> None:
    justcall = {"name": "justcall", "kind": "justcall", "api_key": "k", "api_secret": "justcall-secret-words"}
    served = serve(dialers=[justcall], web={"listen": "127.0.0.1:0", "public_url": "https://sync.example.com/in"})
    time = f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S}"
    url = "https%3A%2F%2Fsync.example.com%2Fin%2Fhooks%2Fjustcall"
    signed = f"justcall-secret-words|{url}|call.completed|{time}".encode()
    signature = hmac.new(b"justcall-secret-words", signed, hashlib.sha256).hexdigest()
    headers = {"x-justcall-signature": signature, "x-justcall-request-timestamp": time}
    body = {"type": "call.completed", "webhook_url": "https://elsewhere.example/", "data": {}}
    assert served.client.post("/hooks/justcall", json=body | {"type": "x"}, headers=headers).status_code == 401
    assert served.client.post("/hooks/justcall", json=body, headers=headers).status_code == 202
    assert served.hurried == {"justcall"}


def test_zohos_notifications_are_known_by_the_token_of_its_channel(serve: Serve) -> None:
    web = {"listen": "127.0.0.1:0", "public_url": "https://sync.acme.example"}
    served = serve(web=web, **{"zoho.notifications": True})
    notice = {"module": "Leads", "ids": ["1"], "operation": "update", "channel_id": "77", "token": "x"}
    assert served.push("zoho", notice).status_code == 401
    with served.app.database.transaction() as session:
        facts.keep_fact(session, "zoho.channel", {"id": "77"}, now())
    assert served.push("zoho", notice).status_code == 401
    assert served.push("zoho", content=b"{").status_code == 400
    assert served.hurried == set()
    token = channel_token(served.app.settings.zoho.client_secret.get_secret_value(), "77")
    assert served.push("zoho", {**notice, "token": token}).status_code == 202
    assert served.push("import/zoho", {**notice, "token": token}).status_code == 404
    assert served.hurried == {ZOHO}


def test_too_many_pushes_of_one_peer_are_refused_and_another_peer_is_not(serve: Serve) -> None:
    served = serve({"peers": Rate(at_once=3, a_second=0.001)})
    told = [served.push("aircall", {"token": TOKEN}, X_Forwarded_For="192.0.2.7") for _ in range(4)]
    assert [answer.status_code for answer in told] == [202, 202, 202, 429]
    assert int(told[-1].headers["retry-after"]) > 0
    trick = served.push("aircall", {"token": TOKEN}, X_Forwarded_For="198.51.100.1, 192.0.2.7")
    assert trick.status_code == 429
    assert served.push("aircall", {"token": TOKEN}, X_Forwarded_For="192.0.2.8").status_code == 202


def test_too_many_pushes_through_one_connection_are_refused_and_forged_ones_do_not_count(serve: Serve) -> None:
    served = serve({"connections": Rate(at_once=2, a_second=0.001)})
    assert {served.push("aircall", ENDED).status_code for _ in range(5)} == {401}
    told = [served.push("aircall", {"token": TOKEN}).status_code for _ in range(3)]
    assert told == [202, 202, 429]
    assert served.push("ring", {}, Verification_Token=VERIFY).status_code == 202


def test_a_limit_refills_at_its_rate() -> None:
    now = [0.0]
    limit = Limit(Rate(at_once=2, a_second=0.5), lambda: now[0])
    assert [limit.wait("a") for _ in range(3)] == [0, 0, 2]
    now[0] += 2
    assert [limit.wait("a"), limit.wait("a")] == [0, 2]
    now[0] += 3600
    assert [limit.wait("a") for _ in range(3)] == [0, 0, 2]


def test_nothing_of_a_push_is_logged(served: Served, capfd: pytest.CaptureFixture[str]) -> None:
    for token in (TOKEN, "forged-words"):
        served.client.post("/hooks/aircall?key=query-words", json={"token": token, "who": "body-words"})
    served.client.post("/hooks/path-words", json={})
    said = "".join(capfd.readouterr())
    assert "push not taken" in said
    assert not [word for word in (TOKEN, "forged-words", "query-words", "body-words", "path-words") if word in said]


def test_a_config_that_is_read_again_counts_at_once(served: Served, tmp_path: Any) -> None:
    from activity_sync.schedule import Schedule
    from tests.web.conftest import opened

    address = served.listener.address
    fresh = opened(tmp_path, {"dialers": [{**AIRCALL, "webhook": {"secret": "another-token"}}]})
    schedule = Schedule(fresh.settings)
    served.listener.use(fresh, schedule)
    assert served.push("aircall", {"token": TOKEN}).status_code == 401
    assert served.push("aircall", {"token": "another-token"}).status_code == 202
    assert served.push("ring", {}, Verification_Token=VERIFY).status_code == 404
    assert (schedule.hurried, served.hurried, served.listener.address) == ({"aircall"}, set(), address)
    fresh.close()


def test_what_a_push_calls_itself_does_not_matter(served: Served) -> None:
    """Dialpad's tokens have no type that anybody could confirm, and simple senders name none or a wrong one."""
    for kind in ("text/plain", "application/xml", "multipart/form-data; boundary=x", "image/png", ""):
        assert served.push("aircall", {**ENDED, "token": TOKEN}, Content_Type=kind).status_code == 202
        assert served.push("aircall", {**ENDED, "token": "another"}, Content_Type=kind).status_code == 401
        assert served.rows([row(1)], f"msg_{len(kind)}", Content_Type=kind).json() == {"accepted": 1, "rejected": []}
