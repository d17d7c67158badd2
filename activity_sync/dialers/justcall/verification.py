"""Whether a push is from JustCall (dialers.md 6.7, 13). Pure.

The signature covers the address, the kind of event and the time, not the body: a push is a hint to pull, never data.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import orjson

TOLERANCE = timedelta(minutes=5)
_SIGNATURE, _TIME = "x-justcall-signature", "x-justcall-request-timestamp"


def verify(url: str, headers: Mapping[str, str], body: bytes, secret: str, now: datetime) -> bool:
    """Whether the push was signed with our API secret for our address, not long ago. Raises ValueError: no JSON.

    `url`: our own, as the config knows it; the one in the body is the sender's word. `headers`: names in lower case.
    """
    told = orjson.loads(body)
    event = told.get("type") if isinstance(told, dict) else None
    time = headers.get(_TIME, "")
    signed = "|".join((secret, quote(url, safe=""), event if isinstance(event, str) else "", time))
    made = hmac.new(secret.encode(), signed.encode(), "sha256").hexdigest().encode()
    fits = hmac.compare_digest(made, headers.get(_SIGNATURE, "").strip().casefold().encode())
    at = _moment(time)
    return fits and bool(secret) and at is not None and abs(now - at) <= TOLERANCE


def _moment(told: str) -> datetime | None:
    try:
        if re.fullmatch(r"[0-9]{10}|[0-9]{13}", told):
            return datetime.fromtimestamp(int(told[:10]), UTC)
        at = datetime.fromisoformat(told)
    except ValueError:
        return None
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
