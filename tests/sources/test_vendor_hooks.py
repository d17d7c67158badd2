"""Webhooks of Zoom, Dialpad, Quo and CloudTalk: who signed what, with the vectors of dialers.md 13."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import UTC, datetime, timedelta

import orjson
import pytest
from standardwebhooks import Webhook

from activity_sync.dialers import cloudtalk, dialpad, quo, zoom_phone

# Zoom
SECRET, BODY = "zoomsecret", b'{"event":"phone.callee_missed"}'
SIGNED = {
    "x-zm-request-timestamp": "1700000000",
    "x-zm-signature": "v0=cd23234568c3f8b888c02a3c5f6be5f17c44e98dbbfba61673f03f69e8ebabcf",
}
THEN = datetime.fromtimestamp(1_700_000_000, UTC)

# Quo
KEY, CALL = "whsec_c2VjcmV0a2V5", b'{"id":"EV1","type":"call.completed"}'
STANDARD = {
    "webhook-id": "msg_1",
    "webhook-timestamp": "1767607200",
    "webhook-signature": "v1,+oHf7ujUpPfP8o4CxE/8vw32FCOllWgLzzQcXwvsJRM=",
}
OLDER = {"openphone-signature": "hmac;1;1767607200000;xWFIfDLu9n5uWI8UsTJWHzsyX0CCkwCW3/AEgNdnaRY="}
JANUARY = datetime.fromtimestamp(1_767_607_200, UTC)

# Dialpad
WORD = "dpsecret-0123456789-0123456789-01"
TOKEN = (
    b"eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJjYWxsX2lkIjoxLCJzdGF0ZSI6Imhhbmd1cCJ9"
    b".z5sZCedPXLyODfbHiXoVOAQ8m2x2ryLc3XsTn90OVvE"
)


def jwt(header: object, payload: object, secret: str = WORD) -> bytes:
    parts = [base64.urlsafe_b64encode(orjson.dumps(one)).rstrip(b"=") for one in (header, payload)]
    signature = hmac.digest(secret.encode(), b".".join(parts), hashlib.sha256)
    return b".".join([*parts, base64.urlsafe_b64encode(signature).rstrip(b"=")])


def test_zooms_signature_covers_the_time_and_the_whole_body() -> None:
    assert zoom_phone.verify(SIGNED, BODY, SECRET, THEN)
    assert zoom_phone.verify({name.title(): value for name, value in SIGNED.items()}, BODY, SECRET, THEN)
    assert not zoom_phone.verify(SIGNED, BODY + b" ", SECRET, THEN)
    assert not zoom_phone.verify(SIGNED | {"x-zm-request-timestamp": "1700000001"}, BODY, SECRET, THEN)
    assert not zoom_phone.verify(SIGNED, BODY, "another", THEN)


def test_an_old_notice_of_zoom_is_refused_though_its_signature_is_right() -> None:
    assert zoom_phone.verify(SIGNED, BODY, SECRET, THEN + timedelta(minutes=5))
    assert not zoom_phone.verify(SIGNED, BODY, SECRET, THEN + timedelta(minutes=5, seconds=1))
    assert not zoom_phone.verify(SIGNED, BODY, SECRET, THEN + timedelta(days=90))


@pytest.mark.parametrize("stamp", ["", "soon", "-1", "1" * 14])
def test_a_stamp_that_is_no_time_proves_nothing(stamp: str) -> None:
    assert not zoom_phone.verify(SIGNED | {"x-zm-request-timestamp": stamp}, BODY, SECRET, THEN)


def test_zooms_question_is_answered_with_the_hash_that_it_expects() -> None:
    asked = orjson.dumps({"event": "endpoint.url_validation", "payload": {"plainToken": "abc123"}})
    answer = zoom_phone.handshake(asked, SECRET)
    assert answer is not None
    assert orjson.loads(answer) == {
        "plainToken": "abc123",
        "encryptedToken": "26f5ea8d5b538b676de55a38ed9f2f625810db514bea7b1382607c804e20c0dc",
    }
    assert zoom_phone.handshake(BODY, SECRET) is None


@pytest.mark.parametrize("plain", ["v0:1700000000:" + BODY.decode(), "", "x" * 129, 7, None, "a b"])
def test_nobody_can_have_a_notice_signed_by_asking_a_question(plain: object) -> None:
    asked = orjson.dumps({"event": "endpoint.url_validation", "payload": {"plainToken": plain}})
    with pytest.raises(ValueError, match="cannot be answered"):
        zoom_phone.handshake(asked, SECRET)


def test_dialpads_body_is_a_token_of_our_secret() -> None:
    assert dialpad.verify(TOKEN, WORD)
    assert jwt({"alg": "HS256", "typ": "JWT"}, {"call_id": 1, "state": "hangup"}) == TOKEN
    assert not dialpad.verify(TOKEN, "another")
    assert not dialpad.verify(jwt({"alg": "HS256"}, {"call_id": 2}, "another"), WORD)


@pytest.mark.parametrize("algorithm", ["none", "HS384", "hs256", "", None])
def test_a_token_that_is_signed_otherwise_or_not_at_all_is_refused(algorithm: str | None) -> None:
    assert not dialpad.verify(jwt({"alg": algorithm}, {"call_id": 1}), WORD)
    head = base64.urlsafe_b64encode(orjson.dumps({"alg": algorithm})).rstrip(b"=")
    assert not dialpad.verify(head + b"." + TOKEN.split(b".")[1] + b".", WORD)


def test_plain_events_of_dialpad_are_never_genuine() -> None:
    assert not dialpad.verify(b'{"call_id": 1, "state": "hangup"}', WORD)
    assert not dialpad.verify(TOKEN, "")


@pytest.mark.parametrize("body", [b"", b"a.b.c", b"{", b"a.b", b"\xff.\xff.\xff", TOKEN.replace(b"eyJ", b"IyJ")])
def test_what_is_neither_token_nor_json_cannot_be_read(body: bytes) -> None:
    with pytest.raises(ValueError):
        dialpad.verify(body, WORD)


@pytest.mark.parametrize(("headers", "key"), [(STANDARD, KEY), (OLDER, "c2VjcmV0a2V5"), (OLDER, KEY)])
def test_quos_signatures_of_both_generations(headers: dict[str, str], key: str) -> None:
    assert quo.verify(headers, CALL, key, JANUARY)
    assert not quo.verify(headers, CALL + b" ", key, JANUARY)
    assert not quo.verify(headers, CALL, "whsec_YW5vdGhlcg==", JANUARY)
    assert not quo.verify(headers, CALL, key, JANUARY + timedelta(minutes=6))
    assert not quo.verify(headers, CALL, "", JANUARY)


def test_the_standards_own_library_signs_what_we_accept() -> None:
    signed = Webhook(KEY).sign("msg_2", JANUARY, CALL.decode())
    headers = {"webhook-id": "msg_2", "webhook-timestamp": "1767607200", "webhook-signature": f"v1,bm8= {signed}"}
    assert quo.verify(headers, CALL, KEY, JANUARY)


@pytest.mark.parametrize("claimed", ["", "hmac;1;1767607200;x", "hmac;2;1767607200000;x", "hmac;1;soon;x", ";;;"])
def test_an_odd_older_signature_proves_nothing(claimed: str) -> None:
    assert not quo.verify({"openphone-signature": claimed}, CALL, KEY, JANUARY)


@pytest.mark.parametrize(
    ("headers", "genuine"),
    [
        ({"Authorization": "Bearer a-word-of-ours"}, True),
        ({"X-Webhook-Secret": "a-word-of-ours"}, True),
        ({"Authorization": "Bearer another"}, False),
        ({"Authorization": "", "X-Webhook-Secret": ""}, False),
        ({}, False),
    ],
)
def test_cloudtalks_workflow_carries_a_word_of_ours(headers: dict[str, str], genuine: bool) -> None:
    assert cloudtalk.verify(headers, "a-word-of-ours") is genuine
    assert not cloudtalk.verify(headers, "")
