"""/healthz: the process answers. /readyz: it does its work; with the reasons when it does not."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from activity_sync.model.settings import Settings
from activity_sync.reports import readiness
from activity_sync.schedule import intervals, refresh_every
from activity_sync.steps.progress import progress
from activity_sync.store.failures import StoreFailure
from activity_sync.web.desk import Desk


async def healthz(request: Request) -> Response:
    """Always 200."""
    del request
    return JSONResponse({"ok": True})


def readyz(request: Request) -> Response:
    """200, or 503; with the reasons for those whom `web.login` lets in."""
    desk: Desk = request.app.state.desk
    why = _reasons(desk)
    told = {"reasons": why} if desk.door.is_open(request, desk.settings.web.login) else {}
    return JSONResponse({"ok": not why, **told}, 503 if why else 200)


def _reasons(desk: Desk) -> Sequence[str]:
    now, database = desk.app.means.now(), desk.app.database
    try:
        database.check_schema()
        with database.reading() as session:
            loaded = progress(session).loaded
            return list(readiness.reasons(session, now, _habit(desk.settings, now), loaded=loaded))
    except StoreFailure as failure:
        return [f"the database cannot be used: {failure.why}"]


def _habit(settings: Settings, now: datetime) -> timedelta:
    """How often something is due."""
    return min(refresh_every(settings, now), *intervals(settings).values())
