"""Whose calendar a token opens, where the sign-in itself does not say."""

from __future__ import annotations

import httpx

from activity_sync.model.addresses import comparable_email
from activity_sync.model.members import text
from activity_sync.model.settings import MicrosoftCalendar

_ASKED = {"me/calendar": "owner", "me": "mail,userPrincipalName"}
"""The calendar names its owner; the profile is only shown to an app that may read it."""


def owner(calendar: MicrosoftCalendar, session: httpx.Client, access_token: str) -> str:
    """The address of who signed in, comparable; "" when Graph does not tell."""
    for path, members in _ASKED.items():
        try:
            answer = session.get(
                f"{calendar.graph_url}/{path}",
                params={"$select": members},
                headers={"Authorization": f"Bearer {access_token}"},
            )
            told = answer.json() if answer.is_success else {}
        except (httpx.HTTPError, ValueError, RecursionError):
            continue
        told = told if isinstance(told, dict) else {}
        named = (text(told.get("owner"), "address"), text(told, "mail"), text(told, "userPrincipalName"))
        if address := next((email for one in named if (email := comparable_email(one))), ""):
            return address
    return ""
