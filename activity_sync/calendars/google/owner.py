"""Whose calendar a token opens, where the sign-in itself does not say."""

from __future__ import annotations

from typing import Any

import httpx

from activity_sync.model.addresses import comparable_email
from activity_sync.model.members import flag, items, text
from activity_sync.model.settings import GoogleCalendar
from activity_sync.net.session import open_session

_ROOT = "https://www.googleapis.com"
_ASKED = {"maxResults": "50", "fields": "summary,items(organizer(email,self),attendees(email,self))"}


def owner(calendar: GoogleCalendar, access_token: str) -> str:
    """The address of who signed in, comparable; "" when the calendar does not tell.

    A calendar is called by its owner's address until somebody renames it; else its entries mark the owner by `self`
    (calendars.md A3, A5).
    """
    url = f"{(calendar.api_url or _ROOT).rstrip('/')}/calendar/v3/calendars/primary/events"
    try:
        with open_session(headers={"Authorization": f"Bearer {access_token}"}) as session:
            told = session.get(url, params=_ASKED).json()
    except (httpx.HTTPError, ValueError, RecursionError):
        return ""
    return _named(told) if isinstance(told, dict) else ""


def _named(told: dict[str, Any]) -> str:
    title = comparable_email(text(told, "summary"))
    if "@" in title and " " not in title:
        return title
    people = (one for entry in items(told, "items") for one in (entry.get("organizer"), *items(entry, "attendees")))
    return next((email for one in people if flag(one, "self") and (email := comparable_email(text(one, "email")))), "")
