"""What both ways of signing in share: where, for what, and what msal's answers mean."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from typing import Any, Protocol
from urllib.parse import urlsplit

import httpx

from activity_sync.calendars.microsoft.door import Door
from activity_sync.calendars.microsoft.refusals import of_tenant, of_token
from activity_sync.model.failures import TryLater, Unexpected
from activity_sync.model.settings import MicrosoftCalendar

_CLOUDS = frozenset({"graph.microsoft.us", "dod-graph.microsoft.us", "microsoftgraph.chinacloudapi.cn"})


class Tokens(Protocol):
    """Gives the access token for Graph."""

    def token(self, dead: str = "") -> str:
        """A living token, another one than `dead`. Raises SignInAgain, TryLater, Unexpected."""


class Signed(httpx.Auth):
    """Dresses a request for Graph with a token; once more with a new one when Graph takes it for dead."""

    def __init__(self, tokens: Tokens) -> None:
        self._tokens = tokens

    def sync_auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Yields the request, at most twice."""
        token = self._tokens.token()
        request.headers["Authorization"] = f"Bearer {token}"
        answer = yield request
        if answer.status_code == httpx.codes.UNAUTHORIZED:
            request.headers["Authorization"] = f"Bearer {self._tokens.token(token)}"
            yield request


def authority_of(calendar: MicrosoftCalendar) -> str:
    """Where this tenant signs in."""
    return f"{calendar.authority}/{calendar.tenant_id}"


def scope(calendar: MicrosoftCalendar, permission: str = ".default") -> str:
    """What is asked for: Graph of the cloud in which `graph_url` is; elsewhere (a proxy) that of the world."""
    host = urlsplit(calendar.graph_url).hostname or ""
    return f"https://{host if host in _CLOUDS else 'graph.microsoft.com'}/{permission}"


def value_of(told: Any, door: Door, connect: str = "") -> str:
    """The token in msal's answer. Raises what an answer without one means; `connect` as for `of_token`."""
    token = told.get("access_token") if isinstance(told, dict) else None
    if isinstance(token, str) and token:
        return token
    raise of_token(told if isinstance(told, dict) else {}, door.status, connect)


@contextmanager
def asking(door: Door) -> Iterator[None]:
    """Whatever msal raises inside comes out as one of our failures."""
    from msal.exceptions import MsalError

    door.status, door.text = 0, ""
    try:
        yield
    except httpx.TransportError as error:
        raise TryLater(f"Microsoft's sign-in cannot be reached: {type(error).__name__}.") from None
    except MsalError:
        raise TryLater("Microsoft's sign-in is busy.") from None  # it raises for 5xx only, replayed ones too
    except (ValueError, KeyError, RuntimeError, TypeError, AttributeError, httpx.HTTPError):
        if door.status not in {0, 200}:
            raise of_tenant(door.text, door.status) from None
        raise Unexpected("Microsoft's sign-in answered something that is no sign-in.") from None
