"""Whether a push is from Quo: by the standard, or by the older signature of OpenPhone (dialers.md 8.6). Pure."""

from __future__ import annotations

import base64
import hmac
import re
from collections.abc import Mapping
from datetime import datetime

from activity_sync.net.standard_webhooks import TOLERANCE, covers, key_of

_OLDER = "openphone-signature"


def verify(headers: Mapping[str, str], body: bytes, secret: str, now: datetime) -> bool:
    """Whether a signature covers this very body (raw bytes) and is not old. `secret`: as Quo shows it."""
    given = {name.casefold(): value for name, value in headers.items()}
    key = key_of(secret)
    if not key:
        return False
    if _OLDER in given:
        return any(_fits(one, body, key, now) for one in given[_OLDER].split(","))
    return covers(given, body, [key], now)


def _fits(claimed: str, body: bytes, key: bytes, now: datetime) -> bool:
    """`hmac;1;<milliseconds>;<signature>`: taken for seconds, every delivery would seem to be of another age."""
    parts = claimed.strip().split(";")
    if len(parts) != 4 or parts[:2] != ["hmac", "1"] or not re.fullmatch(r"[0-9]{13}", parts[2]):
        return False
    if abs(now.timestamp() - int(parts[2]) / 1000) > TOLERANCE.seconds:
        return False
    made = base64.b64encode(hmac.digest(key, parts[2].encode() + b"." + body, "sha256"))
    return hmac.compare_digest(made, parts[3].encode())
