"""The pretend Microsoft: sign-in service and Graph behind one address."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit
from zoneinfo import ZoneInfo

from activity_sync.simulator.clock import Clock
from activity_sync.simulator.microsoft.batch import answer_batch
from activity_sync.simulator.microsoft.failures import Refused, no_item, refusal, throttled, unauthorized
from activity_sync.simulator.microsoft.identity import Grant, Identity
from activity_sync.simulator.microsoft.listings import Listings
from activity_sync.simulator.microsoft.mailboxes import Json, Mailbox
from activity_sync.simulator.microsoft.meetings import Meetings
from activity_sync.simulator.microsoft.parameters import EVENT, check_known, keep, lowered, selection, wishes_of
from activity_sync.simulator.microsoft.subscriptions import Subscriptions
from activity_sync.simulator.microsoft.teams import OnlineMeetings
from activity_sync.simulator.microsoft.users import one_user, user_page
from activity_sync.simulator.mishaps import Mishaps
from activity_sync.simulator.network import Request, Response, Server, json_response

ROOT = "/v1.0"
_AT_ONCE = 4
_DELTAS = ("delta", "delta()", "microsoft.graph.delta()")


@dataclass(slots=True)
class _Refusal:
    status: int
    code: str
    times: int
    after: int | None


class MicrosoftSimulator:
    """Microsoft 365 as far as a daemon that reads calendars meets it.

    `meetings` holds what people do (`put_event`, `move_event`, ... are also here); `requests` every request that
    came, also those inside envelopes; `mishaps` what goes wrong on the wire; `listings` the size and emptiness of
    pages and the moods of delta; `identity` tenant, client, secret, certificates, consent and sign-ins.
    `busiest`: how many requests were inside one mailbox at once; `takes`: seconds that each one takes.
    """

    def __init__(self, clock: Clock | None = None) -> None:
        self.clock = clock or Clock()
        self.identity = Identity(self.clock)
        self.meetings = Meetings(self.clock)
        self.listings = Listings()
        self.online = OnlineMeetings()
        self.subscriptions = Subscriptions(self.clock, self.identity.tenant)
        self.mishaps = Mishaps(too_many=throttled, unauthorized=unauthorized)
        self.requests: list[Request] = []
        self.busiest = 0
        self.takes = 0.0
        self._refusals: dict[str, _Refusal] = {}
        self._inside: Counter[str] = Counter()
        self._lock = threading.RLock()
        self._url = ""

        self.put_event = self.meetings.put_event
        self.put_series = self.meetings.put_series
        self.occurrence_id = self.meetings.occurrence_id
        self.id_in = self.meetings.id_in
        self.move_event = self.meetings.move_event
        self.change_event = self.meetings.change_event
        self.change_copy = self.meetings.change_copy
        self.respond = self.meetings.respond
        self.cancel_event = self.meetings.cancel_event
        self.remove_copy = self.meetings.remove_copy
        self.forget_event = self.meetings.forget_event

    @contextmanager
    def serve(self, port: int = 0) -> Iterator[str]:
        """Serve on loopback; gives scheme and host: the authority. Graph is below it at /v1.0."""
        with Server(self.mishaps.around(self.handle), port) as server:
            self._url = server.url
            yield server.url

    def settings(self) -> dict[str, str]:
        """What a config needs to reach this tenant with its secret; serve first."""
        return {
            "tenant_id": self.identity.tenant,
            "client_id": self.identity.client,
            "client_secret": self.identity.secret,
            "authority": self._url,
            "graph_url": self._url + ROOT,
        }

    def add_calendar(
        self, email: str, name: str = "", time_zone: str = "Europe/London", *, aliases: Sequence[str] = (),
        enabled: bool = True, licensed: bool = True, principal: str = "",
    ) -> None:  # fmt: skip
        """A user of the tenant with a mailbox; an unlicensed one has none. `principal`: the UPN, if not the address."""
        self.meetings.mailboxes[email] = Mailbox(
            email, name, ZoneInfo(time_zone), aliases=tuple(aliases), enabled=enabled, licensed=licensed,
            principal=principal,
        )  # fmt: skip

    def close_mailbox(self, email: str) -> None:
        """An access policy keeps the app out of this mailbox."""
        self.meetings.mailboxes[email].open = False

    def expire_delta_links(self) -> None:
        """Every delta and next link of delta given so far is answered with 410 from now on."""
        self.listings.generation += 1

    def refuse(self, email: str, status: int, code: str, times: int = 10**9, after: int | None = None) -> None:
        """Graph refuses the next `times` requests for this mailbox. `after`: the seconds of a Retry-After."""
        self._refusals[email] = _Refusal(status, code, times, after)

    def handle(self, request: Request) -> Response:
        """One request, answered."""
        mailbox = self._who(request)
        with self._lock:
            self.requests.append(request)
            self._inside[mailbox] += 1
            self.busiest = max(self.busiest, self._inside[mailbox]) if mailbox else self.busiest
            crowded = bool(mailbox) and self._inside[mailbox] > _AT_ONCE
        try:
            time.sleep(self.takes)
            with self._lock:
                return throttled() if crowded else self._answered(request, self._route)
        finally:
            with self._lock:
                self._inside[mailbox] -= 1

    def _answered(self, request: Request, route: Callable[[Request], Response]) -> Response:
        try:
            return route(request)
        except Refused as refused:
            return refused.response

    def _route(self, request: Request) -> Response:
        if not request.path.startswith(f"{ROOT}/"):
            return self.identity.answer(request, urlsplit(self._url).netloc)
        grant = self.identity.holder(request)
        if request.path == f"{ROOT}/$batch" and request.method == "POST":
            return answer_batch(request, ROOT, self._part)
        if request.path.startswith(f"{ROOT}/subscriptions"):
            return self._subscribed(request, grant)
        if request.method != "GET":
            raise Refused(refusal(405, "BadRequest", "Specified HTTP method is not allowed for the request target."))
        match request.path.removeprefix(ROOT).strip("/").split("/"):
            case ["users"]:
                self._check_directory(grant)
                return json_response(user_page(self.meetings.mailboxes, request, self._address(request)))
            case ["me"]:
                return json_response(one_user(self.meetings.mailboxes.get(grant.person), request))
            case ["users", name]:
                self._check_directory(grant)
                return json_response(one_user(self._named(name), request))
            case ["me", *rest] if grant.person:
                return self._calendar(grant.person, rest, request, grant)
            case ["users", name, *rest]:
                return self._calendar(name, rest, request, grant)
            case _:
                raise Refused(refusal(400, "BadRequest", f"Resource not found for the segment '{request.path}'."))

    def push(self) -> list[int]:
        """Tell the subscribers of what changed; gives what was answered. `subscriptions.deliver_to` says where."""
        with self._lock:
            return self.subscriptions.push(self.meetings.mailboxes)

    def _subscribed(self, request: Request, grant: Grant) -> Response:
        match request.method, request.path.removeprefix(ROOT).strip("/").split("/"):
            case "POST", ["subscriptions"]:
                name = self.subscriptions.resource_of(request)
                mailbox = self._mailbox(grant.person if name == "me" else name, grant)
                return self.subscriptions.make(request, mailbox, grant.person)
            case "GET", ["subscriptions"]:
                return self.subscriptions.listed()
            case "PATCH", ["subscriptions", name]:
                return self.subscriptions.renew(name, request)
            case "DELETE", ["subscriptions", name]:
                return self.subscriptions.end(name)
            case _:
                raise Refused(refusal(400, "BadRequest", "Resource not found for the segment 'subscriptions'."))

    def _part(self, request: Request) -> Response:
        """One request of an envelope."""
        self.requests.append(request)
        return self._answered(request, self._route)

    def _calendar(self, name: str, rest: Sequence[str], request: Request, grant: Grant) -> Response:
        mailbox, wishes, url = self._mailbox(name, grant), wishes_of(request), self._address(request)
        match rest:
            case ["onlineMeetings", *_]:
                return self.online.answer(mailbox.email, rest, request, grant.permissions)
            case ["calendarView"] | ["calendar", "calendarView"]:
                return json_response(self.listings.view(mailbox, request, wishes, url))
            case ["calendarView", delta] if delta in _DELTAS:
                page = self.listings.delta(mailbox, request, wishes, url, self.meetings.version)
                return json_response(page)
            case ["events"]:
                return json_response(self.listings.events(mailbox, wishes))
            case ["events", event_id]:
                return json_response(self._event(mailbox, event_id, request))
            case ["events", event_id, "instances"]:
                copy = mailbox.found(event_id)
                if copy is None or copy.role != "seriesMaster":
                    raise no_item() if copy is None else Refused(refusal(400, "ErrorInvalidRequest", "No series."))
                return json_response(self.listings.instances(mailbox, copy, request, wishes, url))
            case _:
                raise Refused(refusal(400, "BadRequest", f"Resource not found for the segment '{'/'.join(rest)}'."))

    def _event(self, mailbox: Mailbox, event_id: str, request: Request) -> Json:
        query, wishes = lowered(request), wishes_of(request)
        check_known(query, {"$select"})
        copy = mailbox.found(event_id)
        if copy is None:
            raise no_item()
        shown: dict[str, Any] = mailbox.shown(copy, wishes)
        if copy.role == "seriesMaster" and "cancelledOccurrences" in query.get("$select", ""):
            gone = (one for one in mailbox.copies.values() if one.master == copy.id and one.deleted)
            shown["cancelledOccurrences"] = [f"OID.{copy.id}.{one.bounds(mailbox.zone)[0]:%Y-%m-%d}" for one in gone]
        return keep(shown, selection(query, EVENT))

    def _mailbox(self, name: str, grant: Grant) -> Mailbox:
        """The mailbox, if it exists and this token opens it."""
        mailbox = self._named(name)
        if "Calendars.Read" not in grant.permissions or (
            grant.person and (not mailbox or mailbox.email != grant.person)
        ):
            raise Refused(refusal(403, "ErrorAccessDenied", "Access is denied. Check credentials and try again."))
        if mailbox is None:
            raise Refused(refusal(404, "ErrorInvalidUser", f"The requested user '{name}' is invalid."))
        self._check_refused(mailbox.email)
        if not mailbox.licensed:
            message = "The mailbox is either inactive, soft-deleted, or is hosted on-premise."
            raise Refused(refusal(404, "MailboxNotEnabledForRESTAPI", message))
        if not mailbox.open:
            raise Refused(refusal(403, "ErrorAccessDenied", "Access to OData is disabled: [RAOP] : Blocked by tenant configured AppOnly AccessPolicy settings."))  # fmt: skip # noqa: E501
        return mailbox

    def _named(self, name: str) -> Mailbox | None:
        wanted = name.lower()
        for one in self.meetings.mailboxes.values():
            if wanted in {one.id, (one.principal or one.email).lower()}:
                return one
        return None

    def _check_directory(self, grant: Grant) -> None:
        if not {"User.Read.All", "User.ReadBasic.All"} & grant.permissions:
            raise Refused(
                refusal(403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.")
            )

    def _check_refused(self, email: str) -> None:
        planned = self._refusals.get(email)
        if planned and planned.times > 0:
            planned.times -= 1
            headers = None if planned.after is None else {"Retry-After": str(planned.after)}
            raise Refused(refusal(planned.status, planned.code, headers=headers))

    def _who(self, request: Request) -> str:
        parts = request.path.removeprefix(ROOT).strip("/").split("/")
        return parts[1].lower() if parts[0] == "users" and len(parts) > 1 else ""

    def _address(self, request: Request) -> str:
        return self._url + quote(request.path, safe="/()$")
