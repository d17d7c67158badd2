"""`$batch`: up to twenty requests in one envelope, answered in any order, each on its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import orjson

from activity_sync.simulator.microsoft.failures import bad_request
from activity_sync.simulator.network import Request, Response, json_response

_MOST = 20


def answer_batch(request: Request, root: str, one: Callable[[Request], Response]) -> Response:
    """All answers, last first: nobody may rely on their order. `one` answers a single request."""
    try:
        asked = request.json()["requests"]
        parts = [_unpacked(part, request, root) for part in asked]
    except (ValueError, KeyError, TypeError):
        raise bad_request("Invalid batch payload format.") from None
    names = [name for name, _ in parts]
    if len(parts) > _MOST:
        raise bad_request(f"Number of batch request steps exceeds the maximum value of {_MOST}.")
    if len(set(names)) < len(names):
        raise bad_request("Request Id values must be unique.")
    answers = [_packed(name, one(part)) for name, part in parts]
    return json_response({"responses": answers[::-1]})


def _unpacked(part: dict[str, Any], envelope: Request, root: str) -> tuple[str, Request]:
    url = part["url"]
    if not isinstance(part["id"], str) or part["method"] != "GET" or not url.startswith("/") or url.startswith("/v1.0"):
        raise ValueError("the url is relative, without a version")
    split = urlsplit(url)
    headers = {"authorization": envelope.headers.get("authorization", "")}
    headers |= {name.lower(): value for name, value in part.get("headers", {}).items()}
    path, query = root + unquote(split.path), parse_qs(split.query, keep_blank_values=True)
    return part["id"], Request("GET", path, query, headers, b"")


def _packed(name: str, response: Response) -> dict[str, Any]:
    return {
        "id": name,
        "status": response.status,
        "headers": {"Content-Type": "application/json", **response.headers},
        "body": orjson.loads(response.body) if response.body else None,
    }
