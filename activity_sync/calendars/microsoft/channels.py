"""Subscriptions by which Graph tells that a calendar changed (calendars.md C8). A push says nothing but that."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from activity_sync.calendars.microsoft.failures import NotThere, missing_calendar
from activity_sync.calendars.microsoft.graph import Graph
from activity_sync.model.failures import Refused, Unexpected
from activity_sync.model.members import text
from activity_sync.model.ports import Channel, Pushed

_LIFE = timedelta(minutes=4200)
"""A little less than the longest that every source names."""

_PATH = "/subscriptions"
_REMEDY = "web.public_url has to be an https address with a valid certificate that Microsoft reaches, and answers on."


def open_channel(graph: Graph, mailbox: str, part: str, word: str, url: str, now: datetime) -> Channel:
    """A new subscription to this mailbox. Graph asks at `url` first whether we are there. Raises as `Graph.one`."""
    wish = {
        "changeType": "created,updated,deleted", "notificationUrl": url, "lifecycleNotificationUrl": url,
        "resource": f"{mailbox}/events", "expirationDateTime": _on_the_wire(now + _LIFE), "clientState": word,
    }  # fmt: skip
    try:
        told = graph.change("POST", _PATH, part, wish)
    except NotThere:
        raise missing_calendar(part) from None
    except Refused as refused:
        named = refused.why[refused.why.rfind("(") :].rstrip(".")
        raise Refused(f"Microsoft does not push to web.public_url {named}.", _REMEDY) from None
    name = text(told, "id")
    if not name:
        raise Unexpected(f"Microsoft's answer on the subscription of {part} names none.")
    return Channel(name, _until(told))


def renew_channel(graph: Graph, part: str, channel: Channel, now: datetime) -> Channel | None:
    """The same with a longer life; None when Graph does not know it any more. Raises as `Graph.one`."""
    wish = {"expirationDateTime": _on_the_wire(now + _LIFE)}
    try:
        told = graph.change("PATCH", f"{_PATH}/{channel.id}", part, wish)
    except (NotThere, Refused):
        return None
    return Channel(channel.id, _until(told))


def close_channel(graph: Graph, part: str, channel: Channel) -> None:
    """End it. Raises as `Graph.one`."""
    try:
        graph.change("DELETE", f"{_PATH}/{channel.id}", part)
    except NotThere:
        return


def greeting(query: Mapping[str, str]) -> str:
    """What Graph wants to hear back when it makes sure that we are there; "" when this is no such question."""
    return query.get("validationToken", "")[:4000]


def pushed(body: bytes) -> list[Pushed]:
    """What a push says of each subscription in it. Raises ValueError for none of Graph's."""
    told = json.loads(body)
    values = told.get("value") if isinstance(told, dict) else None
    if not isinstance(values, list) or not values:
        raise ValueError("no push of a calendar")
    return list(_read(values))


def _read(values: list[Any]) -> Iterator[Pushed]:
    for one in values:
        if isinstance(one, dict) and (name := text(one, "subscriptionId")):
            event, word = text(one, "lifecycleEvent"), one.get("clientState")
            yield Pushed(
                name,
                word if isinstance(word, str) else "",
                ending=event == "reauthorizationRequired",
                ended=event == "subscriptionRemoved",
            )


def _until(told: object) -> datetime | None:
    try:
        at = datetime.fromisoformat(text(told, "expirationDateTime"))
    except ValueError:
        return None
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)


def _on_the_wire(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
