"""Channels of notifications: `events.watch`, `channels.stop`, and what they push."""

from __future__ import annotations

import http.client
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from activity_sync.simulator.clock import Clock
from activity_sync.simulator.google.copies import Calendar, Json
from activity_sync.simulator.google.failures import Refused, not_found, refusal
from activity_sync.simulator.network import Request, Response, json_response

_LONGEST = timedelta(days=7)
_USUAL = timedelta(hours=1)


@dataclass(slots=True)
class Channel:
    """One channel. `seen`: the newest version in the calendar when it last pushed; `number`: of its last message."""

    id: str
    calendar: str
    owner: str
    address: str
    token: str
    ends: datetime
    seen: int
    resource: str
    number: int = 1


@dataclass(slots=True)
class Watching:
    """Every channel. `deliver_to`: scheme and host to which pushes really go; "": nowhere."""

    clock: Clock
    deliver_to: str = ""
    channels: dict[str, Channel] = field(default_factory=dict)

    def watch(self, request: Request, calendar: Calendar, owner: str) -> Response:
        """POST .../events/watch."""
        asked = _body(request)
        name, address, token = (str(asked.get(one) or "") for one in ("id", "address", "token"))
        if not 0 < len(name) <= 64 or asked.get("type") != "web_hook" or len(token) > 256:
            raise Refused(refusal(400, "required", "Missing or invalid channel parameter"))
        if name in self.channels:
            raise Refused(refusal(400, "channelIdNotUnique", f"Channel id {name} not unique"))
        if not address.startswith("https://"):
            message = f"WebHook callback must be HTTPS: {address}"
            raise Refused(refusal(400, "push.webhookUrlNotHttps", message))
        ends = self.clock.now() + self._life(asked)
        resource = f"res-{calendar.email}"
        self.channels[name] = Channel(name, calendar.email, owner, address, token, ends, _newest(calendar), resource)
        return json_response({
            "kind": "api#channel", "id": name, "resourceId": resource, "token": token,
            "resourceUri": f"https://www.googleapis.com/calendar/v3/calendars/{calendar.email}/events?alt=json",
            "expiration": str(int(ends.timestamp() * 1000)),
        })  # fmt: skip

    def stop(self, request: Request, owner: str) -> Response:
        """POST channels/stop."""
        asked = _body(request)
        channel = self.channels.get(str(asked.get("id")))
        if channel is None or channel.resource != asked.get("resourceId"):
            raise not_found()
        if channel.owner != owner:
            raise Refused(refusal(403, "forbidden", "Only the creator may stop a channel"))
        del self.channels[channel.id]
        return Response(204)

    def push(self, calendars: Mapping[str, Calendar], *, twice: bool = False) -> list[int]:
        """Tell every living channel whose calendar changed since; gives the answers' statuses."""
        told: list[int] = []
        for channel in list(self.channels.values()):
            newest = _newest(calendars[channel.calendar])
            if channel.ends > self.clock.now() and newest > channel.seen:
                channel.seen = newest
                told += [self._sent(channel) for _ in range(2 if twice else 1)]
        return told

    def living(self) -> list[Channel]:
        """The channels that have not ended."""
        return [one for one in self.channels.values() if one.ends > self.clock.now()]

    def _life(self, asked: Json) -> timedelta:
        params = asked.get("params") or {}
        if "ttl" in params:
            return min(timedelta(seconds=int(params["ttl"])), _LONGEST)
        if "expiration" in asked:
            until = datetime.fromtimestamp(int(asked["expiration"]) / 1000, UTC)
            return min(until - self.clock.now(), _LONGEST)
        return _USUAL

    def _sent(self, channel: Channel) -> int:
        channel.number += 3
        headers = {
            "X-Goog-Channel-ID": channel.id, "X-Goog-Channel-Token": channel.token, "X-Goog-Resource-State": "exists",
            "X-Goog-Channel-Expiration": channel.ends.strftime("%a, %d %b %Y %H:%M:%S GMT"),
            "X-Goog-Resource-ID": channel.resource, "X-Goog-Message-Number": str(channel.number),
            "X-Goog-Resource-URI": f"https://www.googleapis.com/calendar/v3/calendars/{channel.calendar}/events?alt=json",
            "Content-Length": "0",
        }  # fmt: skip
        to = urlsplit(self.deliver_to)
        connection = http.client.HTTPConnection(to.hostname or "", to.port, timeout=10)
        try:
            connection.request("POST", urlsplit(channel.address).path, headers=headers)
            return connection.getresponse().status
        finally:
            connection.close()


def _newest(calendar: Calendar) -> int:
    return max((copy.version for copy in calendar.copies.values()), default=0)


def _body(request: Request) -> Json:
    try:
        asked = request.json()
    except ValueError:
        asked = None
    if not isinstance(asked, dict):
        raise Refused(refusal(400, "parseError", "Parse Error"))
    return asked
