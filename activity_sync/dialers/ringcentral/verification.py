"""What RingCentral posts to a webhook: its handshake, and whether a notice is from it (dialers.md 3.13). Pure.

There is no signature: a token of ours comes back with every notice. So a notice is a hint to pull, never data.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping

LONGEST = 1024
"""Bytes that RingCentral accepts as an answer to its handshake, headers included."""

_TOKENS = ("validation-token", "verification-token")  # its guide and its specification name different ones


def handshake(headers: Mapping[str, str], body: bytes) -> Mapping[str, str] | None:
    """The headers of the answer (200, no body, within 3 seconds) to a first call; None when it is none.

    A first call has a `Validation-Token` and no body. Raises ValueError when the token is not fit to be sent back.
    """
    token = _folded(headers).get(_TOKENS[0], "")
    if not token or body.strip():
        return None
    if len(token) > LONGEST // 2 or not token.isascii() or not token.isprintable():
        raise ValueError("the token of the handshake cannot be sent back")
    return {"Validation-Token": token, "Content-Type": "application/json"}


def verify(headers: Mapping[str, str], token: str) -> bool:
    """Whether a notice carries the verification token that we set, in either header. Takes the same time always."""
    given = _folded(headers)
    fits = [hmac.compare_digest(given.get(name, "").encode(), token.encode()) for name in _TOKENS]
    return bool(token) and any(fits)


def _folded(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.casefold(): value for name, value in headers.items()}
