"""Which permission a refused call would have needed (zoho.md 1.7)."""

from __future__ import annotations

_OPERATIONS = {"GET": "READ", "POST": "CREATE", "PUT": "UPDATE", "DELETE": "DELETE"}


def needed_scope(method: str, path: str, *, bulk: bool = False) -> str:
    """Its name. `path` follows the version; `bulk`: it is one of the bulk API."""
    first, *rest = path.strip("/").split("/")
    operation = _OPERATIONS.get(method, "ALL")
    if bulk:
        return "ZohoCRM.bulk.READ (and READ of the module)"
    if path == "/actions/watch":
        return "ZohoCRM.notifications.ALL"
    if rest == ["actions", "count"]:
        return "ZohoSearch.securesearch.READ"
    match first:
        case "org" | "users":
            return f"ZohoCRM.{first}.READ"
        case "coql":
            return "ZohoCRM.coql.READ (and READ of the module)"
        case "__composite_requests":
            return "ZohoCRM.composite_requests.CUSTOM"
        case "settings":
            return f"ZohoCRM.settings.{'.'.join([*rest[:1], operation])}"
        case "__apis":
            return "ZohoCRM.apis.READ"
        case _:
            return f"ZohoCRM.modules.{first.lower()}.{operation}"
