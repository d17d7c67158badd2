"""Which connection takes pushes, and what its vendor's verification says of one.

The verification is a pure function beside each source; here stands one arm for each.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from activity_sync.calendars.google import channels as google
from activity_sync.calendars.microsoft import channels as microsoft
from activity_sync.dialers.aircall import verification as aircall
from activity_sync.dialers.cloudtalk import verification as cloudtalk
from activity_sync.dialers.dialpad import verification as dialpad
from activity_sync.dialers.imported import signatures
from activity_sync.dialers.justcall import verification as justcall
from activity_sync.dialers.quo import verification as quo
from activity_sync.dialers.ringcentral import verification as ringcentral
from activity_sync.dialers.twilio import verification as twilio
from activity_sync.dialers.zoom_phone import verification as zoom
from activity_sync.model.ports import Pushed
from activity_sync.model.settings import (
    AircallDialer,
    AsteriskDialer,
    Calendar,
    CloudTalkDialer,
    Dialer,
    DialpadDialer,
    GoogleCalendar,
    ImportDialer,
    JustCallDialer,
    MicrosoftCalendar,
    QuoDialer,
    RingCentralDialer,
    Settings,
    ThreeCxDialer,
    TwilioDialer,
    Webhook,
    ZoomPhoneDialer,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Push:
    """What came. `path`: with the query, as it was asked for; `headers`: names in lower case; `body`: raw."""

    path: str
    headers: Mapping[str, str]
    body: bytes
    at: datetime


@dataclass(frozen=True, slots=True)
class Greeting:
    """A vendor makes sure that we are there: headers and body of the answer."""

    headers: Mapping[str, str]
    body: bytes = b""


class Verdict(Enum):
    """What becomes of a push."""

    GENUINE = "accepted"
    FORGED = "refused"
    UNREADABLE = "unreadable"


def calendar_greeting(calendar: Calendar, query: Mapping[str, str]) -> str:
    """What the vendor wants to hear back when it makes sure that we are there; "" when this is no such question."""
    return microsoft.greeting(query) if isinstance(calendar, MicrosoftCalendar) else ""


def calendar_pushes(calendar: Calendar, push: Push) -> list[Pushed]:
    """What a calendar's push says of itself, to be proved by `steps.pushing`. Raises ValueError for none."""
    match calendar:
        case GoogleCalendar():
            return google.pushed(push.headers)
        case MicrosoftCalendar():
            return microsoft.pushed(push.body)


def takes_pushes(dialer: Dialer, settings: Settings) -> bool:
    """Whether the config has what its pushes are verified with."""
    match dialer:
        case TwilioDialer() | JustCallDialer():  # they sign the address that they call, which only the config knows
            return settings.web.public_url is not None
        case AsteriskDialer() | ThreeCxDialer():
            return False
        case _:
            return dialer.webhook is not None


def status_of(dialer: Dialer) -> int:
    """What a good push is answered with: Zoom repeats it after anything but 200 and 204 (dialers.md 5.9)."""
    return 200 if isinstance(dialer, ZoomPhoneDialer) else 202


def verdict(dialer: Dialer, settings: Settings, push: Push) -> Verdict | Greeting:
    """Whether the push is from who it should be from."""
    try:
        return _verdict(dialer, settings, push)
    except ValueError:
        return Verdict.UNREADABLE


def _verdict(dialer: Dialer, settings: Settings, push: Push) -> Verdict | Greeting:
    match dialer:
        case AircallDialer(webhook=Webhook(secret=secret)):
            return _genuine(aircall.verify(push.body, secret.get_secret_value()))
        case RingCentralDialer(webhook=Webhook(secret=secret)):
            greeting = ringcentral.handshake(push.headers, push.body)
            if greeting is not None:
                return Greeting(greeting)
            return _genuine(ringcentral.verify(push.headers, secret.get_secret_value()))
        case ImportDialer(webhook=Webhook(secret=secret)):
            return _genuine(signatures.verify(push.headers, push.body, secret.get_secret_value(), push.at))
        case TwilioDialer(auth_token=token):
            return _genuine(twilio.verify(_address(settings, push), push.headers, push.body, token.get_secret_value()))
        case JustCallDialer(api_secret=secret):
            key = secret.get_secret_value()
            return _genuine(justcall.verify(_address(settings, push), push.headers, push.body, key, push.at))
        case _:
            return _plainer_verdict(dialer, push)


def _plainer_verdict(dialer: Dialer, push: Push) -> Verdict | Greeting:
    """Of those whose webhook's secret is all that is needed."""
    match dialer:
        case CloudTalkDialer(webhook=Webhook(secret=secret)):
            return _genuine(cloudtalk.verify(push.headers, secret.get_secret_value()))
        case DialpadDialer(webhook=Webhook(secret=secret)):
            return _genuine(dialpad.verify(push.body, secret.get_secret_value()))
        case QuoDialer(webhook=Webhook(secret=secret)):
            return _genuine(quo.verify(push.headers, push.body, secret.get_secret_value(), push.at))
        case ZoomPhoneDialer(webhook=Webhook(secret=secret)):
            answer = zoom.handshake(push.body, secret.get_secret_value())
            if answer is not None:
                return Greeting({"Content-Type": "application/json"}, answer)
            return _genuine(zoom.verify(push.headers, push.body, secret.get_secret_value(), push.at))
        case _:
            return Verdict.FORGED


def _address(settings: Settings, push: Push) -> str:
    """What the vendor was told to call."""
    return f"{(settings.web.public_url or '').rstrip('/')}{push.path}"


def _genuine(proved: bool) -> Verdict:
    return Verdict.GENUINE if proved else Verdict.FORGED
