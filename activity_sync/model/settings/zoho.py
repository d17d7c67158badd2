"""Where Zoho is, how it is written to and what that may cost."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, PositiveInt

from activity_sync.model.settings.durations import Duration, DurationOrAuto
from activity_sync.model.settings.section import Section
from activity_sync.model.settings.values import NonEmpty, Secret, Url

DataCenter = Literal["us", "eu", "in", "au", "jp", "ca", "sa", "cn", "uk"]


def _share(value: object) -> object:
    text = value.strip() if isinstance(value, str) else ""
    if text.endswith("%"):
        return _number(text[:-1]) / 100
    return _number(text) if text else value


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise ValueError("must be a share such as 30%") from None


def _limit(value: object) -> object:
    return None if value == "auto" else value


class Credits(Section):
    """daily_limit: credits a day, or None for what the org says. keep_free: 0..1, for other integrations."""

    daily_limit: Annotated[PositiveInt | None, BeforeValidator(_limit)] = None
    keep_free: Annotated[float, BeforeValidator(_share), Field(ge=0, lt=1)] = 0.3


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
