"""Graph over HTTP: one answer, all pages, or many questions in one envelope ($batch)."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import httpx

from activity_sync.calendars.microsoft.failures import NotThere, failure_of
from activity_sync.calendars.microsoft.sign_in import Signed, Tokens
from activity_sync.calendars.microsoft.wire import PREFERENCES
from activity_sync.model.failures import TryLater, Unexpected
from activity_sync.model.members import Holder
from activity_sync.net.patience import retry_after

_AT_ONCE = 4  # what Exchange serves one app side by side; some texts say for each mailbox, some in all
_IN_A_BATCH = 20
_ROUNDS = 3
_PATIENCE = 20.0
_PAGES = 500  # a page may be empty though more follow; a listing that never ends is none


@dataclass(slots=True)
class Graph:
    """One Graph host. May be shared by threads; sends nothing to any other host, whatever a link says."""

    url: str
    session: httpx.Client
    tokens: Tokens
    pause: Callable[[float], None] = time.sleep
    _doors: threading.BoundedSemaphore = field(default_factory=lambda: threading.BoundedSemaphore(_AT_ONCE))

    def one(self, path: str, rep: str) -> Holder:
        """The object at a path below the Graph root. Raises NotThere and all of model/failures.py."""
        return self._ask(rep, "GET", self.url + path)

    def change(self, method: str, path: str, rep: str, body: Any = None) -> Holder:
        """Something made, changed or ended on our own behalf (never a calendar's); sent once. Raises as `one`."""
        return self._ask(rep, method, self.url + path, body, safe=False)

    def listed(self, path: str, rep: str) -> Iterator[Any]:
        """Everything in a collection, page after page. Raises as `one`."""
        url, seen = self.url + path, set[str]()
        while url:
            if url in seen or len(seen) > _PAGES:
                raise Unexpected(f"Microsoft's listing of the calendar of {rep} does not end.")
            seen.add(url)
            page = self._ask(rep, "GET", url)
            values = page.get("value")
            if not isinstance(values, list):
                raise Unexpected(f"Microsoft's listing of the calendar of {rep} has a foreign shape.")
            yield from values
            url = self._next(page.get("@odata.nextLink"), rep)

    def many(self, paths: Mapping[str, str], rep: str) -> dict[str, Holder | None]:
        """What is at these paths, by the names they are given here; None: not there. Raises as `one`."""
        if len(paths) == 1:
            return {name: self._one_or_none(path, rep) for name, path in paths.items()}
        found: dict[str, Holder | None] = {}
        names = list(paths)
        for start in range(0, len(names), _IN_A_BATCH):
            chunk = {str(number): name for number, name in enumerate(names[start : start + _IN_A_BATCH])}
            found |= {chunk[number]: one for number, one in self._batch(chunk, paths, rep).items()}
        return found

    def _one_or_none(self, path: str, rep: str) -> Holder | None:
        try:
            return self.one(path, rep)
        except NotThere:
            return None

    def _batch(self, chunk: Mapping[str, str], paths: Mapping[str, str], rep: str) -> dict[str, Holder | None]:
        """One envelope, sent again for those in it that Exchange was too busy for."""
        found: dict[str, Holder | None] = {}
        for turn in range(1, _ROUNDS + 1):
            open_ones = [number for number in chunk if number not in found]
            answers = self._envelope({number: paths[chunk[number]] for number in open_ones}, rep)
            busy: list[TryLater] = []
            for number in open_ones:
                try:
                    found[number] = _part(answers.get(number), rep)
                except TryLater as later:
                    busy.append(later)
            if not busy:
                return found
            self._wait(busy, last=turn == _ROUNDS)
        raise AssertionError("the last turn raises")

    def _wait(self, busy: Sequence[TryLater], *, last: bool) -> None:
        longest = max(busy, key=lambda one: one.after.total_seconds() if one.after else 1.0)
        seconds = longest.after.total_seconds() if longest.after else 1.0
        if last or seconds > _PATIENCE:
            raise longest
        self.pause(seconds)

    def _envelope(self, paths: Mapping[str, str], rep: str) -> dict[str, Any]:
        requests = [
            {"id": number, "method": "GET", "url": path, "headers": {"Prefer": PREFERENCES}}
            for number, path in paths.items()
        ]
        answer = self._ask(rep, "POST", f"{self.url}/$batch", {"requests": requests})
        parts = answer.get("responses")
        if not isinstance(parts, list):
            raise Unexpected(f"Microsoft's answer for {rep} is not what Graph sends.")
        return {str(part.get("id")): part for part in parts if isinstance(part, dict)}

    def _ask(self, rep: str, method: str, url: str, body: Any = None, *, safe: bool = True) -> Holder:
        headers = {"Prefer": PREFERENCES}
        try:
            with self._doors:  # what only reads may be sent twice, also when it is a POST
                answer = self.session.request(
                    method, url, json=body, headers=headers, auth=Signed(self.tokens), extensions={"safe": safe}
                )
        except httpx.TransportError as error:
            raise TryLater(f"Microsoft cannot be reached: {type(error).__name__}.") from None
        except httpx.HTTPError:
            raise Unexpected(f"Microsoft's answer for {rep} is not what Graph sends.") from None
        return _read(answer, rep)

    def _next(self, link: object, rep: str) -> str:
        """The next page, always at the configured host: what is behind the version is kept, the rest is ours."""
        if link is None or link == "":
            return ""
        parts = urlsplit(link) if isinstance(link, str) else None
        base = urlsplit(self.url)
        if parts is not None and (parts.scheme, parts.netloc) == (base.scheme, base.netloc):
            return str(link)
        found = [at for name in ("/users", "/me/", "/me?") if parts and (at := str(link).find(name)) >= 0]
        if not found:
            raise Unexpected(f"Microsoft's listing of the calendar of {rep} goes on at another host.")
        return self.url + str(link)[min(found) :]


def _read(answer: httpx.Response, rep: str) -> Holder:
    if answer.status_code == httpx.codes.NO_CONTENT:
        return {}
    try:
        told = answer.json()
    except (ValueError, RecursionError):
        told = None
    if answer.status_code in {httpx.codes.OK, httpx.codes.CREATED} and isinstance(told, dict):
        return told
    if answer.is_success or answer.is_redirect:
        raise Unexpected(f"Microsoft's answer for {rep} is not what Graph sends.", "Check graph_url.")
    raise failure_of(answer.status_code, told, rep, retry_after(answer))


def _part(part: Any, rep: str) -> Holder | None:
    """One answer of an envelope; None: not there. One that is missing was not given."""
    if not isinstance(part, dict) or not isinstance(part.get("status"), int):
        raise TryLater(f"Microsoft left out an answer for {rep}.")
    body, status = part.get("body"), part["status"]
    if status == httpx.codes.OK and isinstance(body, dict):
        return body
    headers = part.get("headers")
    told = httpx.Headers(
        {str(name): str(value) for name, value in headers.items()} if isinstance(headers, dict) else {}
    )
    failure = failure_of(status, body, rep, retry_after(httpx.Response(status, headers=told)))
    if isinstance(failure, NotThere):
        return None
    raise failure
