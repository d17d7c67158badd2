"""The signature of pushed rows against published vectors (dialers.md 13), and a library's."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from activity_sync.dialers.imported.signatures import delivery_id, verify
from activity_sync.net.standard_webhooks import TOLERANCE

SECRET, SENT = "whsec_c2VjcmV0a2V5", datetime.fromtimestamp(1767607200, UTC)
BODY = b'{"id":"EV1","type":"call.completed"}'
HEADERS = {
    "webhook-id": "msg_1",
    "webhook-timestamp": "1767607200",
    "webhook-signature": "v1,+oHf7ujUpPfP8o4CxE/8vw32FCOllWgLzzQcXwvsJRM=",
}


def test_the_published_vector_is_valid_and_a_changed_one_is_not() -> None:
    assert verify(HEADERS, BODY, SECRET, SENT)
    assert verify({name.title(): value for name, value in HEADERS.items()}, BODY, "c2VjcmV0a2V5", SENT)
    assert verify(HEADERS, BODY, "secretkey", SENT)  # a sender who did not know of base64
    assert not verify(HEADERS, BODY + b"\n", SENT.isoformat(), SENT)
    assert not verify(HEADERS, BODY + b"\n", SECRET, SENT)
    assert delivery_id({"Webhook-Id": "msg_1"}) == "msg_1"


def test_the_time_may_be_five_minutes_off_either_way() -> None:
    for off, valid in ((TOLERANCE, True), (TOLERANCE + timedelta(seconds=1), False)):
        assert verify(HEADERS, BODY, SECRET, SENT + off) is valid
        assert verify(HEADERS, BODY, SECRET, SENT - off) is valid


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_===="])
def test_an_empty_key_proves_nothing(secret: str) -> None:
    import hashlib
    import hmac

    forged = "sha256=" + hmac.new(b"", BODY, hashlib.sha256).hexdigest()
    assert not verify({"x-signature": forged}, BODY, secret, SENT)


@pytest.mark.judge
@given(st.binary(min_size=1, max_size=40), st.text(max_size=60), st.from_regex(r"[\w.-]{1,30}", fullmatch=True))
def test_what_the_library_signs_is_valid_and_what_we_hold_valid_the_library_does(
    key: bytes, text: str, delivery: str
) -> None:
    import base64

    secret = "whsec_" + base64.b64encode(key).decode()
    now = datetime.now(UTC).replace(microsecond=0)
    signature = Webhook(secret).sign(delivery, now, text)
    headers = {
        "webhook-id": delivery,
        "webhook-timestamp": f"{now.timestamp():.0f}",
        "webhook-signature": signature,
    }
    if delivery.isascii():
        assert verify(headers, text.encode(), secret, now)
        Webhook(secret).verify(text, headers, json_parse=False)
    assert not verify(headers, text.encode() + b" ", secret, now)
    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(text + " ", headers, json_parse=False)
