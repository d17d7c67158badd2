"""The directory: who is in the tenant."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from activity_sync.simulator.microsoft.failures import Refused, refusal
from activity_sync.simulator.microsoft.mailboxes import Json, Mailbox
from activity_sync.simulator.microsoft.parameters import USER, check_known, keep, lowered, number, selection
from activity_sync.simulator.network import Request

_USUAL = frozenset(["id", "displayName", "mail", "userPrincipalName", "jobTitle", "mobilePhone"])


def user_page(mailboxes: Mapping[str, Mailbox], request: Request, url: str) -> Json:
    """One page of GET /users."""
    query = lowered(request)
    check_known(query, {"$select", "$top", "$skiptoken", "$count"})
    names = selection(query, USER, "microsoft.graph.user") or _USUAL
    size, start = number(query, "$top", 100, 1, 999), number(query, "$skiptoken", 0, 0, 10**6)
    everybody = [mailboxes[email] for email in sorted(mailboxes)]
    page: Json = {
        "@odata.context": f"{url}/$metadata#users",
        "value": [keep(_shown(one), names) for one in everybody[start : start + size]],
    }
    if start + size < len(everybody):
        asked = {name: values[0] for name, values in request.query.items() if name.lower() != "$skiptoken"}
        page["@odata.nextLink"] = f"{url}?{urlencode(asked | {'$skiptoken': str(start + size)})}"
    return page


def one_user(mailbox: Mailbox | None, request: Request) -> Json:
    """GET /users/{id} and /me."""
    if mailbox is None:
        raise Refused(refusal(404, "Request_ResourceNotFound", "Resource does not exist."))
    query = lowered(request)
    check_known(query, {"$select"})
    return keep(_shown(mailbox), selection(query, USER, "microsoft.graph.user") or _USUAL)


def _shown(mailbox: Mailbox) -> Json:
    given, _, family = mailbox.name.partition(" ")
    return {
        "id": mailbox.id,
        "displayName": mailbox.name,
        "givenName": given,
        "surname": family,
        "mail": mailbox.email if mailbox.licensed else None,
        "userPrincipalName": mailbox.principal or mailbox.email,
        "proxyAddresses": [
            f"SMTP:{mailbox.email}",
            *(f"smtp:{one}" for one in mailbox.aliases),
            f"X500:/o=Acme/cn={mailbox.id}",
        ],
        "otherMails": [],
        "accountEnabled": mailbox.enabled,
        "userType": "Member",
        "jobTitle": None,
        "mobilePhone": None,
        "officeLocation": None,
        "preferredLanguage": None,
        "businessPhones": [],
    }
