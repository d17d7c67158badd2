"""The Workspace directory: who works here (Admin SDK, `users.list`)."""

from __future__ import annotations

from dataclasses import dataclass, field

from activity_sync.simulator.google.copies import Json
from activity_sync.simulator.google.failures import Refused, newer_refusal
from activity_sync.simulator.google.tokens import Grant
from activity_sync.simulator.network import Request, Response, json_response

_SCOPES = ("admin.directory.user", "admin.directory.user.readonly")


@dataclass(frozen=True, slots=True)
class Member:
    """One user of the Workspace."""

    email: str
    name: str = ""
    aliases: tuple[str, ...] = ()
    suspended: bool = False
    admin: bool = False


@dataclass(slots=True)
class Directory:
    """The users, in the order of their addresses."""

    members: dict[str, Member] = field(default_factory=dict)

    def answer(self, request: Request, grant: Grant) -> Response:
        """GET /admin/directory/v1/users."""
        if not grant.allows(_SCOPES):
            raise Refused(
                newer_refusal(403, "forbidden", "Request had insufficient authentication scopes.", "PERMISSION_DENIED")
            )
        asker = self.members.get(grant.subject)
        if not (asker and asker.admin) and request.one("viewType") != "domain_public":
            message = "Not Authorized to access this resource/api"
            raise Refused(newer_refusal(403, "forbidden", message, "PERMISSION_DENIED"))
        return json_response(self._page(request))

    def _page(self, request: Request) -> Json:
        found = self._asked(request)
        size, start = _bounded(request, "maxResults", 100, 500), _bounded(request, "pageToken", 0, len(found))
        page: Json = {"kind": "admin#directory#users", "users": [_shown(one) for one in found[start : start + size]]}
        if start + size < len(found):
            page["nextPageToken"] = str(start + size)
        return page

    def _asked(self, request: Request) -> list[Member]:
        domain, customer = request.one("domain"), request.one("customer")
        if not domain and customer != "my_customer":
            raise Refused(newer_refusal(400, "badRequest", "Bad Request", "INVALID_ARGUMENT"))
        query = request.one("query") or ""
        return [
            one
            for _, one in sorted(self.members.items())
            if (not domain or one.email.endswith(f"@{domain}"))
            and ("isSuspended=false" not in query or not one.suspended)
        ]


def _shown(member: Member) -> Json:
    given, _, family = member.name.partition(" ")
    return {
        "kind": "admin#directory#user",
        "id": str(abs(hash(member.email)) % 10**21),
        "primaryEmail": member.email,
        "name": {"givenName": given, "familyName": family, "fullName": member.name},
        "isAdmin": member.admin,
        "suspended": member.suspended,
        "archived": False,
        "isMailboxSetup": True,
        "orgUnitPath": "/",
        "emails": [{"address": member.email, "primary": True}, *({"address": alias} for alias in member.aliases)],
        "aliases": list(member.aliases),
    }


def _bounded(request: Request, name: str, default: int, most: int) -> int:
    text = request.one(name)
    if text is None:
        return default
    if not text.isdigit() or int(text) > most:
        raise Refused(newer_refusal(400, "invalid", f"Invalid Input: {name}", "INVALID_ARGUMENT"))
    return int(text)
