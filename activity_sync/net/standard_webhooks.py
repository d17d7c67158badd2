"""The signature of Standard Webhooks, which covers a delivery's id, its time and its whole body. Pure."""

from __future__ import annotations

import base64
import binascii
import hmac
import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

TOLERANCE = timedelta(minutes=5)
ID, TIME, SIGNATURE = "webhook-id", "webhook-timestamp", "webhook-signature"

_PREFIX = "whsec_"


def covers(headers: Mapping[str, str], body: bytes, keys: Iterable[bytes], now: datetime) -> bool:
    """Whether one of the signatures was made of this delivery with one of the keys, not long ago.

    `headers`: names in lower case, latin-1 text as HTTP has them; `body`: raw.
    """
    name, time = headers.get(ID, ""), headers.get(TIME, "")
    if not name or not re.fullmatch(r"[0-9]{1,11}", time) or abs(now.timestamp() - int(time)) > TOLERANCE.seconds:
        return False
    signed = f"{name}.{time}.".encode("latin-1", "replace") + body
    claimed = [one.removeprefix("v1,").encode() for one in headers.get(SIGNATURE, "").split() if one.startswith("v1,")]
    made = [base64.b64encode(hmac.digest(key, signed, "sha256")) for key in keys]
    fits = [hmac.compare_digest(ours, theirs) for ours in made for theirs in claimed]
    return any(fits)


def key_of(secret: str) -> bytes:
    """What a secret stands for in base64, with or without its prefix; nothing when it is none."""
    text = secret.removeprefix(_PREFIX)
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError):
        return b""
