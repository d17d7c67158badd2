"""Whether a request to our webhook is signed by Twilio (dialers.md 2.10). Pure.

The address must be the one that Twilio called, as the world sees it: behind a proxy the server sees another one.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from urllib.parse import SplitResult, parse_qs, urlsplit

SIGNATURE = "x-twilio-signature"
SETTINGS = "x-twilio-webhooks-signature-settings"

_ALGORITHMS = {"HMAC_SHA1": "sha1", "HMAC_SHA256": "sha256"}
_PORTS = {"https": 443, "http": 80}


def verify(url: str, headers: Mapping[str, str], body: bytes, secret: str) -> bool:
    """Whether the signature covers this address and this whole body (raw bytes).

    `secret`: the auth token; the shared key's secret where Twilio names such a key in its settings header.
    """
    folded = {name.casefold(): value for name, value in headers.items()}
    algorithm = _ALGORITHMS.get(_algorithm(folded.get(SETTINGS, "")))
    signed = _signed(url, folded.get("content-type", ""), body)
    if algorithm is None or signed is None or not secret:
        return False
    given = folded.get(SIGNATURE, "").encode()
    fits = [hmac.compare_digest(_signature(one + signed, secret, algorithm), given) for one in _spellings(url)]
    return any(fits)


def _algorithm(settings: str) -> str:
    """What the settings header names (`key=...,algorithm=...`); the old one without it."""
    told = dict(part.strip().partition("=")[::2] for part in settings.split(","))
    return told.get("algorithm", "").strip().upper() or "HMAC_SHA1"


def _signed(url: str, content_type: str, body: bytes) -> str | None:
    """What is signed after the address; None when nothing would cover the body."""
    digests = parse_qs(urlsplit(url).query).get("bodySHA256")
    if digests:
        fits = hmac.compare_digest(hashlib.sha256(body).hexdigest().encode(), digests[0].lower().encode())
        return "" if fits else None
    if not body:
        return ""
    if not content_type.casefold().startswith("application/x-www-form-urlencoded"):
        return None
    try:
        form = parse_qs(body.decode(), keep_blank_values=True, strict_parsing=True)
    except ValueError:
        return None
    return "".join(f"{name}{value}" for name in sorted(form) for value in sorted(set(form[name])))


def _spellings(url: str) -> tuple[str, ...]:
    """The address with and without its port: Twilio signs either."""
    parts = urlsplit(url)
    try:
        port = parts.port or _PORTS.get(parts.scheme)
    except ValueError:
        return (url,)
    host = parts.netloc.rpartition(":")[0] if parts.port else parts.netloc
    return (_with(parts, host), _with(parts, f"{host}:{port}"))


def _with(parts: SplitResult, netloc: str) -> str:
    return parts._replace(netloc=netloc).geturl()


def _signature(text: str, secret: str, algorithm: str) -> bytes:
    return base64.b64encode(hmac.digest(secret.encode(), text.encode(), algorithm))
