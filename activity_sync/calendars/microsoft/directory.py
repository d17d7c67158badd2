"""Everybody with a mailbox in the tenant, for `reps: directory` (calendars.md C3)."""

from __future__ import annotations

from collections.abc import Mapping

from activity_sync.calendars.microsoft.failures import NotThere
from activity_sync.calendars.microsoft.graph import Graph
from activity_sync.calendars.microsoft.wire import query
from activity_sync.model.addresses import comparable_email
from activity_sync.model.failures import SignInAgain, Unexpected
from activity_sync.model.members import text

_ASKED = query({"$select": "id,mail,userPrincipalName,accountEnabled,userType", "$top": "999"})
_REMEDY = "In Entra the app needs the application permission User.Read.All with admin consent; or list the addresses in `reps`."  # noqa: E501


def members(graph: Graph) -> Mapping[str, str]:
    """The ids of the users by their addresses; guests, disabled accounts and those without an address left out.

    Raises SignInAgain, TryLater, Unexpected.
    """
    try:
        users = [one for one in graph.listed(f"/users?{_ASKED}", "the tenant") if isinstance(one, dict)]
    except NotThere:
        raise Unexpected("Microsoft has no list of users at this address.", "Check graph_url.") from None
    except SignInAgain:
        raise SignInAgain("The app may not list the users of the tenant.", _REMEDY) from None
    kept = [one for one in users if one.get("accountEnabled") is not False and text(one, "userType") != "Guest"]
    return {email: text(one, "id") or email for one in kept if (email := comparable_email(text(one, "mail")))}
