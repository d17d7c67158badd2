"""Where Zoho is, how it is written to and what that may cost."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Literal

from pydantic import PlainValidator

from activity_sync.model.settings.durations import Duration, DurationOrAuto
from activity_sync.model.settings.section import Section
from activity_sync.model.settings.values import NonEmpty, Secret, Url

DataCenter = Literal["us", "eu", "in", "au", "jp", "ca", "sa", "cn", "uk"]


def _share(value: object) -> float:
    text = str(value).strip()
    try:
        share = float(text[:-1]) / 100 if text.endswith("%") else float(text)
    except ValueError:
        share = -1.0
    if isinstance(value, bool) or not 0 <= share < 1:
        raise ValueError("must be a share below 100%, such as 30%")
    return share


def _limit(value: object) -> Literal["auto"] | int:
    if value == "auto":
        return "auto"
    text = str(value).strip()
    if not text.isdecimal() or not int(text):
        raise ValueError("must be auto or a number of credits such as 20000")
    return int(text)


class Credits(Section):
    """daily_limit: credits a day; `auto`: what the org says. keep_free: 0..1, for other integrations."""

    daily_limit: Annotated[Literal["auto"] | int, PlainValidator(_limit)] = "auto"
    keep_free: Annotated[float, PlainValidator(_share)] = 0.3


class Shadow(Section):
    """How the shadow is kept fresh."""

    refresh_every: DurationOrAuto = "auto"
    full_compare: Literal["weekly", "never"] = "weekly"


class ActivityTypeField(Section):
    """The API name of the field that holds a type's name, by module."""

    Events: NonEmpty | None = None
    Calls: NonEmpty | None = None


class Zoho(Section):
    """The Zoho org. Either `data_center` or both URLs are set once the config is checked."""

    name: NonEmpty = "Zoho"
    data_center: DataCenter | None = None
    client_id: NonEmpty
    client_secret: Secret
    refresh_token: Secret | None = None
    accounts_url: Url | None = None
    api_url: Url | None = None
    write: bool = True
    run_workflows: bool = False
    key_field: NonEmpty | None = "Activity_Sync_Key"
    grace: Duration = timedelta(seconds=120)
    activity_type_field: ActivityTypeField = ActivityTypeField()
    credits: Credits = Credits()
    shadow: Shadow = Shadow()
    notifications: bool = False
