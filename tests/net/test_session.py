"""The client of every edge: proxy, certificates, quiet logs."""

from __future__ import annotations

import logging
import socketserver
import ssl
import threading
from pathlib import Path

import httpx
import pytest
import respx
import trustme

from activity_sync.net.patience import Patience
from activity_sync.net.session import Routes, certificates, is_loopback, open_session, user_agent
from activity_sync.simulator.network import Response, Server

VARIABLES = (
    "HTTPS_PROXY",
    "https_proxy",
    "NO_PROXY",
    "no_proxy",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "REQUESTS_CA_BUNDLE",
)


@pytest.fixture
def plain(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """An environment without any of the variables."""
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


def test_we_say_who_we_are() -> None:
    with respx.mock:
        asked = respx.get("https://api.globex.example/").respond(200)
        with open_session() as session:
            session.get("https://api.globex.example/")
    assert asked.calls[0].request.headers["User-Agent"] == user_agent()
    assert user_agent().startswith("activity-sync/")


@pytest.mark.parametrize("scheme", ["http://", ""])
def test_a_proxy_of_the_environment_is_asked_for_a_tunnel(plain: pytest.MonkeyPatch, scheme: str) -> None:
    asked: list[bytes] = []

    class Proxy(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            asked.append(self.rfile.readline())
            self.wfile.write(b"HTTP/1.1 403 Forbidden\r\n\r\n")

    with socketserver.TCPServer(("127.0.0.1", 0), Proxy) as server:
        threading.Thread(target=server.handle_request).start()
        plain.setenv("HTTPS_PROXY", f"{scheme}127.0.0.1:{server.server_address[1]}")
        with open_session(patience=Patience(tries=1)) as session, pytest.raises(httpx.ProxyError):
            session.get("https://api.globex.example/")
    assert asked == [b"CONNECT api.globex.example:443 HTTP/1.1\r\n"]


def test_loopback_and_exempted_hosts_are_asked_directly(plain: pytest.MonkeyPatch) -> None:
    plain.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    plain.setenv("NO_PROXY", "globex.example")
    with Server(lambda _: Response(204)) as server, open_session() as session:
        assert session.get(server.url).status_code == 204
    routes = Routes()
    seen: list[str] = []

    class Direct(httpx.BaseTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            seen.append(request.url.host)
            return httpx.Response(204)

    routes._direct = Direct()  # type: ignore[assignment]
    routes.handle_request(httpx.Request("GET", "https://api.globex.example/"))
    assert seen == ["api.globex.example"]


@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"])
def test_a_companys_own_authority_is_trusted(plain: pytest.MonkeyPatch, tmp_path: Path, variable: str) -> None:
    authority = trustme.CA(organization_name="Globex")
    file = tmp_path / "authority.pem"
    authority.cert_pem.write_to_path(str(file))
    plain.setenv(variable, str(file))
    assert any("Globex" in str(one["subject"]) for one in certificates().get_ca_certs())


def test_without_the_variables_the_usual_authorities_are_trusted(plain: pytest.MonkeyPatch) -> None:
    context = certificates()
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert not any("Globex" in str(one["subject"]) for one in context.get_ca_certs())


def test_addresses_and_headers_are_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG), respx.mock:
        respx.get("https://api.globex.example/").respond(200)
        with open_session() as session:
            session.get("https://api.globex.example/", params={"token": "hush"}, headers={"Authorization": "hush"})
    assert "hush" not in caplog.text


def test_a_redirect_is_handed_back() -> None:
    with respx.mock:
        respx.get("https://api.globex.example/").respond(302, headers={"Location": "https://evil.example/"})
        with open_session() as session:
            assert session.get("https://api.globex.example/").status_code == 302


@pytest.mark.parametrize(
    ("host", "ours"), [("localhost", True), ("127.0.0.2", True), ("::1", True), ("a.example", False)]
)
def test_loopback_is_known_by_name_and_number(host: str, ours: bool) -> None:
    assert is_loopback(host) is ours
