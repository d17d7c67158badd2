"""The server, in a thread of its own: binds, serves, ends within a second."""

from __future__ import annotations

import socket
import threading
from urllib.parse import urlsplit

import structlog
import uvicorn

from activity_sync.model.hosts import is_loopback
from activity_sync.schedule import Schedule
from activity_sync.web.app import make_app
from activity_sync.web.desk import Desk
from activity_sync.web.limits import CONNECTION, PEER, Rate
from activity_sync.wiring import App

_RETRY = 15.0
"""Seconds after which a taken address is tried again: the one who had it may have ended."""

_END = 1.0
_MOST_CONNECTIONS = 200


class Listener:
    """Listens where `web.listen` says, or not at all. `address`: host and port, once `bound` is set."""

    def __init__(self, app: App, schedule: Schedule, peers: Rate = PEER, connections: Rate = CONNECTION) -> None:
        """`schedule`: where pushes bring turns forward."""
        self._desk = Desk(app, schedule.hurry, peers, connections)
        self._log = structlog.get_logger("listener")
        self._serving: _Serving | None = None

    @property
    def address(self) -> tuple[str, int] | None:
        """Where it listens; None: nowhere (yet)."""
        return self._serving.address if self._serving else None

    def start(self) -> None:
        """Listen in a thread. A taken address is said once and tried again; nothing is raised."""
        listen = self._desk.settings.web.listen
        if listen is not None:
            self._serving = _Serving(listen, self._desk)
            self._serving.start()

    def use(self, app: App, schedule: Schedule) -> None:
        """The config was read again."""
        before = self._desk.settings.web.listen
        self._desk.app, self._desk.hurry = app, schedule.hurry
        if app.settings.web.listen != before:
            self.stop()
            self.start()

    def wait(self, seconds: float) -> bool:
        """Wait until it listens."""
        return self._serving is not None and self._serving.bound.wait(seconds)

    def stop(self) -> None:
        """Answer nothing any more. Takes two seconds at most."""
        if self._serving is not None:
            self._serving.stop()
            self._serving = None


class _Serving(threading.Thread):
    """One address, until it is told to stop."""

    def __init__(self, listen: str, desk: Desk) -> None:
        super().__init__(name="listener", daemon=True)
        self._listen, self._guarded = listen, desk.settings.web.login is not None
        self._log = structlog.get_logger("listener")
        self._ending = threading.Event()
        self._server = uvicorn.Server(_config(desk))
        self.bound = threading.Event()
        self.address: tuple[str, int] | None = None

    def run(self) -> None:
        """Serve as soon as the address is free."""
        bound = self._bind()
        if bound is None:
            return
        with bound:
            host, port = bound.getsockname()[:2]
            self.address = (host, port)
            self._log.info("listening", address=f"[{host}]:{port}" if ":" in host else f"{host}:{port}")
            self.bound.set()
            self._server.run(sockets=[bound])

    def stop(self) -> None:
        """End it. What is being answered may be finished for a second."""
        self._ending.set()
        self._server.should_exit = True
        self.join(2 * _END)

    def _bind(self) -> socket.socket | None:
        said = False
        while not self._ending.is_set():
            try:
                return bind(self._listen, guarded=self._guarded)
            except OSError as error:
                if not said:
                    why = error.strerror or str(error)
                    self._log.error("cannot listen", address=self._listen, why=why, next_step="It is tried again.")
                said = True
            self._ending.wait(_RETRY)
        return None


def bind(listen: str, *, guarded: bool = False) -> socket.socket:
    """A listening socket at `host:port`. Raises OSError when it cannot be had, or is not this machine itself and no
    login guards it: a name may lead elsewhere than it says."""
    parts = urlsplit(f"//{listen}")
    family, kind, protocol, _, address = socket.getaddrinfo(parts.hostname, parts.port, type=socket.SOCK_STREAM)[0]
    if not guarded and not is_loopback(str(address[0])):
        raise OSError(f"{listen} is not this machine itself, which needs web.login")
    bound = socket.socket(family, kind, protocol)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(address)
        bound.listen(_MOST_CONNECTIONS)
    except OSError:
        bound.close()
        raise
    return bound


def _config(desk: Desk) -> uvicorn.Config:
    """Nothing of requests is logged: addresses may hold secrets."""
    return uvicorn.Config(
        make_app(desk),
        loop="asyncio",
        http="h11",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        limit_concurrency=_MOST_CONNECTIONS,
        timeout_keep_alive=5,
        timeout_graceful_shutdown=int(_END),
    )
