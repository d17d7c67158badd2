"""The calendar connections, told apart by `kind`."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, PlainValidator, TypeAdapter

from activity_sync.model.settings.durations import PositiveDuration
from activity_sync.model.settings.section import Section
from activity_sync.model.settings.values import Address, ConnectionName, NonEmpty, Secret, Url

_ADDRESSES: TypeAdapter[tuple[str, ...]] = TypeAdapter(tuple[Address, ...])


def _reps(value: object) -> Literal["all", "directory"] | tuple[str, ...]:
    if value == "all":
        return "all"
    if value == "directory":
        return "directory"
    if not isinstance(value, list | tuple) or not value:
        raise ValueError("must be all, directory or a list of addresses")
    return _ADDRESSES.validate_python(value)


Reps = Annotated[Literal["all", "directory"] | tuple[str, ...], PlainValidator(_reps)]


class _Calendar(Section):
    """What every calendar connection has."""

    name: ConnectionName
    enabled: bool = True
    reps: Reps = "all"
    poll_every: PositiveDuration = timedelta(minutes=5)
    push: bool = False


class GoogleCalendar(_Calendar):
    """Google Workspace. Without `service_account_file`: one person's OAuth."""

    kind: Literal["google"]
    service_account_file: Path | None = None
    api_url: Url | None = None


class MicrosoftCalendar(_Calendar):
    """Microsoft 365. Without secret and certificate: device code."""

    kind: Literal["microsoft"]
    tenant_id: NonEmpty
    client_id: NonEmpty
    client_secret: Secret | None = None
    certificate_file: Path | None = None
    authority: Url = "https://login.microsoftonline.com"
    graph_url: Url = "https://graph.microsoft.com/v1.0"


Calendar = Annotated[GoogleCalendar | MicrosoftCalendar, Field(discriminator="kind")]
