"""Everybody with a calendar in the Workspace, for `reps: directory` (calendars.md A2)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from activity_sync.calendars.google.credentials import DIRECTORY, Keys
from activity_sync.calendars.google.failures import NotThere, translated
from activity_sync.calendars.google.service import Service
from activity_sync.model.addresses import comparable_email
from activity_sync.model.failures import SignInAgain, Unexpected
from activity_sync.model.members import flag, items, text

_HOST, _PATH = "admin.googleapis.com", "admin/directory/v1/users"
_FIELDS = "nextPageToken,users(primaryEmail,suspended,archived,isMailboxSetup)"
_ASKERS = 3
_PAGES = 200


def members(service: Service, keys: Keys, askers: Sequence[str]) -> tuple[str, ...]:
    """The addresses. `askers`: people of the Workspace in whose name the list is asked for, the best first.

    Raises SignInAgain when none of the first three may see it, TryLater, Unexpected.
    """
    refused = SignInAgain("Nobody is known in whose name Google could list the users.", _REMEDY)
    for asker in askers[:_ASKERS]:
        try:
            found = _listed(service, keys, asker)
            return tuple(dict.fromkeys(email for one in found if (email := comparable_email(one))))
        except SignInAgain as failure:
            refused = failure
    raise refused


_REMEDY = "It needs an active Zoho user with an account in the Workspace; or list the addresses in `reps`."


def _listed(service: Service, keys: Keys, asker: str) -> Iterator[str]:
    token, pages = "", 0
    while token or not pages:
        page = _page(service, keys, asker, token)
        for user in items(page, "users"):
            gone = flag(user, "suspended") or flag(user, "archived") or user.get("isMailboxSetup") is False
            if not gone:
                yield text(user, "primaryEmail")
        token, pages = text(page, "nextPageToken"), pages + 1
        if pages > _PAGES:
            raise Unexpected("Google's list of users does not end.")


def _page(service: Service, keys: Keys, asker: str, token: str) -> object:
    asked = {
        "customer": "my_customer", "viewType": "domain_public", "query": "isSuspended=false", "maxResults": "500",
        "orderBy": "email", "fields": _FIELDS, **({"pageToken": token} if token else {}),
    }  # fmt: skip
    credentials = keys.credentials(asker, DIRECTORY)
    try:
        with translated(asker, keys, DIRECTORY):
            page = service.asked(_HOST, _PATH, asked, credentials)
    except NotThere:
        raise Unexpected("Google has no list of users at this address.") from None
    if not isinstance(page, dict):
        raise Unexpected("Google's list of users has a foreign shape.")
    return page
