"""The usual answer of an OAuth token address (RFC 6749, section 5): a token with its life in seconds, or a refusal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import httpx
import orjson

from activity_sync.model.failures import SignInAgain, TryLater, Unexpected
from activity_sync.net.patience import retry_after
from activity_sync.net.sign_in import Token

_REST = timedelta(seconds=60)
_USUAL_LIFE = 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """How a vendor's token address is spoken of. `refuses`: what a refusal is about; `next_step`: what to do then;
    `setting`: the key of the config that holds the address."""

    vendor: str
    refuses: str
    next_step: str
    setting: str

    def token(self, response: httpx.Response, now: datetime, holder: str) -> Token:
        """The token; a host that the answer names is left alone. Raises SignInAgain, TryLater, Unexpected."""
        status = response.status_code
        if status == httpx.codes.TOO_MANY_REQUESTS:
            asked = retry_after(response)
            raise TryLater(f"{self.vendor}'s sign-ins are spent.", _REST if asked is None else timedelta(seconds=asked))
        if status >= 500:
            raise TryLater(f"{self.vendor}'s sign-in is down ({status}).")
        if 400 <= status < 500:
            raise SignInAgain(f"{self.vendor} refuses {self.refuses} ({status}).", self.next_step)
        try:
            told = orjson.loads(response.content)
            value, seconds = str(told["access_token"]), float(told.get("expires_in", _USUAL_LIFE))
            scope = str(told.get("scope") or "")
        except (ValueError, TypeError, KeyError):
            raise Unexpected(f"{self.vendor}'s sign-in gave no access token.", f"Check `{self.setting}`.") from None
        return Token(value=value, until=now + timedelta(seconds=seconds), holder=holder, scope=scope)
