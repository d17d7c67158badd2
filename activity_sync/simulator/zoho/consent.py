"""`GET /oauth/v2/auth`: the page where a person grants the access. This one agrees at once, or never."""

from __future__ import annotations

from urllib.parse import urlencode

from activity_sync.simulator.network import Request
from activity_sync.simulator.zoho.oauth import Accounts
from activity_sync.simulator.zoho.refusals import Answer


def consent(accounts: Accounts, request: Request, own_url: str) -> Answer:
    """Send the browser back to where the request says, with a code, the data centre and its accounts server."""
    back = request.one("redirect_uri") or ""
    if request.one("client_id") != accounts.client_id or back not in accounts.redirect_uris:
        return Answer(400, {"error": "invalid_redirect_uri"})
    state = {"state": request.one("state") or ""}
    if not accounts.consents:
        return _redirect(back, {"error": "access_denied", **state})
    scopes = tuple((request.one("scope") or "").split(","))
    code = accounts.grant_code(scopes, redirect_uri=back)
    where = {"location": accounts.location, "accounts-server": accounts.server or own_url}
    return _redirect(back, {"code": code, **where, **state})


def _redirect(to: str, query: dict[str, str]) -> Answer:
    return Answer(302, {"see": "Location"}, {"Location": f"{to}?{urlencode(query)}"})
