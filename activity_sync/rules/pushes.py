"""Whether a notification is Zoho's: it carries no signature, only the token that we gave the channel (zoho.md 7)."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from typing import Any


def channel_token(secret: str, channel: str) -> str:
    """The token of a channel, 43 characters. It follows from the client's secret, so that it is stored nowhere."""
    digest = hmac.new(secret.encode(), f"zoho channel {channel}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def accepts(payload: object, channel: str, token: str) -> bool:
    """Whether this JSON body came by our channel. Takes as long for a wrong token as for the right one.

    `channel`: the id of the living channel, "" when there is none: then nothing is accepted.
    """
    said = payload if isinstance(payload, Mapping) else {}
    same = hmac.compare_digest(_bytes(said.get("token")), token.encode())
    return bool(channel) and bool(token) and str(said.get("channel_id")) == channel and same


def _bytes(value: Any) -> bytes:
    return value.encode(errors="replace") if isinstance(value, str) else b""
