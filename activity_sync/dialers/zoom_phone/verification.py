"""What Zoom posts to a webhook: its question whether we know the secret, and signed notices (dialers.md 5.9). Pure."""

from __future__ import annotations

import hmac
import re
from collections.abc import Mapping
from datetime import datetime, timedelta

import orjson

TOLERANCE = timedelta(minutes=5)

_SIGNATURE, _TIME = "x-zm-signature", "x-zm-request-timestamp"
_PLAIN = re.compile(r"[A-Za-z0-9_+/=-]{1,128}")
"""A question in this form can never be the text that a notice's signature is made of, which begins with `v0:`."""


def handshake(body: bytes, secret: str) -> bytes | None:
    """The answer (200, JSON, within 3 seconds) to Zoom's question; None when it is none.

    Raises ValueError: it is no JSON, or what it asks to be signed is not fit for that.
    """
    told = orjson.loads(body)
    if not isinstance(told, dict) or told.get("event") != "endpoint.url_validation" or not secret:
        return None
    payload = told.get("payload")
    plain = payload.get("plainToken") if isinstance(payload, dict) else None
    if not isinstance(plain, str) or not _PLAIN.fullmatch(plain):
        raise ValueError("the question of the handshake cannot be answered")
    return orjson.dumps({"plainToken": plain, "encryptedToken": _hex(secret, plain.encode())})


def verify(headers: Mapping[str, str], body: bytes, secret: str, now: datetime) -> bool:
    """Whether the signature covers this very body (raw bytes) and is not old."""
    given = {name.casefold(): value for name, value in headers.items()}
    stamp = given.get(_TIME, "").strip()
    if not secret or not re.fullmatch(r"[0-9]{1,13}", stamp):
        return False
    told = int(stamp) / (1000 if len(stamp) == 13 else 1)
    if abs(now.timestamp() - told) > TOLERANCE.total_seconds():
        return False
    made = f"v0={_hex(secret, f'v0:{stamp}:'.encode() + body)}"
    return hmac.compare_digest(made.encode(), given.get(_SIGNATURE, "").encode("utf-8", "replace"))


def _hex(secret: str, words: bytes) -> str:
    return hmac.new(secret.encode(), words, "sha256").hexdigest()
