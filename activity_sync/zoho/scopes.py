"""The permissions that a token needs, and why; which of them it lacks (zoho.md 1.7)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from activity_sync.model.failures import SignInAgain
from activity_sync.model.records import ACTIVITIES, SHADOWED
from activity_sync.model.settings import Zoho
from activity_sync.zoho.client import BULK, Call, Client, ScopeMissing
from activity_sync.zoho.refusals import ZohoRefused

_WRITING = ("CREATE", "UPDATE", "DELETE")
_EVERYTHING = ("READ", *_WRITING)


@dataclass(frozen=True, slots=True)
class Scope:
    """A permission by the name that the console takes. `operations`: what of it we use.

    `needed` False: without it something is dearer or left out, but all else works.
    """

    name: str
    why: str
    operations: tuple[str, ...] = ()
    needed: bool = True

    def single(self) -> list[str]:
        """One name for each operation."""
        stem, _, operation = self.name.rpartition(".")
        return [f"{stem}.{one}" for one in self.operations or (operation,)]


def scopes_for(zoho: Zoho) -> tuple[Scope, ...]:
    """What this config asks for. A rehearsal asks for the same, but reading is all that it needs of it."""
    operations = _EVERYTHING if zoho.write else ("READ",)
    found = [Scope(f"ZohoCRM.modules.{module.lower()}.READ", f"to know the {module} that people are matched with")
             for module in SHADOWED]  # fmt: skip
    found += [
        Scope(f"ZohoCRM.modules.{module.lower()}.ALL", f"to write {module}, and see what people changed", operations)
        for module in ACTIVITIES
    ]
    return (*found, *_COMMON, *_optional(zoho))


_COMMON = (
    Scope("ZohoCRM.users.READ", "to know your reps, and who may own an activity"),
    Scope("ZohoCRM.org.READ", "to know the edition, and so how many credits a day there are"),
    Scope("ZohoCRM.coql.READ", "to read many records for few credits"),
    Scope("ZohoCRM.composite_requests.CUSTOM", "to ask five things for one credit"),
    Scope("ZohoCRM.settings.fields.READ", "to check field names and picklist values before anything is written"),
    Scope("ZohoCRM.settings.layouts.READ", "to find fields that a layout demands"),
    Scope("ZohoCRM.settings.pipeline.READ", "to know the deal stages and which of them are closed"),
)


_LEADS = "ZohoCRM.modules.leads.ALL"
_WATCH = "ZohoCRM.notifications.ALL"


def _optional(zoho: Zoho) -> Iterator[Scope]:
    yield Scope("ZohoCRM.apis.READ", "to book the prices of your own org", needed=False)
    yield Scope("ZohoCRM.bulk.READ", "to read large modules for about 53 credits the first time", needed=False)
    yield Scope("ZohoSearch.securesearch.READ", "to count a module before its first load", needed=False)
    if zoho.key_field:
        yield Scope("ZohoCRM.settings.fields.CREATE", "to make the key field, once", needed=False)
    yield Scope("ZohoCRM.modules.deals.UPDATE", "for `deal_stage` of an activity type, where you use it", needed=False)
    yield Scope(_LEADS, "for the self-test's own lead", ("CREATE", "DELETE"), needed=False)
    if zoho.notifications:
        yield Scope(_WATCH, "for `zoho.notifications`, so that Zoho tells us of changes at once")


def console_line(zoho: Zoho) -> str:
    """All of them in one line, as the console and the sign-in page take them."""
    names = list(dict.fromkeys(scope.name for scope in scopes_for(zoho)))
    wide = {name.rpartition(".")[0] for name in names if name.endswith(".ALL")}
    return ",".join(name for name in names if name.endswith(".ALL") or name.rpartition(".")[0] not in wide)


def lacking(granted: str, zoho: Zoho) -> tuple[Scope, ...]:
    """Those that the granted ones (with spaces or commas between) do not cover."""
    have = [one.casefold().split(".") for one in re.split(r"[\s,]+", granted) if one]
    return tuple(scope for scope in scopes_for(zoho) if not _covered(scope, have))


def _covered(scope: Scope, have: Sequence[Sequence[str]]) -> bool:
    return all(any(_covers(one, name.casefold().split(".")) for one in have) for name in scope.single())


def _covers(granted: Sequence[str], needed: Sequence[str]) -> bool:
    """`modules.ALL` covers `modules.leads.READ`; WRITE is CREATE and UPDATE."""
    *stem, operation = granted
    wanted = needed[-1]
    allowed = operation in ("all", wanted) or (operation == "write" and wanted in ("create", "update"))
    return allowed and len(stem) < len(needed) and stem == list(needed[: len(stem)])


def probe(client: Client, zoho: Zoho) -> tuple[Scope, ...]:
    """Those that Zoho refuses when they are tried: about a credit each. Nothing is written.

    In a rehearsal nothing is sent that could write, not even an insert of no rows. Raises TryLater, OutOfCredits, and
    SignInAgain when the access is dead altogether.
    """
    return tuple(scope for scope in scopes_for(zoho) if any(_is_refused(client, one) for one in _tried(scope, zoho)))


def _tried(scope: Scope, zoho: Zoho) -> list[str]:
    return [name for name in scope.single() if zoho.write or name.rpartition(".")[2] not in _WRITING]


def _is_refused(client: Client, name: str) -> bool:
    call = _trial(name)
    if call is None:
        return False
    try:
        client.send(call)
    except ScopeMissing:
        return True
    except ZohoRefused:
        return False
    return False


_ONE = {"select_query": "select id from Contacts where id is not null limit 1"}
_TRIED = "permissions"
_TRIALS = {
    "users": Call(method="GET", path="/users", what=_TRIED),
    "org": Call(method="GET", path="/org", what=_TRIED),
    "coql": Call(method="POST", path="/coql", json=_ONE, what=_TRIED),
    "composite_requests": Call(
        method="POST", path="/__composite_requests", json={"__composite_requests": []}, what=_TRIED
    ),
    "apis": Call(method="GET", path="/__apis", what=_TRIED),
    "bulk": Call(method="GET", path="/read/1", base=BULK, what=_TRIED),
    "securesearch": Call(method="GET", path="/Contacts/actions/count", what=_TRIED),
    "notifications": Call(method="GET", path="/actions/watch", params={"channel_id": "1"}, what=_TRIED),
}


def _trial(name: str) -> Call | None:
    """A call that needs this permission and does nothing: lists of one, inserts of none. None: it cannot be tried."""
    parts, what = name.split("."), _TRIED
    match parts[1:]:
        case ["modules", module, "READ"]:
            params = {"fields": "id", "per_page": "1"}
            return Call(method="GET", path=f"/{_module(module)}", params=params, what=what)
        case ["modules", module, "CREATE" | "UPDATE" as operation]:
            method = "POST" if operation == "CREATE" else "PUT"
            return Call(method=method, path=f"/{_module(module)}", json={"data": []}, what=what)
        case ["settings", "fields", "CREATE"]:
            params = {"module": "Events"}
            return Call(method="POST", path="/settings/fields", params=params, json={"fields": []}, what=what)
        case ["settings", "pipeline", _]:
            return Call(method="GET", path="/settings/pipeline", params={"layout_id": "0"}, what=what)
        case ["settings", kind, _]:
            return Call(method="GET", path=f"/settings/{kind}", params={"module": "Deals"}, what=what)
        case [family, _]:
            return _TRIALS.get(family)
    return None


def _module(name: str) -> str:
    return next(str(one) for one in (*SHADOWED, *ACTIVITIES) if one.casefold() == name.casefold())


def as_failure(missing: Iterable[Scope]) -> SignInAgain:
    """The failure that names them."""
    names = ", ".join(scope.name for scope in missing)
    return SignInAgain(f"Zoho's permissions {names} are missing", "run `activity-sync connect zoho` and grant them")
