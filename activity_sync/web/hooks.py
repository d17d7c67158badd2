"""Pushes. Rate, connection, size, verification, in this order; then an answer at once.

A push carries no data into Zoho: it brings the next reading of its connection forward. Only an import's rows, whose
signature covers them, are stored, for that reading. Nothing of a push is ever logged.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Mapping

import orjson
import structlog
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from activity_sync.dialers.imported.deliveries import NoDelivery, read_delivery, told
from activity_sync.dialers.imported.rows import directory_of
from activity_sync.dialers.imported.signatures import delivery_id
from activity_sync.model.settings import Calendar, Dialer, ImportDialer
from activity_sync.schedule import ZOHO
from activity_sync.steps.channel import pushed
from activity_sync.steps.pushing import pushed as calendars_pushed
from activity_sync.store.failures import StoreFailure
from activity_sync.web.desk import Desk
from activity_sync.web.limits import LARGEST_BODY, Limit, peer_of
from activity_sync.web.vendors import Greeting, Push, Verdict, calendar_greeting, calendar_pushes, status_of, verdict

_PATIENCE = 10.0
"""Seconds in which a body must have come."""

_AGAIN = 60
"""Seconds after which a sender may try again what could not be stored."""


async def push(request: Request) -> Response:
    """POST /hooks/<connection>."""
    return await _answer(request, imports_only=False)


async def pushed_rows(request: Request) -> Response:
    """POST /hooks/import/<connection>."""
    return await _answer(request, imports_only=True)


async def _answer(request: Request, *, imports_only: bool) -> Response:
    desk: Desk = request.app.state.desk
    name = request.path_params["name"]
    _allowed(desk, desk.peers, peer_of(request), "")
    if name == ZOHO and desk.zoho_pushes and not imports_only:
        return await run_in_threadpool(_notified, desk, await _came(request, desk, name))
    calendar = None if imports_only else desk.calendar(name)
    if calendar is not None:
        return await _of_calendar(request, desk, calendar)
    dialer = desk.dialer(name)
    if dialer is None or (imports_only and not isinstance(dialer, ImportDialer)):
        desk.tally.refuse("", "unknown")
        raise HTTPException(404, "no such connection takes pushes")
    came = await _came(request, desk, dialer.name)
    return await run_in_threadpool(_judged, desk, dialer, came)


async def _of_calendar(request: Request, desk: Desk, calendar: Calendar) -> Response:
    greeting = calendar_greeting(calendar, request.query_params)
    if greeting:
        desk.tally.count(calendar.name, "greeting")
        return PlainTextResponse(greeting, headers={"X-Content-Type-Options": "nosniff"})
    return await run_in_threadpool(_changed, desk, calendar, await _came(request, desk, calendar.name))


def _changed(desk: Desk, calendar: Calendar, came: Push) -> Response:
    """Calendars of this connection changed: these are read soon, the others at their turn."""
    try:
        parts = calendars_pushed(desk.app.means, calendar.name, calendar_pushes(calendar, came))
    except ValueError:
        raise _not_taken(desk, calendar.name, Verdict.UNREADABLE) from None
    except StoreFailure:
        raise _not_judged(desk, calendar.name) from None
    if not parts:
        raise _not_taken(desk, calendar.name, Verdict.FORGED)
    _allowed(desk, desk.connections, calendar.name, calendar.name)
    for part in parts:
        desk.hurry(f"{calendar.name} {part}")
    desk.tally.count(calendar.name, Verdict.GENUINE.value)
    return JSONResponse({"accepted": True}, 202)


def _not_judged(desk: Desk, name: str) -> HTTPException:
    desk.tally.refuse(name, "not judged")
    return HTTPException(503, "it cannot be judged now", {"Retry-After": str(_AGAIN)})


def _notified(desk: Desk, came: Push) -> Response:
    try:
        known = pushed(desk.app.means, orjson.loads(came.body))
    except ValueError:
        raise _not_taken(desk, ZOHO, Verdict.UNREADABLE) from None
    except StoreFailure:
        raise _not_judged(desk, ZOHO) from None
    if not known:
        raise _not_taken(desk, ZOHO, Verdict.FORGED)
    _allowed(desk, desk.connections, ZOHO, ZOHO)
    return _hurried(desk, ZOHO)


def _judged(desk: Desk, dialer: Dialer, came: Push) -> Response:
    judgement = verdict(dialer, desk.settings, came)
    if isinstance(judgement, Greeting):
        desk.tally.count(dialer.name, "greeting")
        return Response(judgement.body, 200, judgement.headers)
    if judgement is not Verdict.GENUINE:
        raise _not_taken(desk, dialer.name, judgement)
    _allowed(desk, desk.connections, dialer.name, dialer.name)  # genuine ones only: others must not use it up
    if isinstance(dialer, ImportDialer):
        return _stored(desk, dialer, came)
    return _hurried(desk, dialer.name, status_of(dialer))


def _hurried(desk: Desk, name: str, status: int = 202) -> Response:
    desk.tally.count(name, Verdict.GENUINE.value)
    desk.hurry(name)
    return JSONResponse({"accepted": True}, status)


def _not_taken(desk: Desk, name: str, judgement: Verdict) -> HTTPException:
    desk.tally.refuse(name, judgement.value)
    if judgement is Verdict.UNREADABLE:
        return HTTPException(400, "it cannot be read")
    return HTTPException(401, "no valid signature or token")


def _stored(desk: Desk, dialer: ImportDialer, came: Push) -> Response:
    try:
        delivery = read_delivery(came.body, directory_of(dialer, desk.settings), came.at)
    except NoDelivery as reason:
        desk.tally.refuse(dialer.name, "unreadable")
        raise HTTPException(413 if reason.too_many else 400, str(reason)) from None
    try:
        new = desk.rows(dialer).add(delivery_id(came.headers), delivery.lines, came.at)
    except OSError as error:
        structlog.get_logger("listener").error("pushed rows not stored", connection=dialer.name, why=error.strerror)
        desk.tally.count(dialer.name, "not stored")
        raise HTTPException(503, "it cannot be stored now", {"Retry-After": str(_AGAIN)}) from None
    desk.tally.count(dialer.name, "accepted" if new else "repeated")
    if new and delivery.lines:
        desk.hurry(dialer.name)
    return JSONResponse(told(delivery), 202)


def _allowed(desk: Desk, limit: Limit, name: str, connection: str) -> None:
    seconds = limit.wait(name)
    if seconds:
        desk.tally.refuse(connection, "too many")
        raise HTTPException(429, "too many pushes", {"Retry-After": str(math.ceil(seconds))})


async def _came(request: Request, desk: Desk, name: str) -> Push:
    try:
        async with asyncio.timeout(_PATIENCE):
            body = await _body(request)
    except TimeoutError:
        desk.tally.refuse(name, "too slow")
        raise HTTPException(408, "the body did not come in time") from None
    except ClientDisconnect:
        raise HTTPException(400, "the body did not come") from None
    if body is None:
        desk.tally.refuse(name, "too large")
        raise HTTPException(413, f"more than {LARGEST_BODY} bytes", {"Connection": "close"})
    return Push(path=_path(request.scope), headers=_headers(request), body=body, at=desk.app.means.now())


async def _body(request: Request) -> bytes | None:
    """The raw body; None when it is too large."""
    length = request.headers.get("content-length", "")
    if length.isdigit() and int(length) > LARGEST_BODY:
        return None
    parts = bytearray()
    async for part in request.stream():
        parts += part
        if len(parts) > LARGEST_BODY:
            return None
    return bytes(parts)


def _headers(request: Request) -> Mapping[str, str]:
    return {name.lower(): value for name, value in request.headers.items()}


def _path(scope: Mapping[str, object]) -> str:
    """As it was asked for, with the query: signatures cover it to the letter."""
    raw, query = scope.get("raw_path"), scope.get("query_string")
    path = raw.decode("latin-1") if isinstance(raw, bytes) else str(scope["path"])
    return f"{path}?{query.decode('latin-1')}" if isinstance(query, bytes) and query else path
