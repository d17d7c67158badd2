"""A pretend vendor is a function from request to response; this puts it on a loopback port."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, ClassVar, Self
from urllib.parse import parse_qs, unquote, urlsplit

import orjson


@dataclass(frozen=True, slots=True)
class Request:
    """What came in. `path` is decoded, `headers` have lower-case names, `query` keeps every value."""

    method: str
    path: str
    query: Mapping[str, list[str]]
    headers: Mapping[str, str]
    body: bytes

    def one(self, name: str) -> str | None:
        """The first value of a query parameter, or None."""
        values = self.query.get(name)
        return values[0] if values else None

    def json(self) -> Any:
        """The body read as JSON; raises `ValueError` when it is none."""
        return orjson.loads(self.body)

    def form(self) -> dict[str, str]:
        """The body read as a form; the first value of each name."""
        return {name: values[0] for name, values in parse_qs(self.body.decode()).items()}


@dataclass(frozen=True, slots=True)
class Response:
    """What goes out. `cut` sends only so many bytes of the body and then drops the connection."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: int | None = None


class Dropped(Exception):  # noqa: N818 - an event on the wire, not a mistake
    """The connection ends without an answer."""


Handler = Callable[[Request], Response]


def json_response(value: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """An answer in JSON."""
    return Response(status, orjson.dumps(value), {"Content-Type": "application/json;charset=utf-8", **(headers or {})})


class Server:
    """Serves one handler on 127.0.0.1, a thread a connection, until left. Use it as a context manager."""

    def __init__(self, handler: Handler, port: int = 0) -> None:
        """`port` 0 takes a free one."""
        self._server = _Listener(("127.0.0.1", port), _wire(handler))
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    @property
    def url(self) -> str:
        """Scheme and host, without a slash at the end."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Listener(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no event worth printing."""


def _wire(handler: Handler) -> type[BaseHTTPRequestHandler]:
    return type("Wire", (_Wire,), {"handler": staticmethod(handler)})


class _Wire(BaseHTTPRequestHandler):
    handler: ClassVar[Handler]
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def handle_one(self) -> None:
        request = self._read()
        try:
            response = type(self).handler(request)
        except Dropped:
            self._hang_up()
            return
        self._answer(response)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = handle_one

    def _read(self) -> Request:
        split = urlsplit(self.path)
        length = int(self.headers.get("Content-Length") or 0)
        return Request(
            method=self.command,
            path=unquote(split.path),
            query=parse_qs(split.query, keep_blank_values=True),
            headers={name.lower(): value for name, value in self.headers.items()},
            body=self.rfile.read(length) if length else b"",
        )

    def _answer(self, response: Response) -> None:
        if "Date" in response.headers:  # the pretend vendor's own time
            self.send_response_only(response.status)
        else:
            self.send_response(response.status)
        for name, value in response.headers.items():
            self.send_header(name, value)
        if response.status not in (204, 304):
            self.send_header("Content-Length", str(len(response.body)))
        self.end_headers()
        self.wfile.write(response.body if response.cut is None else response.body[: response.cut])
        self.wfile.flush()
        if response.cut is not None:
            self._hang_up()

    def _hang_up(self) -> None:
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the parent's name
        """Silent: the ledger of each simulator holds every request."""
