"""What is served, and how mistakes are answered."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from activity_sync.web.desk import Desk
from activity_sync.web.health import healthz, readyz
from activity_sync.web.hooks import push, pushed_rows
from activity_sync.web.metrics import metrics


def make_app(desk: Desk) -> Starlette:
    """The pages and hooks of this desk."""
    app = Starlette(
        routes=[
            Route("/healthz", healthz),
            Route("/readyz", readyz),
            Route("/metrics", metrics),
            Route("/hooks/import/{name}", pushed_rows, methods=["POST"]),
            Route("/hooks/{name}", push, methods=["POST"]),
        ],
        exception_handlers={HTTPException: _mistake},
    )
    app.router.redirect_slashes = False  # signatures cover the address, and nobody is to be sent to another host
    app.state.desk = desk
    return app


def _mistake(request: Request, error: Exception) -> Response:
    del request
    assert isinstance(error, HTTPException)
    return JSONResponse({"error": error.detail}, error.status_code, error.headers)
