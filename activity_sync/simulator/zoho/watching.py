"""`/actions/watch`: channels of notifications, and what they push."""

from __future__ import annotations

import http.client
import json
import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from activity_sync.simulator.zoho.calls import ApiCall
from activity_sync.simulator.zoho.refusals import Answer, Fault, Refusal, Row
from activity_sync.simulator.zoho.times import write_time
from activity_sync.simulator.zoho.world import World

LONGEST = timedelta(days=7)
OTHERWISE = timedelta(hours=1)
_OPERATIONS = ("create", "edit", "delete", "all")


@dataclass(slots=True)
class Channel:
    """One channel. `seen`: up to when changes were pushed; `told`: those of that very moment."""

    id: str
    events: tuple[str, ...]
    url: str
    token: str
    expiry: datetime
    seen: datetime
    told: set[tuple[str, str, str]] = field(default_factory=set)


def enable(call: ApiCall) -> Answer:
    """`POST`: new channels; one whose id is taken is refused."""
    return _answered(call, 201, lambda row: _enabled(call, row, fresh=True))


def update(call: ApiCall) -> Answer:
    """`PUT`: everything of a channel is replaced."""
    return _answered(call, 200, lambda row: _enabled(call, row, fresh=False))


def renew(call: ApiCall) -> Answer:
    """`PATCH`: only what is given."""
    return _answered(call, 200, lambda row: _renewed(call, row))


def details(call: ApiCall) -> Answer:
    """`GET`: one channel."""
    if "channel_id" not in call.query:
        text = "One of the expected parameter is missing"
        raise Refusal(400, "REQUIRED_PARAM_MISSING", text, {"param_name": "channel_id"})
    channel = _living(call.world, call.query["channel_id"])
    if channel is None:
        return Answer(204)
    return Answer(200, {"watch": [_shown(call.world, channel, name) for name in channel.events], "info": {}})


def disable(call: ApiCall) -> Answer:
    """`DELETE`."""
    rows = []
    for one in call.query.get("channel_ids", "").split(","):
        channel = call.world.channels.pop(one, None)
        if channel is None:
            rows.append(Fault("INVALID_DATA", "the channel id given seems to be invalid", {"channel_id": one}).as_row())
        else:
            text = "Successfully un-subscribed from actions-watch"
            rows.append({"code": "SUCCESS", "details": {"channel_id": one}, "message": text, "status": "success"})
    well = [row["status"] == "success" for row in rows]
    return Answer(200 if all(well) else 207 if any(well) else 400, {"watch": rows})


class _Refused(Exception):  # noqa: N818 - one of Zoho's answers
    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.code)
        self.fault = fault


def _answered(call: ApiCall, status: int, work: Any) -> Answer:
    rows = []
    for row in call.rows("watch", most=50):
        try:
            channel = work(row)
        except _Refused as refused:
            rows.append(refused.fault.as_row())
            continue
        events = {"events": [_shown(call.world, channel, name) for name in channel.events]}
        text = "Successfully subscribed for actions-watch of the given module"
        rows.append({"code": "SUCCESS", "details": events, "message": text, "status": "success"})
    well = [row["status"] == "success" for row in rows]
    return Answer(status if all(well) else 207 if any(well) else 400, {"watch": rows})


def _enabled(call: ApiCall, row: Row, *, fresh: bool) -> Channel:
    world = call.world
    for name in ("channel_id", "events", "notify_url"):
        if not row.get(name):
            raise _Refused(Fault("MANDATORY_NOT_FOUND", "required field not found", {"api_name": name}))
    channel_id = str(row["channel_id"])
    if not channel_id.isdecimal() or int(channel_id) >= 2**63 or len(str(row.get("token") or "")) > 50:
        raise _Refused(Fault("INVALID_DATA", "invalid data", {"api_name": "channel_id"}))
    if (_living(world, channel_id) is not None) is fresh:
        raise _Refused(Fault("INVALID_DATA", "the channel id is taken or unknown", {"api_name": "channel_id"}))
    for event in row["events"]:
        module, _, operation = str(event).partition(".")
        if module not in world.modules or operation not in _OPERATIONS:
            raise _Refused(Fault("INVALID_DATA", "invalid data", {"api_name": "events"}))
    events, url, token = tuple(row["events"]), row["notify_url"], str(row.get("token") or "")
    channel = Channel(channel_id, events, url, token, _expiry(world, row), world.now())
    world.channels[channel_id] = channel
    return channel


def _renewed(call: ApiCall, row: Row) -> Channel:
    channel = _living(call.world, str(row.get("channel_id")))
    if channel is None:
        raise _Refused(Fault("INVALID_DATA", "the channel id given seems to be invalid", {"api_name": "channel_id"}))
    if "channel_expiry" in row:
        channel.expiry = _expiry(call.world, row)
    return channel


def _expiry(world: World, row: Row) -> datetime:
    """As asked for; missing or more than a week ahead: an hour."""
    try:
        asked = datetime.fromisoformat(str(row.get("channel_expiry")))
    except ValueError:
        return world.now() + OTHERWISE
    return asked if world.now() < asked <= world.now() + LONGEST else world.now() + OTHERWISE


def _living(world: World, channel_id: str) -> Channel | None:
    channel = world.channels.get(channel_id)
    return channel if channel is not None and channel.expiry > world.now() else None


def _shown(world: World, channel: Channel, event: str) -> Row:
    module = event.partition(".")[0]
    return {
        "channel_expiry": write_time(channel.expiry, world.zone),
        "resource_uri": f"https://www.zohoapis.com/crm/v2/{module}",
        "resource_id": world.org_id,
        "resource_name": module,
        "channel_id": channel.id,
    }


# --- pushing ---------------------------------------------------------------------------------------------------------


def payloads(world: World) -> list[tuple[str, Row]]:
    """What the living channels have to push since they pushed last: the address and the body of each."""
    found = []
    for channel in list(world.channels.values()):
        if channel.expiry <= world.now():
            continue
        news = [
            one
            for module in {event.partition(".")[0] for event in channel.events}
            for one in _news(world, module, channel)
        ]
        told, channel.told, channel.seen = channel.told, {one[:3] for one in news if one[3] >= world.now()}, world.now()
        found += [(channel.url, _payload(world, channel, *one[:3])) for one in news if one[:3] not in told]
    return found


def _news(world: World, module: str, channel: Channel) -> list[tuple[str, str, str, datetime]]:
    table, since = world.tables[module], channel.seen
    changed = [
        (module, row["id"], "insert" if row["Created_Time"] >= since else "update", row["Modified_Time"])
        for row in table.modified_since(since)
    ]
    gone = [(module, one.row["id"], "delete", one.at) for one in table.bin.values() if one.at >= since]
    return [*changed, *gone]


def _payload(world: World, channel: Channel, module: str, record_id: str, operation: str) -> Row:
    return {
        "server_time": int(world.now().timestamp() * 1000),
        "query_params": {},
        "module": module,
        "resource_uri": f"https://www.zohoapis.com/crm/v2/{module}",
        "ids": [record_id],
        "affected_fields": [],
        "operation": operation,
        "channel_id": channel.id,
        "token": channel.token,
    }


def deliver(found: list[tuple[str, Row]], *, twice: bool, shuffled: bool) -> list[int]:
    """POST them; the HTTP status of each. 0: nobody was there."""
    sent = found * 2 if twice else list(found)
    if shuffled:
        random.Random(len(sent)).shuffle(sent)
    return [_post(url, body) for url, body in sent]


def _post(url: str, body: Row) -> int:
    split = urlsplit(url)
    kind = http.client.HTTPSConnection if split.scheme == "https" else http.client.HTTPConnection
    connection = kind(split.netloc, timeout=5)
    try:
        headers = {"Content-Type": "application/json"}
        connection.request("POST", split.path or "/", json.dumps(body), headers)
        return connection.getresponse().status
    except OSError:
        return 0
    finally:
        connection.close()
