"""Several requests for the price of one (zoho.md 3.8). Answers come in the order of the requests, without names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx
import orjson

from activity_sync.zoho.client import API, Answer, Call, Client
from activity_sync.zoho.refusals import Fault, fault_of

AT_MOST = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One request inside. `path` follows `/crm/v8`."""

    name: str
    method: str
    path: str
    params: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Any = None

    def wire(self) -> dict[str, Any]:
        """As Zoho reads it; members that say nothing are left out."""
        further = {"params": dict(self.params), "headers": dict(self.headers), "body": self.body}
        said = {name: value for name, value in further.items() if value}
        return {"sub_request_id": self.name, "method": self.method, "uri": f"{API}{self.path}", **said}


@dataclass(frozen=True, slots=True)
class PartAnswer:
    """What became of one part. `status` 0: it was not carried out. `fault`: its refusal, of any kind."""

    status: int
    body: Any = None
    fault: Fault | None = None

    @property
    def answer(self) -> Answer:
        """As if it had been asked alone."""
        return Answer(self.status, self.body)

    @property
    def is_good(self) -> bool:
        """Whether it was carried out and answered (204 and 304 too)."""
        return self.fault is None and (httpx.codes.is_success(self.status) or self.status == httpx.codes.NOT_MODIFIED)


def send(client: Client, parts: Sequence[Part], what: str, *, purpose: str = "reading", writes: bool = False) -> (
    list[PartAnswer] | None
):  # fmt: skip
    """The answers in the order of `parts`, or None when there are not as many. One credit.

    Raises what `Client.send` raises, ZohoRefused when the Composite as a whole is refused.
    """
    body = {
        "rollback_on_fail": False,
        "parallel_execution": True,
        "__composite_requests": [part.wire() for part in parts],
    }
    call = Call(
        method="POST",
        path="/__composite_requests",
        what=what,
        purpose=purpose,
        json=body,
        writes=writes,
        alone=True,
    )
    answer = client.send(call)
    results = answer.body.get("__composite_requests") if isinstance(answer.body, dict) else None
    if not isinstance(results, list) or len(results) != len(parts):
        return None
    return [_read(result) for result in results]


def _read(result: object) -> PartAnswer:
    if not isinstance(result, dict):
        return PartAnswer(0, fault=Fault("FOREIGN_SHAPE", "an answer of a foreign shape"))
    details = result.get("details")
    response = details.get("response") if isinstance(details, dict) else None
    if not isinstance(response, dict) or not isinstance(response.get("status_code"), int):
        return PartAnswer(0, fault=fault_of(result) or Fault("NOT_CARRIED_OUT", "it was not carried out"))
    status, body = response["status_code"], _body(response.get("body"))
    if httpx.codes.is_success(status) or status == httpx.codes.NOT_MODIFIED:
        return PartAnswer(status, body)
    return PartAnswer(status, body, fault_of(body) or Fault(f"HTTP_{status}", f"HTTP {status}"))


def _body(body: Any) -> Any:
    """Without rows there may be no body, null, {} or ""; a body may also be JSON in a text."""
    if isinstance(body, str) and body.strip():
        try:
            body = orjson.loads(body)
        except orjson.JSONDecodeError:
            return body
    return body or None
