"""Refusals in the words of Graph and of the sign-in service."""

from __future__ import annotations

import secrets
from collections.abc import Mapping

from activity_sync.simulator.network import Response, json_response


class Refused(Exception):  # noqa: N818 - an answer that is a refusal
    """Ends the handling of a request with this answer."""

    def __init__(self, response: Response) -> None:
        super().__init__(response.status)
        self.response = response


def refusal(
    status: int, code: str, message: str = "", *, inner: str = "", headers: Mapping[str, str] | None = None
) -> Response:
    """Graph's error body. `inner`: a more special code inside it."""
    details = {"date": "2026-03-09T12:00:00", "request-id": secrets.token_hex(8), "client-request-id": ""}
    if inner:
        details["code"] = inner
    body = {"error": {"code": code, "message": message or code, "innerError": details}}
    return json_response(body, status, headers)


def bad_request(message: str, code: str = "BadRequest") -> Refused:
    """400: a slip of the asker."""
    return Refused(refusal(400, code, message))


def no_property(name: str, kind: str = "microsoft.graph.event") -> Refused:
    """400 for a name that the type does not have."""
    return bad_request(f"Could not find a property named '{name}' on type '{kind}'.", "RequestBroker--ParseUri")


def no_item() -> Refused:
    """404: this event is not in this mailbox."""
    return Refused(refusal(404, "ErrorItemNotFound", "The specified object was not found in the store."))


def unauthorized() -> Response:
    """401: the bearer token is missing, unknown or too old."""
    headers = {"WWW-Authenticate": 'Bearer realm="", authorization_uri="https://login.microsoftonline.com/common"'}
    return refusal(
        401, "InvalidAuthenticationToken", "Lifetime validation failed, the token is expired.", headers=headers
    )


def throttled(seconds: int = 1, message: str = "Application is over its MailboxConcurrency limit.") -> Response:
    """429 as Exchange says it."""
    return refusal(429, "ApplicationThrottled", message, headers={"Retry-After": str(seconds)})


def token_refusal(status: int, error: str, number: int, message: str) -> Response:
    """What the sign-in service answers instead of a token."""
    body = {
        "error": error,
        "error_description": f"AADSTS{number}: {message} Trace ID: {secrets.token_hex(8)}",
        "error_codes": [number],
        "timestamp": "2026-03-09 12:00:00Z",
        "trace_id": secrets.token_hex(8),
        "correlation_id": secrets.token_hex(8),
        "error_uri": f"https://login.microsoftonline.com/error?code={number}",
    }
    return json_response(body, status)
