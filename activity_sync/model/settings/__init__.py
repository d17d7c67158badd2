"""All settings, in the very shape of config.yaml.

Every key of the file is an attribute of the same name at the same place: `settings.zoho.credits.keep_free`.
Rules, edges and steps read these classes; `activity_sync.config` fills them and finds the mistakes.
They import nothing of ours and hold values only.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, model_validator

from activity_sync.model.settings.calendars import Calendar, GoogleCalendar, MicrosoftCalendar
from activity_sync.model.settings.calls import Calls
from activity_sync.model.settings.conditions import Span, When
from activity_sync.model.settings.countries import COUNTRIES
from activity_sync.model.settings.dialers import (
    AircallDialer,
    AsteriskDialer,
    CloudTalkDialer,
    Dialer,
    DialerCommon,
    DialpadDialer,
    ImportDialer,
    JustCallDialer,
    QuoDialer,
    RingCentralDialer,
    ThreeCxDialer,
    TwilioDialer,
    Webhook,
    ZoomPhoneDialer,
)
from activity_sync.model.settings.durations import Delay, Duration
from activity_sync.model.settings.faces import Alerts, Logging, Login, Retention, Web
from activity_sync.model.settings.follow_ups import BusinessDays, FollowUp, Hours
from activity_sync.model.settings.matching import AccountKey, DealPreference, Matching
from activity_sync.model.settings.meetings import Meetings
from activity_sync.model.settings.people import Accounts, People
from activity_sync.model.settings.screening import Never, NeverLog, NeverMatch, Segment
from activity_sync.model.settings.section import Section
from activity_sync.model.settings.team import Team
from activity_sync.model.settings.types import CATCH_ALL, ActivityType, DealStage, Then, TypeFields
from activity_sync.model.settings.values import Country, NonEmpty, Timezone
from activity_sync.model.settings.zoho import ActivityTypeField, Credits, DataCenter, Shadow, Zoho

_DATABASES = ("sqlite://", "postgresql+psycopg://")


def _database(url: str) -> str:
    if not url.startswith(_DATABASES):
        raise ValueError("must begin with sqlite:/// or postgresql+psycopg://")
    return url


def _or_catch_all(types: tuple[ActivityType, ...]) -> tuple[ActivityType, ...]:
    return types or (CATCH_ALL,)


class Settings(Section):
    """The whole config. `database` may hold a password: never print it."""

    database: Annotated[str, AfterValidator(_database), Field(repr=False)] = "sqlite:///activity-sync.db"
    timezone: Timezone
    default_region: Country
    first_sync: Duration = timedelta(days=7)
    zoho: Zoho
    team: Team
    calendars: tuple[Calendar, ...] = ()
    dialers: tuple[Dialer, ...] = ()
    meetings: Meetings = Meetings()
    calls: Calls = Calls()
    matching: Matching = Matching()
    segments: tuple[Segment, ...] = ()
    never: Never = Never()
    activity_types: Annotated[tuple[ActivityType, ...], AfterValidator(_or_catch_all)] = (CATCH_ALL,)
    follow_ups: dict[NonEmpty, FollowUp] = Field({})
    business_days: BusinessDays = BusinessDays()
    people: People = People()
    accounts: Accounts = Accounts()
    web: Web = Web()
    logging: Logging = Logging()
    alerts: Alerts = Alerts()
    retention: Retention = Retention()
    engine: Literal["embedded", "procrastinate"] = "embedded"

    @property
    def zone(self) -> ZoneInfo:
        """The company's time zone."""
        return ZoneInfo(self.timezone)

    @model_validator(mode="before")
    @classmethod
    def _holidays_of_the_region(cls, data: Any) -> Any:
        if not isinstance(data, dict) or str(data.get("default_region", "")).upper() not in COUNTRIES:
            return data
        days = data.get("business_days", {})
        if not isinstance(days, dict):
            return data
        return {**data, "business_days": {"holidays": data["default_region"], **days}}


__all__ = [
    "CATCH_ALL",
    "COUNTRIES",
    "AccountKey",
    "Accounts",
    "ActivityType",
    "ActivityTypeField",
    "AircallDialer",
    "Alerts",
    "AsteriskDialer",
    "BusinessDays",
    "Calendar",
    "Calls",
    "CloudTalkDialer",
    "Credits",
    "DataCenter",
    "DealPreference",
    "DealStage",
    "Delay",
    "Dialer",
    "DialerCommon",
    "DialpadDialer",
    "FollowUp",
    "GoogleCalendar",
    "Hours",
    "ImportDialer",
    "JustCallDialer",
    "Logging",
    "Login",
    "Matching",
    "Meetings",
    "MicrosoftCalendar",
    "Never",
    "NeverLog",
    "NeverMatch",
    "People",
    "QuoDialer",
    "Retention",
    "RingCentralDialer",
    "Section",
    "Segment",
    "Settings",
    "Shadow",
    "Span",
    "Team",
    "Then",
    "ThreeCxDialer",
    "TwilioDialer",
    "TypeFields",
    "Web",
    "Webhook",
    "When",
    "Zoho",
    "ZoomPhoneDialer",
]
