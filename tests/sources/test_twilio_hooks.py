"""Twilio's webhook signature: the vector of the reference, and Twilio's own validator beside ours."""

from __future__ import annotations

import base64
import hashlib
import hmac
from urllib.parse import urlencode

import pytest

from activity_sync.dialers.twilio import verify

TOKEN = "12345"
URL = "https://sync.example.com/hook/twilio?x=1"
FORM = {"CallSid": "CA123", "CallStatus": "completed", "From": "+14155550100"}
BODY = urlencode(FORM).encode()
SIGNATURE = "lTs5lkzDX0iOHTe0xumZO1AUsjk="
AS_FORM = {"Content-Type": "application/x-www-form-urlencoded; charset=UTF-8"}


def signed(url: str, text: str = "", algorithm: str = "sha1") -> str:
    return base64.b64encode(hmac.digest(TOKEN.encode(), (url + text).encode(), algorithm)).decode()


def headers(signature: str = SIGNATURE, **more: str) -> dict[str, str]:
    return {"X-Twilio-Signature": signature, **AS_FORM, **more}


def test_the_known_vector_holds() -> None:
    assert verify(URL, headers(), BODY, TOKEN)
    assert verify(URL, {name.lower(): value for name, value in headers().items()}, BODY, TOKEN)


@pytest.mark.parametrize(
    ("url", "body", "token", "signature"),
    [
        (URL, BODY, "12346", SIGNATURE),
        (URL, BODY, "", SIGNATURE),
        (URL + "2", BODY, TOKEN, SIGNATURE),
        (URL.replace("https", "http"), BODY, TOKEN, SIGNATURE),
        (URL, BODY + b"&To=1", TOKEN, SIGNATURE),
        (URL, BODY.replace(b"completed", b"failed"), TOKEN, SIGNATURE),
        (URL, BODY, TOKEN, ""),
        (URL, BODY, TOKEN, "\u00e9"),
        (URL, b"\xff\xfe", TOKEN, SIGNATURE),
        ("https://sync.example.com:port/", BODY, TOKEN, SIGNATURE),
    ],
)
def test_anything_changed_is_refused(url: str, body: bytes, token: str, signature: str) -> None:
    assert not verify(url, headers(signature), body, token)


def test_both_spellings_of_the_port_are_accepted() -> None:
    with_port = URL.replace(".com/", ".com:443/")
    assert verify(with_port, headers(), BODY, TOKEN)
    text = "".join(name + FORM[name] for name in sorted(FORM))
    assert verify(URL, headers(signed(with_port, text)), BODY, TOKEN)


def test_repeated_and_empty_parameters_count_once_and_sorted() -> None:
    body = b"b=2&a=&b=1&b=2"
    assert verify(URL, headers(signed(URL, "ab1b2")), body, TOKEN)


def test_a_json_body_counts_only_by_its_digest() -> None:
    body = b'{"CallSid":"CA123"}'
    url = f"{URL}&bodySHA256={hashlib.sha256(body).hexdigest()}"
    as_json = {"Content-Type": "application/json", "X-Twilio-Signature": signed(url)}
    assert verify(url, as_json, body, TOKEN)
    assert not verify(url, as_json, body + b" ", TOKEN)
    assert not verify(URL, as_json | {"X-Twilio-Signature": signed(URL)}, body, TOKEN)


def test_the_newer_algorithm_is_used_where_it_is_named() -> None:
    text = "".join(name + FORM[name] for name in sorted(FORM))
    newer = {"X-Twilio-Webhooks-Signature-Settings": "key=webhooks_sharedkey_1, algorithm=HMAC_SHA256"}
    assert verify(URL, headers(signed(URL, text, "sha256"), **newer), BODY, TOKEN)
    assert not verify(URL, headers(**newer), BODY, TOKEN)
    unknown = {"X-Twilio-Webhooks-Signature-Settings": "algorithm=NONE"}
    assert not verify(URL, headers(**unknown), BODY, TOKEN)


@pytest.mark.judge
@pytest.mark.parametrize("algorithm", ["HMAC_SHA1", "HMAC_SHA256"])
@pytest.mark.parametrize(
    "url", [URL, "http://sync.example.com/hook", "https://sync.example.com:8443/h", URL + "&y=%20"]
)
@pytest.mark.parametrize("form", [FORM, {}, {"Body": "gr\u00fc\u00dfe & mehr=1", "Empty": ""}])
def test_twilios_own_validator_agrees(url: str, form: dict[str, str], algorithm: str) -> None:
    from twilio.request_validator import RequestValidator

    judge = RequestValidator(TOKEN)
    settings = {"X-Twilio-Webhooks-Signature-Settings": f"key=k,algorithm={algorithm}"}
    body = urlencode(form).encode()
    for signature in (judge.compute_signature(url, form, algorithm), "bm90IGl0"):
        ours = verify(url, headers(signature, **settings), body, TOKEN)
        assert ours == judge.validate(url, form, signature, algorithm)
