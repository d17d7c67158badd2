"""From a grant code to a refresh token, at the accounts server that knows it (zoho.md 1.1, 1.2, 1.6)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

import httpx

from activity_sync.model.failures import ConnectionFailure, SignInAgain, TryLater
from activity_sync.model.settings import Zoho
from activity_sync.net.session import open_session
from activity_sync.zoho.data_centers import DATA_CENTERS, Hosts, hosts, is_zohos
from activity_sync.zoho.scopes import console_line
from activity_sync.zoho.tokens import client_form, read_answer, token_request

_ELSEWHERE = frozenset({"invalid_code", "invalid_client"})
"""What an accounts server says of a code or client that belongs to another data centre."""

_USED = "Zoho does not accept the grant code: it was used before, or is older than three minutes"
_NEW_CODE = "make a new one in Zoho's API console and run `activity-sync connect zoho --code CODE` at once"


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What Zoho gave. `data_center`: where it belongs, "" when the config names hosts of its own.

    `api`: the API host that the answer named, "" when it named none. `scope`: what was granted, "" when not told.
    """

    refresh_token: str
    data_center: str = ""
    api: str = ""
    scope: str = ""


def exchange(zoho: Zoho, code: str, *, redirect_uri: str = "", accounts: str = "") -> Grant:
    """The grant for a code; the code is used up.

    `accounts`: the accounts server that the sign-in page named. Without hosts of its own in the config, the servers
    of the other data centres are asked when the one of the config does not know the code: a code works at one only.
    Raises SignInAgain, TryLater.
    """
    own = hosts(zoho)
    with open_session() as session:
        failures: list[ConnectionFailure] = []
        for to in _servers(own, accounts):
            try:
                return _grant(_asked(session, zoho, to, code, redirect_uri), to)
            except _Elsewhere as failure:
                failures.append(failure.failure)
            except ConnectionFailure:
                if not failures:
                    raise
    raise _best(failures)


def sign_in_page(zoho: Zoho, redirect_uri: str, state: str) -> str:
    """The address where a person grants the access."""
    query = {
        "response_type": "code",
        "client_id": zoho.client_id,
        "scope": console_line(zoho),
        "redirect_uri": redirect_uri,
        "access_type": "offline",
        "prompt": "consent",
        "state": state,
    }
    return f"{hosts(zoho).accounts}/oauth/v2/auth?{urlencode(query)}"


def is_accounts_server(address: str) -> bool:
    """Whether a sign-in page may send us there with our secret: one of Zoho's nine."""
    return address.rstrip("/") in {region.accounts for region in DATA_CENTERS.values()}


class _Elsewhere(Exception):  # noqa: N818 - it says where to go on
    def __init__(self, failure: ConnectionFailure) -> None:
        super().__init__(failure.why)
        self.failure = failure


def _servers(own: Hosts, accounts: str) -> Iterator[Hosts]:
    if own.fixed:
        yield own
        return
    named = accounts.rstrip("/")
    regions = list(DATA_CENTERS.values())
    yield from (region for region in regions if is_accounts_server(named) and region.accounts == named)
    if not is_accounts_server(named):
        yield own
        yield from (region for region in regions if region.accounts != own.accounts)


def _asked(session: httpx.Client, zoho: Zoho, to: Hosts, code: str, redirect_uri: str) -> dict[str, object]:
    form = {"grant_type": "authorization_code", "code": code, **client_form(zoho)}
    form |= {"redirect_uri": redirect_uri} if redirect_uri else {}
    try:
        response = session.send(token_request(to, form))
    except httpx.HTTPError as error:
        raise TryLater(f"{to.accounts} cannot be reached ({type(error).__name__})") from error
    try:
        return read_answer(response)
    except SignInAgain as refused:
        said = _error(response)
        failure = SignInAgain(_USED, _NEW_CODE) if said == "invalid_code" else refused
        if said in _ELSEWHERE and not hosts(zoho).fixed:
            raise _Elsewhere(failure) from None
        raise failure from None


def _error(response: httpx.Response) -> str:
    try:
        answer = response.json()
    except ValueError:
        return ""
    return str(answer.get("error") or "") if isinstance(answer, dict) else ""


def _grant(answer: dict[str, object], at: Hosts) -> Grant:
    token = answer.get("refresh_token")
    if not isinstance(token, str) or not token:
        raise SignInAgain("Zoho gave an access token but no refresh token", "grant offline access and connect again")
    api = str(answer.get("api_domain") or "").rstrip("/")
    region = "" if at.fixed else _region_of(api) or _region_at(at)
    return Grant(refresh_token=token, data_center=region, api=api, scope=str(answer.get("scope") or ""))


def _region_of(api: str) -> str:
    """The data centre of an API host, a sandbox's included."""
    if not is_zohos(api):
        return ""
    ends = {name: region.api.removeprefix("https://www.") for name, region in DATA_CENTERS.items()}
    fitting = [name for name, end in ends.items() if api.partition("://")[2].endswith(end)]
    return max(fitting, key=lambda name: len(ends[name]), default="")


def _region_at(at: Hosts) -> str:
    return next((name for name, region in DATA_CENTERS.items() if region.accounts == at.accounts), "")


def _best(failures: list[ConnectionFailure]) -> ConnectionFailure:
    """One that knew the client says more than those that did not."""
    known = [failure for failure in failures if failure.why == _USED]
    return known[0] if known else failures[0]
