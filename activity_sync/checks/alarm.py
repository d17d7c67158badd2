"""Alerts by webhook: each is told once, and once more when it is over."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import httpx
import structlog

from activity_sync.logs import struck
from activity_sync.net.patience import Patience
from activity_sync.net.session import open_session
from activity_sync.reports.status import status
from activity_sync.store import facts
from activity_sync.wiring import App

_TOLD = "alerts.told"
_TIMEOUTS = httpx.Timeout(10)

Alert = Mapping[str, Any]


def sound(app: App) -> None:
    """Tell the webhook of the config which alerts are new, and which are over. What fails is told with the next round.

    Nothing is raised: an alarm that cannot be given must not stop the work.
    """
    url = app.settings.alerts.webhook
    if not url:
        return
    now = app.means.now()
    with app.database.reading() as session:
        alerts = {_name(one): one for one in status(session, app.settings, now)["alerts"]}
        told: dict[str, str] = dict(facts.fact(session, _TOLD) or {})
    fresh = [one for name, one in alerts.items() if name not in told]
    over = [text for name, text in told.items() if name not in alerts]
    if not (fresh or over) or not _sent(url, _message(app.settings.zoho.name, fresh, over)):
        return
    with app.database.transaction() as session:
        facts.keep_fact(session, _TOLD, {name: struck(one["text"]) for name, one in alerts.items()}, now)


def _name(alert: Alert) -> str:
    """What makes it the same alert: its numbers may change."""
    return f"{alert['about']}: {re.sub(r'[0-9][0-9,.:-]*', '#', alert['text'])}"


def _message(name: str, fresh: Sequence[Alert], over: Sequence[str]) -> dict[str, Any]:
    """`text` is what chat programs show; the rest is for programs."""
    lines = [*(f"Alert: {struck(one['text'])}" for one in fresh), *(f"Over: {text}" for text in over)]
    alerts = [{**one, "text": struck(one["text"])} for one in fresh]
    return {"text": "\n".join([f"Activity Sync, {name}:", *lines]), "alerts": alerts, "resolved": list(over)}


def _sent(url: str, message: Mapping[str, Any]) -> bool:
    """Whether the other side took it. Its address may be a secret, so only the host is named."""
    log = structlog.get_logger("alarm")
    try:
        with open_session(patience=Patience(tries=2, longest=5), timeouts=_TIMEOUTS) as session:
            answer = session.post(url, json=message)
    except httpx.HTTPError as error:
        log.warning("alert not told", host=httpx.URL(url).host, why=type(error).__name__)
        return False
    if answer.is_success:
        return True
    log.warning("alert not told", host=httpx.URL(url).host, why=f"HTTP {answer.status_code}")
    return False
