"""Whether pushed rows come from who knows the secret (dialers.md 17.4). Pure.

Standard Webhooks, for which libraries exist in all languages; or the plain `X-Signature` of simple telephone systems.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

TOLERANCE = timedelta(minutes=5)
_ID, _TIME, _SIGNATURE = "webhook-id", "webhook-timestamp", "webhook-signature"
_PLAIN = "x-signature"
_PREFIX = "whsec_"


def verify(headers: Mapping[str, str], body: bytes, secret: str, now: datetime) -> bool:
    """Whether a signature covers this very body (raw bytes) and, where it tells its time, is not old.

    Whoever sends one header of the standard is held to all of it. `headers` as latin-1 text, as HTTP has them.
    """
    given = {name.casefold(): value for name, value in headers.items()}
    if any(name in given for name in (_ID, _TIME, _SIGNATURE)):
        return _by_the_standard(given, body, secret, now)
    claimed = given.get(_PLAIN, "").strip().casefold().encode()
    fits = [hmac.compare_digest(b"sha256=" + _hex(key, body), claimed) for key in _keys(secret)]
    return any(fits)


def delivery_id(headers: Mapping[str, str]) -> str:
    """What tells a repeated delivery from a new one; "" where the sender does not say."""
    return next((value for name, value in headers.items() if name.casefold() == _ID), "")


def _by_the_standard(given: Mapping[str, str], body: bytes, secret: str, now: datetime) -> bool:
    name, time = given.get(_ID, ""), given.get(_TIME, "")
    if not name or not re.fullmatch(r"[0-9]{1,11}", time) or abs(now.timestamp() - int(time)) > TOLERANCE.seconds:
        return False
    signed = f"{name}.{time}.".encode("latin-1", "replace") + body
    claimed = [one.removeprefix("v1,").encode() for one in given.get(_SIGNATURE, "").split() if one.startswith("v1,")]
    made = [base64.b64encode(hmac.digest(key, signed, "sha256")) for key in _keys(secret)]
    fits = [hmac.compare_digest(ours, theirs) for ours in made for theirs in claimed]
    return any(fits)


def _keys(secret: str) -> Iterator[bytes]:
    """The secret as it is, and what it stands for in base64: libraries decode it, hand-written senders do not."""
    if secret:
        yield secret.encode()
    text = secret.removeprefix(_PREFIX)
    try:
        decoded = base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError):
        return
    if decoded:
        yield decoded


def _hex(key: bytes, body: bytes) -> bytes:
    return hmac.new(key, body, hashlib.sha256).hexdigest().encode()
