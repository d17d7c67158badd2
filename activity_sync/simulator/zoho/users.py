"""`/users` and `/org`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from activity_sync.simulator.zoho.calls import ApiCall
from activity_sync.simulator.zoho.refusals import Answer, Refusal, Row
from activity_sync.simulator.zoho.times import write_time
from activity_sync.simulator.zoho.world import World


def _active(user: Row) -> bool:
    return bool(user["status"] == "active")


def _deleted(user: Row) -> bool:
    return bool(user["status"] == "deleted")


_TYPES: dict[str, Callable[[Row], bool]] = {
    "AllUsers": lambda user: not _deleted(user),
    "ActiveUsers": _active,
    "DeactiveUsers": lambda user: not _active(user) and not _deleted(user),
    "ConfirmedUsers": lambda user: user["confirm"] and not _deleted(user),
    "NotConfirmedUsers": lambda user: not user["confirm"] and not _deleted(user),
    "DeletedUsers": _deleted,
    "ActiveConfirmedUsers": lambda user: _active(user) and user["confirm"],
    "AdminUsers": lambda user: user["profile"]["name"] == "Administrator" and not _deleted(user),
    "ActiveConfirmedAdmins": lambda user: user["profile"]["name"] == "Administrator" and _active(user),
}


def list_users(call: ApiCall) -> Answer:
    """`GET /users`."""
    world = call.world
    page, per_page = call.page()
    since = call.time_header("If-Modified-Since")
    chosen = [user for user in _of_type(call) if since is None or user["Modified_Time"] > since]
    if not chosen and since is not None:
        return Answer(304)
    ids = call.query.get("ids")
    if ids:
        chosen = [user for user in chosen if user["id"] in ids.split(",")[:100]]
    start = (page - 1) * per_page
    rows = chosen[start : start + per_page]
    if not rows:
        return Answer(204)
    info = {"per_page": per_page, "count": len(rows), "page": page, "more_records": len(chosen) > start + per_page}
    return Answer(200, {"users": [_render(world, user) for user in rows], "info": info})


def one_user(call: ApiCall) -> Answer:
    """`GET /users/{id}`."""
    user = call.world.users.get(call.id)
    if user is None:
        return Answer(204)
    return Answer(200, {"users": [_render(call.world, user)]})


def _of_type(call: ApiCall) -> list[Row]:
    kind = call.query.get("type", "AllUsers")
    if kind == "CurrentUser":
        return [call.world.users[call.world.token_user]]
    if kind not in _TYPES:
        raise Refusal(
            400, "PATTERN_NOT_MATCHED", "Please check whether the input values are correct", {"api_name": "type"}
        )
    return [user for user in call.world.users.values() if _TYPES[kind](user)]


def _render(world: World, user: Row) -> Row:
    zone = world.zone
    out = {name: write_time(value, zone) if isinstance(value, datetime) else value for name, value in user.items()}
    own_now = world.now().astimezone(ZoneInfo(user["time_zone"]))
    shift = own_now.utcoffset()
    assert shift is not None
    full_name = world.user_name(user["id"])
    return {**out, "full_name": full_name, "alias": None, "offset": int(shift.total_seconds() * 1000)}


def new_user(world: World, email: str, first_name: str, last_name: str, **more: str) -> Row:
    """A user row. `more`: status, role, profile, time_zone, phone, mobile."""
    user_id = world.new_id()
    profile = more.get("profile", "Standard")
    return {
        "id": user_id,
        "zuid": user_id[-9:],
        "first_name": first_name,
        "last_name": last_name,
        "email": email,
        "status": more.get("status", "active"),
        "status_reason__s": None,
        "confirm": True,
        "role": {"name": more.get("role", "Sales"), "id": f"{world.org_id[:-3]}901"},
        "profile": {"name": profile, "id": f"{world.org_id[:-3]}{800 + len(profile)}"},
        "Reporting_To": None,
        "time_zone": more.get("time_zone", "UTC"),
        "locale": "en_US",
        "language": "en_US",
        "country_locale": "en_US",
        "phone": more.get("phone"),
        "mobile": more.get("mobile"),
        "type__s": "Regular User",
        "created_time": world.now(),
        "Modified_Time": world.now(),
        "Isonline": False,
    }


def organisation(call: ApiCall) -> Answer:
    """`GET /org`."""
    world = call.world
    me = world.users[world.token_user]
    paid = world.edition != "free"
    licence = {
        "paid": paid,
        "paid_type": world.edition,
        "paid_expiry": None,
        "trial_type": None,
        "trial_expiry": None,
        "users_license_purchased": world.licences,
        "portal_users_license_purchased": 0,
    }
    org = {
        "id": world.org_id,
        "zgid": world.org_id[-9:],
        "company_name": world.company,
        "domain_name": f"org{world.org_id[-9:]}",
        "primary_email": me["email"],
        "primary_zuid": me["zuid"],
        "type": "production",
        "time_zone": me["time_zone"],
        "country_code": "US",
        "currency": "US Dollar - USD",
        "currency_symbol": "$",
        "iso_code": "USD",
        "mc_status": False,
        "created_time": write_time(me["created_time"], world.zone),
        "license_details": licence,
    }
    return Answer(200, {"org": [org]})
