"""Zoho's notifications: a channel that tells us that records changed, alive for a week at most (zoho.md 7)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from activity_sync.model.failures import Refused, Unexpected
from activity_sync.model.records import SHADOWED
from activity_sync.zoho.client import Answer, Call, Client
from activity_sync.zoho.payloads import moment_of
from activity_sync.zoho.refusals import ZohoRefused, fault_of

_PATH = "/actions/watch"


def open_channel(client: Client, channel: str, token: str, url: str, until: datetime) -> datetime | None:
    """Make the channel, or set it right if it is there; when it will end, None: Zoho did not say.

    Raises Refused with Zoho's reason, and what `Client.send` raises.
    """
    wish = {
        "channel_id": channel,
        "events": [f"{module}.all" for module in SHADOWED],
        "notify_url": url,
        "token": token,
        "channel_expiry": _time(until),
        "return_affected_field_values": False,
        "notify_on_related_action": False,
    }
    try:
        return _expiry(_send(client, "POST", wish))
    except Refused:
        return _expiry(_send(client, "PUT", wish))


def renew_channel(client: Client, channel: str, until: datetime) -> datetime | None:
    """Let it live longer; when it will end now. Raises as `open_channel`: Refused when Zoho does not know it."""
    return _expiry(_send(client, "PATCH", {"channel_id": channel, "channel_expiry": _time(until)}))


def close_channel(client: Client, channel: str) -> None:
    """End it. One that Zoho does not know has ended. Raises what `Client.send` raises otherwise."""
    call = Call(method="DELETE", path=_PATH, params={"channel_ids": channel}, what="notifications", purpose="checking")
    try:
        client.send(call)
    except ZohoRefused:
        return


def _send(client: Client, method: str, wish: Mapping[str, Any]) -> Mapping[str, Any]:
    call = Call(method=method, path=_PATH, what="notifications", purpose="checking", json={"watch": [wish]})
    row = _row(client.send(call))
    fault = fault_of(row)
    if fault is not None:
        raise Refused(f"Zoho refused its notifications: {fault.words()}")
    return row


def _row(answer: Answer) -> Mapping[str, Any]:
    rows = answer.rows("watch")
    if not rows:
        raise Unexpected("Zoho's answer on notifications is empty")
    return rows[0]


def _expiry(row: Mapping[str, Any]) -> datetime | None:
    details = row.get("details")
    events = details.get("events") if isinstance(details, dict) else None
    times = [moment_of(one.get("channel_expiry")) for one in events or () if isinstance(one, dict)]
    return min((time for time in times if time), default=None)


def _time(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")
