"""Which call goes where: its scope, its price, whether it uses sub-concurrency."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import orjson

from activity_sync.simulator.zoho import metadata, new_fields, users, watching
from activity_sync.simulator.zoho.bulk import reading as bulk
from activity_sync.simulator.zoho.calls import ApiCall
from activity_sync.simulator.zoho.coql.running import asked_limit, run_coql
from activity_sync.simulator.zoho.reading import deleted, lists, related, search
from activity_sync.simulator.zoho.refusals import Answer, Refusal
from activity_sync.simulator.zoho.writes import conversion
from activity_sync.simulator.zoho.writes import routes as writes

BASE = "/crm/v8"
BULK = "/crm/bulk/v8"

Handler = Callable[[ApiCall], Answer]
Price = Callable[[ApiCall], int]


def _rows_price(call: ApiCall) -> int:
    return max(1, -(-_row_count(call.body) // 10))


def _row_count(body: bytes) -> int:
    try:
        rows = orjson.loads(body).get("data")
    except (ValueError, AttributeError):
        return 0
    return len(rows) if isinstance(rows, list) else 0


def _coql_price(call: ApiCall) -> int:
    limit = asked_limit(call.body)
    return 1 if limit <= 200 else 2 if limit <= 1000 else 3


def _list_price(call: ApiCall) -> int:
    return 3 if "cvid" in call.query else 1


def _always(_: ApiCall) -> bool:
    return True


def _sorted(call: ApiCall) -> bool:
    return "sort_by" in call.query or "cvid" in call.query


def _large(call: ApiCall) -> bool:
    return _row_count(call.body) > 10


@dataclass(frozen=True, slots=True)
class Route:
    """`path` is a pattern after the base; `{module}` in a scope stands for the module of the path."""

    method: str
    path: re.Pattern[str]
    handler: Handler
    scopes: tuple[str, ...]
    price: Price | int = 1
    sub: Callable[[ApiCall], bool] | None = None
    in_composite: bool = True
    template: str = ""

    def costs(self, call: ApiCall) -> int:
        """Credits of this call."""
        return self.price if isinstance(self.price, int) else self.price(call)

    def needed(self, parts: dict[str, str]) -> list[str]:
        """The scopes this call needs."""
        return [scope.replace("{module}", parts.get("module", "")) for scope in self.scopes]


def _route(
    method: str,
    path: str,
    handler: Handler,
    scopes: str,
    price: Price | int = 1,
    sub: Callable[[ApiCall], bool] | None = None,
    *,
    in_composite: bool = True,
) -> Route:
    pattern = path.replace("{module}", r"(?P<module>[A-Za-z]\w*)")
    pattern = pattern.replace("{related}", r"(?P<related>[A-Za-z]\w*)")
    for name in ("id", "contact"):
        pattern = pattern.replace(f"{{{name}}}", rf"(?P<{name}>\d+)")
    names = tuple(f"Zoho{scope}" if scope.startswith("Search") else f"ZohoCRM.{scope}" for scope in scopes.split())
    return Route(method, re.compile(pattern), handler, names, price, sub, in_composite, path)


_WATCHING = {
    "POST": watching.enable,
    "PUT": watching.update,
    "PATCH": watching.renew,
    "GET": watching.details,
    "DELETE": watching.disable,
}
_M = "modules.{module}"
ROUTES = [
    _route("GET", f"{BASE}/users", users.list_users, "users.READ"),
    _route("GET", f"{BASE}/users/{{id}}", users.one_user, "users.READ"),
    _route("GET", f"{BASE}/org", users.organisation, "org.READ"),
    _route("GET", f"{BASE}/settings/modules", metadata.list_modules, "settings.modules.READ"),
    _route("GET", f"{BASE}/settings/fields", metadata.list_fields, "settings.fields.READ"),
    _route("POST", f"{BASE}/settings/fields", new_fields.create_fields, "settings.fields.CREATE"),
    _route("GET", f"{BASE}/settings/layouts", metadata.list_layouts, "settings.layouts.READ"),
    _route("GET", f"{BASE}/settings/pipeline", metadata.list_pipelines, "settings.pipeline.READ"),
    _route("GET", f"{BASE}/settings/related_lists", metadata.list_related_lists, "settings.related_lists.READ"),
    _route("POST", f"{BASE}/coql", run_coql, "coql.READ", _coql_price, _always),
    _route("GET", f"{BASE}/Contacts/roles", related.list_role_names, "modules.Contacts.READ"),
    _route("GET", f"{BASE}/{{module}}/search", search.search, f"Search.securesearch.READ {_M}.READ", 1, _always),
    _route(
        "GET",
        f"{BASE}/{{module}}/actions/count",
        search.count,
        f"Search.securesearch.READ {_M}.READ settings.layouts.READ",
    ),
    _route("GET", f"{BASE}/{{module}}/deleted", deleted.list_deleted, f"{_M}.READ", 2),
    _route("POST", f"{BASE}/{{module}}/upsert", writes.upsert, f"{_M}.CREATE {_M}.UPDATE", _rows_price, _large),
    _route(
        "POST",
        f"{BASE}/{{module}}/actions/change_owner",
        conversion.change_owner,
        "change_owner.CREATE",
        in_composite=False,
    ),
    _route("POST", f"{BASE}/(?P<module>Leads)/{{id}}/actions/convert", conversion.convert, f"{_M}.CREATE", 5, _always),
    _route("POST", f"{BASE}/{{module}}/{{id}}/actions/merge", conversion.merge, f"{_M}.CREATE", 50, in_composite=False),
    _route(
        "PUT",
        f"{BASE}/(?P<module>Deals)/{{id}}/Contact_Roles/{{contact}}",
        related.put_role,
        "modules.Contacts.READ modules.Deals.UPDATE",
    ),
    _route(
        "DELETE",
        f"{BASE}/(?P<module>Deals)/{{id}}/Contact_Roles/{{contact}}",
        related.delete_role,
        "modules.Contacts.READ modules.Deals.UPDATE",
    ),
    _route("POST", f"{BASE}/{{module}}/{{id}}/Notes", writes.insert_note, "modules.Notes.CREATE"),
    _route(
        "GET",
        f"{BASE}/(?P<module>Deals)/{{id}}/(?P<related>Contact_Roles)",
        related.list_related,
        "modules.Contacts.READ modules.Deals.READ",
    ),
    _route("GET", f"{BASE}/{{module}}/{{id}}/{{related}}", related.list_related, f"{_M}.READ"),
    _route("GET", f"{BASE}/{{module}}/{{id}}", lists.one_record, f"{_M}.READ"),
    _route("PUT", f"{BASE}/{{module}}/{{id}}", writes.update_one, f"{_M}.UPDATE"),
    _route("DELETE", f"{BASE}/{{module}}/{{id}}", writes.delete_one, f"{_M}.DELETE"),
    _route("GET", f"{BASE}/{{module}}", lists.list_records, f"{_M}.READ", _list_price, _sorted),
    _route("POST", f"{BASE}/{{module}}", writes.insert, f"{_M}.CREATE", _rows_price, _large),
    _route("PUT", f"{BASE}/{{module}}", writes.update_many, f"{_M}.UPDATE", _rows_price, _large),
    _route("DELETE", f"{BASE}/{{module}}", writes.delete_many, f"{_M}.DELETE", in_composite=False),
    *(
        _route(method, f"{BASE}/actions/watch", handler, "notifications.ALL", in_composite=False)
        for method, handler in _WATCHING.items()
    ),
    _route("POST", f"{BULK}/read", bulk.create_job, "bulk.READ", 50, in_composite=False),
    _route("GET", f"{BULK}/read/{{id}}", bulk.job_state, "bulk.READ", in_composite=False),
    _route("GET", f"{BULK}/read/{{id}}/result", bulk.download, "bulk.READ", in_composite=False),
]


def find_route(method: str, path: str) -> tuple[Route, dict[str, str]]:
    """The route of a call and the parts of its path; refuses an unknown path or method."""
    other_method = False
    for route in ROUTES:
        match = route.path.fullmatch(path)
        if match and route.method == method:
            if "module" in match.groupdict() and _is_fixed(path):
                break  # `POST /users` is a wrong method, not a module called users
            return route, match.groupdict()
        other_method = other_method or match is not None
    if other_method:
        raise Refusal(400, "INVALID_REQUEST_METHOD", "The http request method type is not a valid one")
    message = "Please check if the URL trying to access is a correct one"
    raise Refusal(404, "INVALID_URL_PATTERN", message)


def _is_fixed(path: str) -> bool:
    return any(route.template == path for route in ROUTES)
