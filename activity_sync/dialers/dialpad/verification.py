"""Whether a push is from Dialpad: the whole body is a token signed with the webhook's secret (dialers.md 4.8). Pure."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from typing import Any

import orjson


def verify(body: bytes, secret: str) -> bool:
    """Whether the body is a JWT (HS256, nothing else) of this secret.

    A webhook without a secret posts plain JSON, which anybody can: never genuine. Raises ValueError: it is neither.
    """
    parts = body.strip().strip(b'"').split(b".")
    if len(parts) != 3:
        orjson.loads(body)
        return False
    header, payload, given = (_decoded(part) for part in parts)
    _object(payload)
    if _object(header).get("alg") != "HS256" or not secret:
        return False
    return hmac.compare_digest(given, hmac.digest(secret.encode(), b".".join(parts[:2]), hashlib.sha256))


def _decoded(part: bytes) -> bytes:
    try:
        return base64.urlsafe_b64decode(part + b"=" * (-len(part) % 4))
    except (binascii.Error, ValueError):
        raise ValueError("a part of the token is no base64") from None


def _object(raw: bytes) -> dict[str, Any]:
    told = orjson.loads(raw)
    if not isinstance(told, dict):
        raise ValueError("a part of the token is no object")  # noqa: TRY004 - it is the sender's value
    return told
