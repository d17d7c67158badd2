"""Whether a push is from Aircall (dialers.md 1.11). Pure.

There is no signature: the webhook's token stands in the body. So a push is a hint to pull, never data.
"""

from __future__ import annotations

import hmac

import orjson


def verify(body: bytes, token: str) -> bool:
    """Whether the body carries the webhook's token. Takes the same time always. Raises ValueError: it is no JSON."""
    told = orjson.loads(body)
    given = told.get("token") if isinstance(told, dict) else None
    text = given if isinstance(given, str) else ""
    return bool(token) and hmac.compare_digest(text.encode("utf-8", "replace"), token.encode())
