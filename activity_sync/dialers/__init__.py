"""EDGE: dialers. One file or folder for each vendor; nothing outside it knows the vendor's field names.

To add one: its settings class, its file, its arm here, its pretend in `simulator`, its case in `tests/contracts`.
Imports `activity_sync.model` and `activity_sync.net` only; imported by `wiring`.
"""

from __future__ import annotations

from typing import assert_never

from activity_sync.dialers.aircall import Aircall
from activity_sync.dialers.cdr import Asterisk, ThreeCx
from activity_sync.dialers.cloudtalk import CloudTalk
from activity_sync.dialers.dialpad import Dialpad
from activity_sync.dialers.imported import Imported
from activity_sync.dialers.justcall import JustCall
from activity_sync.dialers.quo import Quo
from activity_sync.dialers.ringcentral import RingCentral
from activity_sync.dialers.twilio import Twilio
from activity_sync.dialers.zoom_phone import ZoomPhone
from activity_sync.model.ports import Clock, Source, TokenStore
from activity_sync.model.settings import (
    AircallDialer,
    AsteriskDialer,
    CloudTalkDialer,
    Dialer,
    DialpadDialer,
    ImportDialer,
    JustCallDialer,
    QuoDialer,
    RingCentralDialer,
    Settings,
    ThreeCxDialer,
    TwilioDialer,
    ZoomPhoneDialer,
)

KINDS = (
    "aircall", "asterisk", "cloudtalk", "dialpad", "import", "justcall", "quo", "ringcentral", "threecx", "twilio",
    "zoom_phone",
)  # fmt: skip
"""The kinds that `open_dialer` opens; the contract suite has a case for each."""


def open_dialer(dialer: Dialer, whole: Settings, tokens: TokenStore, clock: Clock) -> Source:
    """The connection that these settings describe; nothing is asked of it yet."""
    match dialer:
        case AircallDialer():
            return Aircall(dialer, whole, clock)
        case AsteriskDialer():
            return Asterisk(dialer, whole)
        case CloudTalkDialer():
            return CloudTalk(dialer, whole, clock)
        case DialpadDialer():
            return Dialpad(dialer, whole, clock)
        case ImportDialer():
            return Imported(dialer, whole)
        case JustCallDialer():
            return JustCall(dialer, whole, clock)
        case QuoDialer():
            return Quo(dialer, whole, clock)
        case RingCentralDialer():
            return RingCentral(dialer, whole, tokens, clock)
        case ThreeCxDialer():
            return ThreeCx(dialer, whole)
        case TwilioDialer():
            return Twilio(dialer, whole, clock)
        case ZoomPhoneDialer():
            return ZoomPhone(dialer, whole, tokens, clock)
        case _:
            assert_never(dialer)
