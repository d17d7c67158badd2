"""One person signs in by device code; from then on the own calendar is read with what was stored."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

from activity_sync.calendars.microsoft.door import Door
from activity_sync.calendars.microsoft.owner import owner
from activity_sync.calendars.microsoft.refusals import of_token
from activity_sync.calendars.microsoft.sign_in import asking, authority_of, scope, value_of
from activity_sync.model.addresses import comparable_email
from activity_sync.model.failures import SignInAgain, Unexpected
from activity_sync.model.invitations import one_line
from activity_sync.model.ports import TokenStore
from activity_sync.model.settings import MicrosoftCalendar
from activity_sync.net.session import open_session

_PERMISSION = "Calendars.Read"


def device_code_sign_in(calendar: MicrosoftCalendar, tokens: TokenStore, tell: Callable[[str], None]) -> str:
    """Let one person sign in: `tell` gets what to do, then it waits until that is done (15 minutes at most).

    Stores the sign-in and returns the person's address. Raises SignInAgain, TryLater, Unexpected.
    """
    with open_session() as session:
        door = Door(session, authority_of(calendar))
        with asking(door):
            app, cache = _open(calendar, door)
            flow = app.initiate_device_flow(scopes=[scope(calendar, _PERMISSION)])
            if not flow.get("user_code"):
                raise of_token(flow, door.status, _connect(calendar))
            tell(one_line(str(flow.get("message") or f"Open {flow['verification_uri']}, enter {flow['user_code']}.")))
            told = app.acquire_token_by_device_flow(flow)
        if told.get("error") in {"expired_token", "code_expired", "authorization_declined", "authorization_pending"}:
            raise SignInAgain("Nobody signed in with the code.", f"Run `{_connect(calendar)}` again.")
        access = value_of(told, door, _connect(calendar))
        address = _address(told) or _only(calendar) or owner(calendar, session, access)
        if not address:
            raise Unexpected("Microsoft's sign-in does not say who signed in.", "List the one address in `reps`.")
        _keep(calendar, tokens, cache, address)
        return address


def _address(told: Mapping[str, Any]) -> str:
    claims = told.get("id_token_claims") or {}
    return comparable_email(str(claims.get("preferred_username") or claims.get("email") or ""))


def _only(calendar: MicrosoftCalendar) -> str:
    listed = () if isinstance(calendar.reps, str) else calendar.reps
    return comparable_email(listed[0]) if len(listed) == 1 else ""


def signed_in(calendar: MicrosoftCalendar, tokens: TokenStore) -> str:
    """Who signed in, comparable; "" when nobody did with this app in this tenant."""
    return comparable_email(str(_kept(calendar, tokens).get("address", "")))


@dataclass(slots=True)
class PersonTokens:
    """Tokens of the one who signed in; msal's cache is in the token store. May be shared by threads."""

    calendar: MicrosoftCalendar
    session: httpx.Client
    store: TokenStore
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def token(self, dead: str = "") -> str:
        """See Tokens."""
        door = Door(self.session, authority_of(self.calendar))
        with self._lock, asking(door):
            kept = _kept(self.calendar, self.store)
            if not kept:
                raise SignInAgain(
                    f"Nobody signed in for calendar {self.calendar.name}.", f"Run `{_connect(self.calendar)}`."
                )
            app, cache = _open(self.calendar, door, str(kept.get("cache", "")))
            account = next(iter(app.get_accounts()), None)
            asked = [scope(self.calendar, _PERMISSION)]
            told = app.acquire_token_silent_with_error(asked, account=account, force_refresh=bool(dead))
            if cache.has_state_changed:
                _keep(self.calendar, self.store, cache, str(kept.get("address", "")))
            return value_of(told or {"error": "invalid_grant"}, door, _connect(self.calendar))


def _open(calendar: MicrosoftCalendar, door: Door, kept: str = "") -> tuple[Any, Any]:
    """msal's app for one person, and its cache filled with what was kept."""
    import msal

    library: Any = msal  # it has no types
    cache = library.SerializableTokenCache()
    if kept:
        cache.deserialize(kept)
    app = library.PublicClientApplication(
        calendar.client_id, authority=door.shown, instance_discovery=False, http_client=door, token_cache=cache
    )
    return app, cache


def _connect(calendar: MicrosoftCalendar) -> str:
    return f"activity-sync connect microsoft {calendar.name}"


def _entry(calendar: MicrosoftCalendar) -> str:
    return f"microsoft.{calendar.name}"


def _holder(calendar: MicrosoftCalendar) -> str:
    """A fingerprint of app and tenant: what was stored for others is of no use."""
    return hashlib.sha256(f"{authority_of(calendar)}\n{calendar.client_id}".encode()).hexdigest()[:16]


def _kept(calendar: MicrosoftCalendar, store: TokenStore) -> Mapping[str, Any]:
    try:
        kept = json.loads(store.get(_entry(calendar)) or "{}")
    except ValueError:
        return {}
    return kept if isinstance(kept, dict) and kept.get("holder") == _holder(calendar) else {}


def _keep(calendar: MicrosoftCalendar, store: TokenStore, cache: Any, address: str) -> None:
    kept = {"holder": _holder(calendar), "address": address, "cache": cache.serialize()}
    store.put(_entry(calendar), json.dumps(kept))
