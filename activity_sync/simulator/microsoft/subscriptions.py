"""Subscriptions: made after a handshake, renewed, ended; and what they push."""

from __future__ import annotations

import http.client
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import quote, urlsplit

import orjson

from activity_sync.simulator.clock import Clock
from activity_sync.simulator.microsoft.failures import Refused, refusal
from activity_sync.simulator.microsoft.mailboxes import Json, Mailbox
from activity_sync.simulator.network import Request, Response, json_response

_LONGEST = timedelta(minutes=4230)
_SHORTEST = timedelta(minutes=45)


@dataclass(slots=True)
class Subscription:
    """One subscription. `owner`: "" for the app's; `seen`: the newest version in the mailbox when it last pushed."""

    id: str
    mailbox: str
    owner: str
    asked: Json
    ends: datetime
    seen: int


@dataclass(slots=True)
class Subscriptions:
    """Every subscription. `deliver_to`: scheme and host to which pushes really go; "": nowhere, nor is asked there."""

    clock: Clock
    tenant: str
    deliver_to: str = ""
    held: dict[str, Subscription] = field(default_factory=dict)

    def make(self, request: Request, mailbox: Mailbox, owner: str) -> Response:
        """POST /subscriptions."""
        asked = _body(request)
        for name in ("notificationUrl", "lifecycleNotificationUrl"):
            url = asked.get(name)
            if url is not None or name == "notificationUrl":
                self._greet(str(url))
        if len(str(asked.get("clientState") or "")) > 128:
            raise _invalid("clientState exceeds the maximum length of 128.")
        if not {"created", "updated", "deleted"} >= set(str(asked.get("changeType", "?")).split(",")):
            raise _invalid("Invalid 'changeType' attribute.")
        name = secrets.token_hex(16)
        self.held[name] = Subscription(name, mailbox.email, owner, asked, self._until(asked), _newest(mailbox))
        return json_response(_shown(self.held[name]), 201)

    def resource_of(self, request: Request) -> str:
        """The user whose events are to be watched; "me" for the own ones."""
        parts = str(_body(request).get("resource", "")).strip("/").split("/")
        match parts:
            case ["me", "events"]:
                return "me"
            case ["users", name, "events"]:
                return name
            case _:
                raise _invalid("Resource is not supported.")

    def listed(self) -> Response:
        """GET /subscriptions."""
        return json_response({"value": [_shown(one) for one in self.living()]})

    def renew(self, name: str, request: Request) -> Response:
        """PATCH /subscriptions/{id}."""
        held = self._found(name)
        held.ends = self._until(_body(request))
        return json_response(_shown(held))

    def end(self, name: str) -> Response:
        """DELETE /subscriptions/{id}."""
        del self.held[self._found(name).id]
        return Response(204)

    def living(self) -> list[Subscription]:
        """Those that have not ended."""
        return [one for one in self.held.values() if one.ends > self.clock.now()]

    def push(self, mailboxes: Mapping[str, Mailbox]) -> list[int]:
        """Tell of every mailbox that changed since, all in one envelope; gives the answer's status."""
        values = []
        for one in self.living():
            newest = _newest(mailboxes[one.mailbox])
            if newest > one.seen:
                one.seen = newest
                values.append(self._told(one) | {"changeType": "updated", "resource": f"Users/{one.mailbox}/Events/x"})
        return [self._sent(self.living()[0], values)] if values else []

    def push_lifecycle(self, name: str, event: str) -> int:
        """`reauthorizationRequired`, `subscriptionRemoved` or `missed`."""
        held = self.held[name]
        if event == "subscriptionRemoved":
            del self.held[name]
        return self._sent(held, [self._told(held) | {"lifecycleEvent": event}])

    def _told(self, one: Subscription) -> Json:
        return {
            "subscriptionId": one.id,
            "subscriptionExpirationDateTime": _time(one.ends),
            "tenantId": self.tenant,
            "clientState": one.asked.get("clientState"),
        }

    def _until(self, asked: Json) -> datetime:
        try:
            until = datetime.fromisoformat(str(asked.get("expirationDateTime")))
        except ValueError:
            raise _invalid("Invalid 'expirationDateTime' attribute.") from None
        life = until - self.clock.now()
        if life > _LONGEST:
            message = "Subscription expiration can only be 4230 minutes in the future."
            raise Refused(refusal(400, "ExtensionError", message))
        return self.clock.now() + max(life, _SHORTEST)

    def _greet(self, url: str) -> None:
        """Make sure that somebody is there who says back what we say, as plain text."""
        if not url.startswith("https://"):
            raise _invalid("The notificationUrl must be https.")
        if not self.deliver_to:
            return
        token = f"Validation: Testing client application reachability {secrets.token_hex(4)} & more"
        status, kind, body = self._post(f"{urlsplit(url).path}?validationToken={quote(token)}", b"", "text/plain")
        if status != 200 or not kind.startswith("text/plain") or body != token.encode():
            raise Refused(refusal(400, "ValidationError", "Subscription validation request failed."))

    def _sent(self, one: Subscription, values: list[Json]) -> int:
        path = urlsplit(str(one.asked["notificationUrl"])).path
        return self._post(path, orjson.dumps({"value": values}), "application/json")[0]

    def _post(self, path: str, body: bytes, kind: str) -> tuple[int, str, bytes]:
        to = urlsplit(self.deliver_to)
        connection = http.client.HTTPConnection(to.hostname or "", to.port, timeout=10)
        try:
            connection.request("POST", path, body, {"Content-Type": kind})
            answer = connection.getresponse()
            return answer.status, answer.headers.get("Content-Type", ""), answer.read()
        except OSError:
            return 504, "", b""
        finally:
            connection.close()

    def _found(self, name: str) -> Subscription:
        held = self.held.get(name)
        if held is None or held.ends <= self.clock.now():
            raise Refused(refusal(404, "ResourceNotFound", "The object was not found."))
        return held


def _shown(one: Subscription) -> Json:
    kept = ("changeType", "notificationUrl", "lifecycleNotificationUrl", "resource")
    return {"id": one.id, **{name: one.asked.get(name) for name in kept}, "expirationDateTime": _time(one.ends)}


def _time(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S.0000000Z")


def _newest(mailbox: Mailbox) -> int:
    return max((copy.version for copy in mailbox.copies.values()), default=0)


def _invalid(message: str) -> Refused:
    return Refused(refusal(400, "InvalidRequest", message))


def _body(request: Request) -> Json:
    try:
        asked = request.json()
    except ValueError:
        asked = None
    if not isinstance(asked, dict):
        raise _invalid("The body is no JSON object.")
    return asked
