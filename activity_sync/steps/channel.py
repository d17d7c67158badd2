"""The channel of Zoho's notifications: made, renewed before it ends, closed when it is switched off.

An accelerator only: a push brings the next refresh forward, and without pushes all is seen at the usual pace.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from activity_sync.model.failures import ConnectionFailure, OutOfCredits, Refused
from activity_sync.model.results import Problem
from activity_sync.model.settings import Settings
from activity_sync.rules.pushes import accepts, channel_token
from activity_sync.steps.means import Means
from activity_sync.store import facts

PATH = "/hooks/zoho"

_FACT = "zoho.channel"
_LIFE = timedelta(days=6, hours=20)
"""A week is the most, and what is further away gets an hour: our clock may be some hours ahead of Zoho's."""

_RENEWED = timedelta(days=1)
_AGAIN = timedelta(hours=1)


def keep_channel(means: Means, now: datetime) -> Sequence[Problem]:
    """Let the channel be as the config wants it: a credit a day while it is on. A failure is tried again in an hour."""
    known, url = _known(means), _url(means.settings)
    if not url:
        return _close(means, known, now)
    if known.get("url") == url and datetime.fromisoformat(known["next"]) > now:
        return []
    channel = known.get("id") or str(10**14 + secrets.randbelow(9 * 10**14))
    _keep(means, channel, url, known.get("ends", ""), now + _AGAIN, now)  # the id is on disk before Zoho has it
    try:
        ends = _made(
            means, channel, url, now, renew=known.get("url") == url and known.get("ends", "") > now.isoformat()
        )
    except OutOfCredits:
        return []
    except ConnectionFailure as failure:
        return [Problem("no notifications", "Zoho", failure.why, failure.next_step)]
    ends = ends or now + _AGAIN
    _keep(means, channel, url, ends.isoformat(), min(now + _RENEWED, now + (ends - now) / 2), now)
    return []


def pushed(means: Means, payload: object) -> bool:
    """Whether a notification is Zoho's and for us; then the next refresh is to come forward, nothing else."""
    channel = _known(means).get("id", "")
    return accepts(payload, channel, _token(means.settings, channel)) if _url(means.settings) else False


def lives_until(means: Means) -> datetime | None:
    """When Zoho's channel ends, in UTC; None: there is none."""
    ends = _known(means).get("ends", "")
    return datetime.fromisoformat(ends) if ends else None


def _url(settings: Settings) -> str:
    """Where Zoho is to push to; "" when it is not to."""
    public = settings.web.public_url
    return f"{str(public).rstrip('/')}{PATH}" if settings.zoho.notifications and public else ""


def _token(settings: Settings, channel: str) -> str:
    return channel_token(settings.zoho.client_secret.get_secret_value(), channel)


def _made(means: Means, channel: str, url: str, now: datetime, *, renew: bool) -> datetime | None:
    if renew:
        try:
            return means.crm.renew_channel(channel, now + _LIFE)
        except Refused:
            pass  # it ended meanwhile: made anew
    return means.crm.open_channel(channel, _token(means.settings, channel), url, now + _LIFE)


def _close(means: Means, known: Mapping[str, Any], now: datetime) -> Sequence[Problem]:
    waits = known.get("next", "") > now.isoformat() and not known.get("url")
    if not known or waits:
        return []
    try:
        means.crm.close_channel(known["id"])
    except ConnectionFailure:
        _keep(means, known["id"], "", "", now + _AGAIN, now)
        return []  # it ends by itself within a week, and what it pushes is refused
    with means.database.transaction() as session:
        facts.keep_fact(session, _FACT, {}, now)
    return []


def _known(means: Means) -> Mapping[str, Any]:
    with means.database.reading() as session:
        return facts.fact(session, _FACT) or {}


def _keep(means: Means, channel: str, url: str, ends: str, next_at: datetime, now: datetime) -> None:
    kept = {"id": channel, "url": url, "ends": ends, "next": next_at.isoformat()}
    with means.database.transaction() as session:
        facts.keep_fact(session, _FACT, kept, now)
