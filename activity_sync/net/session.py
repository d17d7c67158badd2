"""The httpx client that every edge uses: time-outs, user agent, proxy and certificates, secrets out of logs."""

from __future__ import annotations

import logging
import os
import ssl
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from urllib.request import getproxies_environment, proxy_bypass

import httpx

from activity_sync.model.hosts import is_loopback
from activity_sync.net.patience import Patience

TIMEOUTS = httpx.Timeout(connect=10, read=30, write=30, pool=30)


def open_session(
    auth: httpx.Auth | None = None,
    *,
    patience: Patience | None = None,
    timeouts: httpx.Timeout = TIMEOUTS,
    headers: dict[str, str] | None = None,
) -> httpx.Client:
    """One long-lived client for one account; close it at the end. It may be shared by threads.

    Honours HTTPS_PROXY, NO_PROXY, SSL_CERT_FILE, SSL_CERT_DIR and REQUESTS_CA_BUNDLE; the loopback network is never
    asked through a proxy. Follows no redirect. `patience`: how calls are paced and re-sent; its wire is put in here.
    """
    _hush()
    transport = patience or Patience()
    transport.wire = Routes()
    return httpx.Client(
        auth=auth,
        transport=transport,
        timeout=timeouts,
        headers={"User-Agent": user_agent(), "Accept": "application/json", **(headers or {})},
        follow_redirects=False,
        trust_env=False,  # Routes reads the environment, certificates of requests' variable included
    )


@lru_cache(maxsize=1)
def user_agent() -> str:
    """What we call ourselves: `activity-sync/VERSION`."""
    try:
        return f"activity-sync/{version('activity-sync')}"
    except PackageNotFoundError:
        return "activity-sync/0"


def certificates() -> ssl.SSLContext:
    """Whom to trust: the authority of the environment, else the usual ones."""
    return _context(*(os.environ.get(name, "") for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "SSL_CERT_DIR")))


@lru_cache(maxsize=4)
def _context(cert_file: str, bundle: str, cert_dir: str) -> ssl.SSLContext:
    """Loading authorities takes 20 ms and more: once for each setting of the variables."""
    given = [path for path in (cert_file, bundle, cert_dir) if path]
    if not given:
        return httpx.create_ssl_context(trust_env=False)
    context = ssl.create_default_context()
    for path in given:
        found = Path(path)
        if found.is_dir():
            context.load_verify_locations(capath=path)
        elif found.is_file():
            context.load_verify_locations(cafile=path)
    return context


class Routes(httpx.BaseTransport):
    """Sends each request directly or through the proxy of the environment."""

    def __init__(self) -> None:
        self._direct = httpx.HTTPTransport(verify=certificates(), trust_env=False)
        proxy = getproxies_environment().get("https", "")
        self._proxied = (
            httpx.HTTPTransport(verify=certificates(), trust_env=False, proxy=_with_scheme(proxy)) if proxy else None
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """The answer, unread. Raises httpx.TransportError."""
        if self._proxied is None or request.url.scheme != "https" or _is_exempt(request.url.host):
            return self._direct.handle_request(request)
        return self._proxied.handle_request(request)

    def close(self) -> None:
        """Close all connections."""
        self._direct.close()
        if self._proxied is not None:
            self._proxied.close()


def _with_scheme(proxy: str) -> str:
    return proxy if "://" in proxy else f"http://{proxy}"


def _is_exempt(host: str) -> bool:
    return is_loopback(host) or bool(proxy_bypass(host))


def _hush() -> None:
    """The libraries log whole addresses and headers, and these may hold secrets."""
    for name in ("httpx", "httpcore"):
        logger = logging.getLogger(name)
        logger.setLevel(max(logger.level, logging.WARNING))
