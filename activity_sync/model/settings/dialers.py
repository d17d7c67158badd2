"""The dialer connections, told apart by `kind`."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from activity_sync.model.settings.durations import Duration, PositiveDuration
from activity_sync.model.settings.section import Section
from activity_sync.model.settings.values import Address, ConnectionName, Country, NonEmpty, Secret, Url


class DialerCommon(Section):
    """What every dialer connection has.

    settle: overrides `calls.settle`. api_url: scheme and host of the vendor. region: for this dialer's numbers.
    lines, extensions: our number or extension, as written, to the rep's address.
    """

    name: ConnectionName
    enabled: bool = True
    poll_every: PositiveDuration = timedelta(minutes=5)
    settle: Duration | None = None
    api_url: Url | None = None
    region: Country | None = None
    lines: dict[NonEmpty, Address] = Field({})
    extensions: dict[NonEmpty, Address] = Field({})


class Webhook(Section):
    """secret: what its sender knows too. Aircall's token of the webhook, RingCentral's verification token, Zoom's
    secret token, Dialpad's secret, Quo's signing secret, a header of CloudTalk's workflow, the key of pushed rows."""

    secret: Secret


class AircallDialer(DialerCommon):
    """Aircall."""

    kind: Literal["aircall"]
    api_id: NonEmpty
    api_token: Secret
    webhook: Webhook | None = None


class TwilioDialer(DialerCommon):
    """Twilio Programmable Voice."""

    kind: Literal["twilio"]
    account_sid: NonEmpty
    auth_token: Secret


class RingCentralDialer(DialerCommon):
    """RingCentral with a JWT app."""

    kind: Literal["ringcentral"]
    client_id: NonEmpty
    client_secret: Secret
    jwt: Secret
    webhook: Webhook | None = None


class JustCallDialer(DialerCommon):
    """JustCall."""

    kind: Literal["justcall"]
    api_key: Secret
    api_secret: Secret


class DialpadDialer(DialerCommon):
    """Dialpad."""

    kind: Literal["dialpad"]
    api_key: Secret
    webhook: Webhook | None = None


class ZoomPhoneDialer(DialerCommon):
    """Zoom Phone with a server-to-server app."""

    kind: Literal["zoom_phone"]
    account_id: NonEmpty
    client_id: NonEmpty
    client_secret: Secret
    accounts_url: Url | None = None
    webhook: Webhook | None = None


class QuoDialer(DialerCommon):
    """Quo."""

    kind: Literal["quo"]
    api_key: Secret
    webhook: Webhook | None = None


class CloudTalkDialer(DialerCommon):
    """CloudTalk."""

    kind: Literal["cloudtalk"]
    api_id: NonEmpty
    api_key: Secret
    webhook: Webhook | None = None


class ThreeCxDialer(DialerCommon):
    """3CX call-detail records: a file, or a pattern of files. columns: their names in 3CX's words, where the files do
    not begin with them and they are not in its usual order."""

    kind: Literal["threecx"]
    cdr: Annotated[NonEmpty, Field(repr=False)]
    columns: tuple[NonEmpty, ...] | None = None


class AsteriskDialer(DialerCommon):
    """Asterisk or FreePBX call-detail records: a file, a pattern of files, or a database URL."""

    kind: Literal["asterisk"]
    cdr: Annotated[NonEmpty, Field(repr=False)]  # a URL may hold a password


class ImportDialer(DialerCommon):
    """Any other PBX: a spool folder or one append-only file, and/or a webhook."""

    kind: Literal["import"]
    path: Path | None = None
    format: Literal["jsonl", "csv"] = "jsonl"
    webhook: Webhook | None = None


Dialer = Annotated[
    AircallDialer
    | TwilioDialer
    | RingCentralDialer
    | JustCallDialer
    | DialpadDialer
    | ZoomPhoneDialer
    | QuoDialer
    | CloudTalkDialer
    | ThreeCxDialer
    | AsteriskDialer
    | ImportDialer,
    Field(discriminator="kind"),
]
