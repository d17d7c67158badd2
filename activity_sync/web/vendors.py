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
from activity_sync.dialers.imported import signatures
from activity_sync.dialers.justcall import verification as justcall
from activity_sync.dialers.ringcentral import verification as ringcentral
from activity_sync.dialers.twilio import verification as twilio
from activity_sync.model.ports import Pushed
from activity_sync.model.settings import (
    AircallDialer,
    Calendar,
    Dialer,
    GoogleCalendar,
    ImportDialer,
    JustCallDialer,
    MicrosoftCalendar,
    RingCentralDialer,
    Settings,
    TwilioDialer,
    Webhook,
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
    """A vendor makes sure that we are there: the headers of the answer."""

    headers: Mapping[str, str]


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
        case AircallDialer(webhook=Webhook()) | RingCentralDialer(webhook=Webhook()) | ImportDialer(webhook=Webhook()):
            return True
        case TwilioDialer() | JustCallDialer():  # they sign the address that they call, which only the config knows
            return settings.web.public_url is not None
        case _:
            return False


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
            return Verdict.FORGED


def _address(settings: Settings, push: Push) -> str:
    """What the vendor was told to call."""
    return f"{(settings.web.public_url or '').rstrip('/')}{push.path}"


def _genuine(proved: bool) -> Verdict:
    return Verdict.GENUINE if proved else Verdict.FORGED
