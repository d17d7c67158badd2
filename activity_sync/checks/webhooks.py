"""Where vendors push to, and whether Zoho's channel lives."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from activity_sync.checks.check import Check, good
from activity_sync.model.settings import Settings
from activity_sync.steps.channel import lives_until
from activity_sync.wiring import App

_NAME = "webhooks"


def webhooks_check(app: App) -> Check:
    """One line: the addresses to be entered at the vendors; without any, that everything is read at its own pace."""
    settings, names = app.settings, list(_pushing(app.settings))
    if not names:
        return good(_NAME, "none are asked for: every connection is read at its own pace")
    public, listen = settings.web.public_url, settings.web.listen
    base = str(public).rstrip("/") if public else f"http://{listen}"
    detail = ", ".join(f"{base}/hooks/{name}" for name in names)
    hints = [] if public else ["Set web.public_url to the address under which the vendors reach us."]
    if settings.zoho.notifications:
        said, hint = _channel(lives_until(app.means), app.means.now())
        detail, hints = f"{detail}; {said}", [*hints, *hint]
    return good(_NAME, detail, " ".join(hints))


def _pushing(settings: Settings) -> Iterator[str]:
    """The names of the connections whose vendor is to push."""
    if settings.zoho.notifications:
        yield "zoho"
    yield from (one.name for one in settings.calendars if one.enabled and one.push)
    yield from (one.name for one in settings.dialers if one.enabled and getattr(one, "webhook", None))


def _channel(ends: datetime | None, now: datetime) -> tuple[str, list[str]]:
    if ends is None or ends <= now:
        return "Zoho does not push yet", ["The next round of `activity-sync run` lets Zoho push."]
    return f"Zoho pushes until {ends:%Y-%m-%d %H:%M} UTC, and longer with every day that the daemon runs", []
