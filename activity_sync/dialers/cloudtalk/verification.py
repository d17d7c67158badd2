"""Whether a push is from the company's own workflow: CloudTalk signs nothing (dialers.md 7.6). Pure.

The workflow's API request carries headers of the admin's choice, so it carries the secret. It is a hint to pull.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping

_HEADERS = ("authorization", "x-webhook-secret")


def verify(headers: Mapping[str, str], secret: str) -> bool:
    """Whether `Authorization` (with or without the word Bearer) or `X-Webhook-Secret` is the secret."""
    folded = {name.casefold(): value for name, value in headers.items()}
    given = [folded.get(name, "").removeprefix("Bearer ").strip() for name in _HEADERS]
    fits = [hmac.compare_digest(one.encode("utf-8", "replace"), secret.encode()) for one in given]
    return bool(secret) and any(fits)
