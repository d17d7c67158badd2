"""Web page, log, alerts and how long things are kept."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr

from activity_sync.model.passwords import FORM
from activity_sync.model.settings.durations import Delay, PositiveDuration, WaitOrDuration
from activity_sync.model.settings.section import Section
from activity_sync.model.settings.values import HttpsOrNear, HttpsUrl, NonEmpty, Secret


def _listen(text: str) -> str:
    try:
        parts = urlsplit(f"//{text}")
        usable = parts.netloc == text and "@" not in text and bool(parts.hostname) and parts.port is not None
    except ValueError:
        usable = False
    if not usable:
        raise ValueError("must be an address and a port such as 127.0.0.1:8321")
    return text


def _hash(kept: SecretStr) -> SecretStr:
    if not FORM.fullmatch(kept.get_secret_value()):
        raise ValueError("must be a hash made by `activity-sync web hash`")
    return kept


class Login(Section):
    """User names with the hashes that `activity-sync web hash` makes."""

    users: Annotated[dict[NonEmpty, Annotated[Secret, AfterValidator(_hash)]], Field(min_length=1)]


class Web(Section):
    """listen: `host:port`; None: no listener."""

    listen: Annotated[str, AfterValidator(_listen)] | None = "127.0.0.1:8321"
    public_url: HttpsUrl | None = None
    login: Login | None = None


class Logging(Section):
    """format `auto`: colours on a terminal, JSON elsewhere."""

    level: Literal["debug", "info", "warning", "error"] = "info"
    format: Literal["auto", "text", "json"] = "auto"


class Alerts(Section):
    """silent_after: how long a source may hand over nothing."""

    silent_after: WaitOrDuration | None = Delay(3, "business days")
    webhook: Annotated[HttpsOrNear | None, Field(repr=False)] = None  # its path is often a secret


class Retention(Section):
    """How long interactions and lines of the sync log are kept."""

    interactions: PositiveDuration = timedelta(days=400)
    sync_log: PositiveDuration = timedelta(days=365)
