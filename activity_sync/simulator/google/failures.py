"""Refusals in the words of Google's calendar service, and in those of its newer services."""

from __future__ import annotations

from activity_sync.simulator.network import Response, json_response


class Refused(Exception):  # noqa: N818 - an answer that is a refusal
    """Ends the handling of a request with this answer."""

    def __init__(self, response: Response) -> None:
        super().__init__(response.status)
        self.response = response


def refusal(
    status: int, reason: str, message: str, *, domain: str = "global", place: tuple[str, str] | None = None
) -> Response:
    """The calendar service's older error body. `place` is (location type, location)."""
    inner = {"domain": domain, "reason": reason, "message": message}
    if place:
        inner |= {"locationType": place[0], "location": place[1]}
    return json_response({"error": {"errors": [inner], "code": status, "message": message}}, status)


def newer_refusal(status: int, reason: str, message: str, name: str) -> Response:
    """The error body of the directory and its generation; `name` is the status in capitals."""
    inner = {"domain": "global", "reason": reason, "message": message}
    return json_response({"error": {"code": status, "message": message, "errors": [inner], "status": name}}, status)


def bad_parameter(name: str, message: str, reason: str = "invalid") -> Refused:
    """400 about one query parameter."""
    return Refused(refusal(400, reason, message, place=("parameter", name)))


def not_found() -> Refused:
    """404: not there, or not for this user."""
    return Refused(refusal(404, "notFound", "Not Found"))


def unauthorized() -> Response:
    """401: the bearer token is missing, unknown or too old."""
    return refusal(401, "authError", "Invalid Credentials", place=("header", "Authorization"))


def too_many() -> Response:
    """429 as the calendar service says it."""
    return refusal(429, "rateLimitExceeded", "Rate Limit Exceeded", domain="usageLimits")


def token_refusal(status: int, error: str, description: str) -> Response:
    """What the token endpoint answers instead of a token."""
    return json_response({"error": error, "error_description": description}, status)
