"""Waits on loopback for the browser that comes back from a vendor's sign-in page."""

from __future__ import annotations

import hmac
import time
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from activity_sync.model.failures import Refused, TryLater

PORT = 8914
_PAGE = "<!doctype html><meta charset=utf-8><title>Activity Sync</title><p>{}</p>"


@dataclass(frozen=True, slots=True)
class Returned:
    """What the browser brought back. `accounts`: the accounts server to ask; "" when none was named."""

    code: str
    location: str = ""
    accounts: str = ""


class Landing:
    """A loopback port where one browser is awaited. Use it as a context manager."""

    def __init__(self, state: str, port: int = PORT, vendor: str = "Zoho") -> None:
        """`port` 0 takes a free one. `vendor`: where the browser comes from. Raises OSError when the port is taken."""
        self._vendor, self._path = vendor, f"/{vendor.lower()}"
        self._outcome: list[Returned | Refused] = []
        self._server = HTTPServer(("127.0.0.1", port), _answering(state, self._outcome, vendor))

    @property
    def uri(self) -> str:
        """The redirect address; Zoho wants it registered with the client to the letter."""
        return f"http://localhost:{self._server.server_address[1]}{self._path}"

    def __enter__(self) -> Landing:
        return self

    def __exit__(self, *_: object) -> None:
        self._server.server_close()

    def wait(self, seconds: float) -> Returned:
        """The first browser that brings our state. Raises Refused when access was denied, TryLater after `seconds`."""
        until = time.monotonic() + seconds
        while not self._outcome:
            left = until - time.monotonic()
            if left <= 0:
                raise TryLater(f"nobody came back from {self._vendor}'s sign-in page within {seconds:g} seconds")
            self._server.timeout = left
            self._server.handle_request()
        outcome = self._outcome[0]
        if isinstance(outcome, Refused):
            raise outcome
        return outcome


def _answering(state: str, outcome: list[Returned | Refused], vendor: str) -> type[BaseHTTPRequestHandler]:
    class Answering(BaseHTTPRequestHandler):
        timeout = 10  # a browser that connects and says nothing must not hold us up

        def do_GET(self) -> None:
            split = urlsplit(self.path)
            said = {name: values[0] for name, values in parse_qs(split.query).items()}
            if split.path != f"/{vendor.lower()}":
                self._page(404, "There is nothing here.")
            elif not hmac.compare_digest(said.get("state", "").encode(), state.encode()):
                self._page(400, "This is not the answer to our question. Start again from the terminal.")
            elif not said.get("code"):
                outcome.append(_denied(said, vendor))
                self._page(200, f"{vendor} did not grant the access. The terminal says more.")
            else:
                outcome.append(Returned(said["code"], said.get("location", ""), said.get("accounts-server", "")))
                self._page(200, "Activity Sync has its answer. You may close this page.")

        def _page(self, status: int, text: str) -> None:
            body = _PAGE.format(text).encode()
            self.send_response(status)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the parent's name
            """Silent: the address holds the code."""

    return Answering


def _denied(said: dict[str, str], vendor: str) -> Refused:
    error = said.get("error", "no code")[:60]
    return Refused(f"{vendor} did not grant the access ({error})", "run it again and accept")
