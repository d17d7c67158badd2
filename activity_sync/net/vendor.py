"""One vendor's JSON interface, read only: its pace kept, its failures named.

What is spent shuts a gate: no request goes out before the vendor's time has passed, for an early one may cost
another turn (dialers.md 0.10). Short waits happen here; a longer one is TryLater, and the gate stays shut until then.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, cast

import httpx
import orjson

from activity_sync.model.failures import ConnectionFailure, Refused, SignInAgain, TryLater, Unexpected
from activity_sync.model.ports import Clock
from activity_sync.net.patience import Patience, retry_after
from activity_sync.net.session import open_session

TRIES = 3

_PATIENT = 180.0  # seconds of waiting in all for one reading: three of the usual minutes
_A_MINUTE = 60.0
_REFUSED = "The next round tries again. If it stays so: is its `api_url` right, may its key read calls and people?"


def _never(_: httpx.Response) -> None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Manners:
    """How one vendor behaves. `name`: what people call it; `sign_in`: what a person does when it refuses us.

    `wait`: seconds that a 429 asks us to wait, None when it does not say. `rest`: seconds for which a good answer
    says that nothing is left, None when something is. `failure`: what only this vendor means by an answer. `gaps`:
    seconds between two requests of a group, where the vendor counts by the second.
    """

    name: str
    sign_in: str
    wait: Callable[[httpx.Response], float | None] = retry_after
    rest: Callable[[httpx.Response], float | None] = _never
    failure: Callable[[httpx.Response], ConnectionFailure | None] = _never
    gaps: Mapping[str, float] = field(default_factory=dict)


@dataclass(slots=True)
class Vendor:
    """Asks one account. `pause`: waits so many seconds."""

    manners: Manners
    auth: httpx.Auth = field(repr=False)
    clock: Clock
    pause: Callable[[float], None] = time.sleep
    _session: httpx.Client | None = None
    _waited: float = 0.0
    _shut: dict[str, datetime] = field(default_factory=dict)
    _turns: dict[str, datetime] = field(default_factory=dict)

    def begin(self) -> None:
        """A new reading begins: it may wait again."""
        self._waited = 0.0

    def get(
        self, url: str, asked: Mapping[str, str] | None = None, *, group: str = "", missing: bool = False
    ) -> Mapping[str, Any] | None:
        """The JSON object at this address; None when it is not there and `missing` allows that.

        `group`: what shares a rate limit. Raises SignInAgain, TryLater, Refused, Unexpected.
        """
        answer = self._send(url, asked, group)
        while answer.status_code == httpx.codes.TOO_MANY_REQUESTS:
            asked_to_wait = self.manners.wait(answer)
            self._shut_for(group, _A_MINUTE if asked_to_wait is None else asked_to_wait)
            answer = self._send(url, asked, group)
        if missing and answer.status_code == httpx.codes.NOT_FOUND:
            return None
        if answer.status_code != httpx.codes.OK:
            raise self.manners.failure(answer) or self._failure(answer.status_code)
        rest = self.manners.rest(answer)
        if rest is not None:
            self._shut_for(group, rest)
        return self._json(answer)

    def needed(self, url: str, asked: Mapping[str, str] | None = None, *, group: str = "") -> Mapping[str, Any]:
        """As `get`, for what must be there."""
        return cast("Mapping[str, Any]", self.get(url, asked, group=group))

    def close(self) -> None:
        """End all connections; a later request opens new ones."""
        if self._session is not None:
            self._session.close()
            self._session = None

    def _send(self, url: str, asked: Mapping[str, str] | None, group: str) -> httpx.Response:
        self._pass_gate(group)
        self._take_turn(group)
        if self._session is None:
            self._session = open_session(self.auth, patience=_Calm(tries=TRIES, longest=20))
        try:
            return self._session.get(url, params=dict(asked) if asked else None)
        except httpx.TransportError as error:
            raise TryLater(f"{self.manners.name} cannot be reached: {type(error).__name__}.") from None
        except httpx.HTTPError:
            raise Unexpected(f"{self.manners.name}'s answer cannot be read.") from None

    def _shut_for(self, group: str, seconds: float) -> None:
        """A second more than asked: the vendor's clock and ours differ."""
        self._shut[group] = self.clock() + timedelta(seconds=seconds + 1)

    def _pass_gate(self, group: str) -> None:
        until = self._shut.get(group)
        if until is None:
            return
        seconds = (until - self.clock()).total_seconds()
        if seconds > 0 and self._waited + seconds > _PATIENT:
            raise TryLater(f"{self.manners.name}'s requests are spent for now.", timedelta(seconds=seconds))
        if seconds > 0:
            self._waited += seconds
            self.pause(seconds)
        self._shut.pop(group, None)

    def _take_turn(self, group: str) -> None:
        gap = self.manners.gaps.get(group, 0.0)
        if not gap:
            return
        now = self.clock()
        turn = max(now, self._turns.get(group, now))
        self._turns[group] = turn + timedelta(seconds=gap)
        if turn > now:
            self.pause((turn - now).total_seconds())

    def _json(self, answer: httpx.Response) -> Mapping[str, Any]:
        try:
            told = orjson.loads(answer.content)
        except ValueError:
            raise Unexpected(f"{self.manners.name}'s answer is not JSON.") from None
        if not isinstance(told, dict):
            raise Unexpected(f"{self.manners.name}'s answer has a foreign shape.")
        return cast("Mapping[str, Any]", told)

    def _failure(self, status: int) -> ConnectionFailure:
        name = self.manners.name
        if status in {401, 403}:
            return SignInAgain(f"{name} refuses our credentials ({status}).", self.manners.sign_in)
        if status >= 500:
            return TryLater(f"{name} is down ({status}).")
        if 300 <= status < 400:
            return Unexpected(f"{name}'s address leads elsewhere ({status}).", "Check `api_url`.")
        if status < 400:
            return Unexpected(f"{name} answers {status}, without what was asked for.")
        return Refused(f"{name} refuses the request ({status}).", _REFUSED)


class _Calm(Patience):
    """Leaves 429 to the gate, which knows the vendor's headers."""

    def _wait(self, outcome: httpx.Response | httpx.TransportError, sent: int) -> float | None:
        if isinstance(outcome, httpx.Response) and outcome.status_code == httpx.codes.TOO_MANY_REQUESTS:
            return None
        return Patience._wait(self, outcome, sent)
