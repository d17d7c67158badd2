"""Listings of one mailbox: the window, the instances of a series, the changes since a delta link."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlencode

from activity_sync.simulator.microsoft.failures import Refused, bad_request, refusal
from activity_sync.simulator.microsoft.mailboxes import Copy, Json, Mailbox, Wishes
from activity_sync.simulator.microsoft.parameters import Listing, check_known, keep, lowered, read_view, window_bound
from activity_sync.simulator.network import Request

_DELTA_PAGE = 50


@dataclass(slots=True)
class _Rest:
    """A delta round that is not over: what is left of it, and what the next round starts from."""

    mailbox: str
    low: datetime
    high: datetime
    items: list[Json]
    version: int
    generation: int


@dataclass(slots=True)
class Listings:
    """Answers listings. `page_limit`: no page holds more; `empty_pages`: so many empty pages come first.

    Of delta: `masters`: a series comes with its occurrences; `location`: the 410 tells where to begin anew;
    `replays`: the last item of a round comes again in the next.
    """

    page_limit: int = 1000
    empty_pages: int = 0
    generation: int = 0
    masters: bool = True
    location: bool = True
    replays: bool = False
    _tokens: dict[str, _Rest] = field(default_factory=dict)
    _last: dict[str, Json] = field(default_factory=dict)

    def view(self, mailbox: Mailbox, request: Request, wishes: Wishes, url: str) -> Json:
        """One page of calendarView; `url` is the address without its query."""
        listing = read_view(request)
        found = [
            copy
            for copy in mailbox.living()
            if copy.role != "seriesMaster" and copy.overlaps(listing.low, listing.high, mailbox.zone)
        ]
        found.sort(key=lambda copy: (copy.bounds(mailbox.zone)[0], copy.id) if listing.by_start else (copy.id,))
        return self._page(mailbox, found, listing, wishes, request, url)

    def instances(self, mailbox: Mailbox, master: Copy, request: Request, wishes: Wishes, url: str) -> Json:
        """One page of the instances of a series."""
        listing = read_view(request)
        found = [
            copy
            for copy in mailbox.living()
            if copy.master == master.id and copy.overlaps(listing.low, listing.high, mailbox.zone)
        ]
        return self._page(mailbox, found, listing, wishes, request, url)

    def events(self, mailbox: Mailbox, wishes: Wishes) -> Json:
        """Single events and series, no occurrences."""
        found = [copy for copy in mailbox.living() if copy.role in {"singleInstance", "seriesMaster"}]
        return {"value": [mailbox.shown(copy, wishes) for copy in found]}

    def _page(
        self, mailbox: Mailbox, found: list[Copy], listing: Listing, wishes: Wishes, request: Request, url: str
    ) -> Json:
        size = min(listing.top, self.page_limit)
        if self.empty_pages > 0:
            self.empty_pages -= 1
            size = 0
        shown = found[listing.skip : listing.skip + size]
        page: Json = {"@odata.context": f"{url}/$metadata", "value": [keep(mailbox.shown(copy, wishes), listing.selection) for copy in shown]}  # fmt: skip # noqa: E501
        if size == 0 or listing.skip + size < len(found):
            asked = {name: values[0] for name, values in request.query.items() if name.lower() not in {"$skip", "$skiptoken"}}  # fmt: skip # noqa: E501
            rest = {"$skip": str(listing.skip + size), "$skiptoken": secrets.token_hex(4)}
            page["@odata.nextLink"] = f"{url}?{urlencode(asked | rest)}"
        return page

    def delta(self, mailbox: Mailbox, request: Request, wishes: Wishes, url: str, version: int) -> Json:
        """One page of calendarView/delta. `version`: that of the newest change anywhere."""
        query = lowered(request)
        for name in ("$filter", "$orderby", "$search", "$expand"):
            if name in query:
                raise bad_request(f"The query parameter '{name}' is not supported with change tracking.", "ErrorInvalidUrlQuery")  # fmt: skip # noqa: E501
        check_known(query, {"startdatetime", "enddatetime", "$select", "$skiptoken", "$deltatoken"})
        if "$skiptoken" in query:
            return self._turn(self._token(query["$skiptoken"], mailbox, url), wishes, url)
        if "$deltatoken" in query:
            was = self._token(query["$deltatoken"], mailbox, url)
            items = [self._changed(mailbox, copy, was, wishes) for copy in mailbox.copies.values() if copy.version > was.version]  # fmt: skip # noqa: E501
            again = [self._last[mailbox.email]] if self.replays and mailbox.email in self._last else []
            return self._turn(_Rest(mailbox.email, was.low, was.high, again + items, version, self.generation), wishes, url)  # fmt: skip # noqa: E501
        low, high = (window_bound(query, name) for name in ("startDateTime", "endDateTime"))
        inside = [copy for copy in mailbox.living() if self._is_in(mailbox, copy, low, high)]
        items = [_told(mailbox, copy, wishes) for copy in inside]
        return self._turn(_Rest(mailbox.email, low, high, items, version, self.generation), wishes, url)

    def _is_in(self, mailbox: Mailbox, copy: Copy, low: datetime, high: datetime) -> bool:
        if copy.role != "seriesMaster":
            return copy.overlaps(low, high, mailbox.zone)
        return self.masters and any(
            one.master == copy.id and one.overlaps(low, high, mailbox.zone) for one in mailbox.living()
        )

    def _changed(self, mailbox: Mailbox, copy: Copy, was: _Rest, wishes: Wishes) -> Json:
        """A change; one outside the window is told as a deletion, whatever it was."""
        if copy.deleted or not self._is_in(mailbox, copy, was.low, was.high):
            name = copy.shown_id(immutable=wishes.immutable)
            return {"@odata.type": "#microsoft.graph.event", "id": name, "@removed": {"reason": "deleted"}}
        return _told(mailbox, copy, wishes)

    def _turn(self, rest: _Rest, wishes: Wishes, url: str) -> Json:
        size = min(wishes.page or _DELTA_PAGE, self.page_limit)
        if self.empty_pages > 0:
            self.empty_pages -= 1
            size = 0
        shown, left = rest.items[:size], rest.items[size:]
        token = secrets.token_urlsafe(24)
        over = not left and size > 0
        self._tokens[token] = _Rest(rest.mailbox, rest.low, rest.high, left, rest.version, rest.generation)
        if shown:
            self._last[rest.mailbox] = shown[-1]
        kind, name = ("@odata.deltaLink", "$deltatoken") if over else ("@odata.nextLink", "$skiptoken")
        return {"@odata.context": f"{url}/$metadata", "value": shown, kind: f"{url}?{urlencode({name: token})}"}

    def _token(self, token: str, mailbox: Mailbox, url: str) -> _Rest:
        rest = self._tokens.get(token)
        if rest is None or rest.mailbox != mailbox.email:
            raise bad_request("Badly formed token.", "ErrorInvalidUrlQuery")
        if rest.generation != self.generation:
            headers = {"Location": f"{url}?$deltatoken="} if self.location else None
            raise Refused(refusal(410, "SyncStateNotFound", "The sync state generation is not found.", headers=headers))
        return rest


def _told(mailbox: Mailbox, copy: Copy, wishes: Wishes) -> Json:
    if copy.role == "occurrence":
        return mailbox.stub(copy, wishes)
    return {"@odata.type": "#microsoft.graph.event", **mailbox.shown(copy, wishes)}
