"""Zoho's users (zoho.md 6.1)."""

from __future__ import annotations

from activity_sync.model.failures import Unexpected
from activity_sync.model.records import SignedIn, User
from activity_sync.zoho.client import Call, Client
from activity_sync.zoho.payloads import to_user

_PER_PAGE = 200
_MOST_PAGES = 100


def read_signed_in(client: Client) -> SignedIn:
    """The user whose token this is, and whether he or she is an administrator: two credits.

    A profile's name does not tell, since admins name their own; the list of administrators does.
    """
    own = read_users(client, "CurrentUser")
    if not own:
        raise Unexpected("Zoho does not say whose access this is")
    return SignedIn(user=own[0], administrator=own[0].id in {user.id for user in read_users(client, "AdminUsers")})


def read_users(client: Client, kind: str = "AllUsers") -> list[User]:
    """All users of a kind (zoho.md 6.1), active or not, a credit for 200. Raises what `Client.send` raises."""
    found: list[User] = []
    for page in range(1, _MOST_PAGES + 1):
        params = {"type": kind, "page": str(page), "per_page": str(_PER_PAGE)}
        answer = client.send(Call(method="GET", path="/users", params=params, what="users"))
        found += [to_user(row) for row in answer.rows("users")]
        if not answer.more():
            return found
    raise Unexpected("Zoho's list of users does not end")
