"""Whether pushed rows come from who knows the secret (dialers.md 17.4). Pure.

Standard Webhooks, for which libraries exist in all languages; or the plain `X-Signature` of simple telephone systems.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator, Mapping
from datetime import datetime

from activity_sync.net.standard_webhooks import ID, SIGNATURE, TIME, covers, key_of

_PLAIN = "x-signature"


def verify(headers: Mapping[str, str], body: bytes, secret: str, now: datetime) -> bool:
    """Whether a signature covers this very body (raw bytes) and, where it tells its time, is not old.

    Whoever sends one header of the standard is held to all of it. `headers` as latin-1 text, as HTTP has them.
    """
    given = {name.casefold(): value for name, value in headers.items()}
    if any(name in given for name in (ID, TIME, SIGNATURE)):
        return covers(given, body, _keys(secret), now)
    claimed = given.get(_PLAIN, "").strip().casefold().encode()
    fits = [hmac.compare_digest(b"sha256=" + _hex(key, body), claimed) for key in _keys(secret)]
    return any(fits)


def delivery_id(headers: Mapping[str, str]) -> str:
    """What tells a repeated delivery from a new one; "" where the sender does not say."""
    return next((value for name, value in headers.items() if name.casefold() == ID), "")


def _keys(secret: str) -> Iterator[bytes]:
    """The secret as it is, and what it stands for in base64: libraries decode it, hand-written senders do not."""
    if secret:
        yield secret.encode()
    decoded = key_of(secret)
    if decoded:
        yield decoded


def _hex(key: bytes, body: bytes) -> bytes:
    return hmac.new(key, body, hashlib.sha256).hexdigest().encode()
