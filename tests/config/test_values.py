"""What the values of the config become."""

from __future__ import annotations

from datetime import time, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from activity_sync.model.settings import COUNTRIES, Delay, Hours
from tests.config.builders import AIRCALL, GOOGLE, settings_of, told


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("90s", timedelta(seconds=90)),
        ("5m", timedelta(minutes=5)),
        ("2h", timedelta(hours=2)),
        ("30d", timedelta(days=30)),
        ("0s", timedelta(0)),
        (0, timedelta(0)),
    ],
)
def test_a_duration_becomes_a_length_of_time(tmp_path: Path, text: object, length: timedelta) -> None:
    assert settings_of(tmp_path, {"meetings.settle": text}).meetings.settle == length


@pytest.mark.parametrize("text", ["5", 5, "5 minutes", "-5m", "1.5h", "m", "", None, True, [], "99999999d"])
def test_what_is_no_duration_is_refused(tmp_path: Path, text: object) -> None:
    assert [line.split(":")[0] for line in told(tmp_path, {"meetings.settle": text})] == ["meetings.settle"]


@pytest.mark.parametrize(
    ("key", "changes"),
    [
        ("calendars[0].poll_every", {"calendars": [{**GOOGLE, "poll_every": "0s"}]}),
        ("dialers[0].poll_every", {"dialers": [{**AIRCALL, "poll_every": "0m"}]}),
        ("zoho.shadow.refresh_every", {"zoho.shadow.refresh_every": "0m"}),
        ("retention.sync_log", {"retention.sync_log": "0d"}),
        ("alerts.silent_after", {"alerts.silent_after": "0 business days"}),
    ],
)
def test_waits_that_must_be_longer_than_nothing_are(tmp_path: Path, key: str, changes: dict[str, Any]) -> None:
    (line,) = told(tmp_path, changes)
    assert line.startswith(f"{key}: must be longer than")


@pytest.mark.parametrize(
    ("text", "wait"),
    [
        ("2 days", Delay(2, "days")),
        ("1 business day", Delay(1, "business days")),
        ("4 business hours", Delay(4, "business hours")),
        ("1  Hour", Delay(1, "hours")),
        ("45 minutes", Delay(45, "minutes")),
        ("2 weeks", Delay(2, "weeks")),
        ("2h", Delay(2, "hours")),
        ("0 days", Delay(0, "days")),
    ],
)
def test_a_due_time_is_a_number_of_units(tmp_path: Path, text: str, wait: Delay) -> None:
    settings = settings_of(tmp_path, {"follow_ups.f": {"subject": "s", "due": text}})
    assert settings.follow_ups["f"].due == wait


@pytest.mark.parametrize("text", ["business days", "2 business weeks", "tomorrow", "-1 days", "3 moons", 3])
def test_a_due_time_in_other_units_is_refused(tmp_path: Path, text: object) -> None:
    assert told(tmp_path, {"follow_ups.f": {"subject": "s", "due": text}})[0].startswith("follow_ups.f.due: ")


def test_a_wait_reads_as_it_was_written() -> None:
    assert (str(Delay(1, "business days")), str(Delay(4, "business hours"))) == ("1 business day", "4 business hours")


def test_silence_is_told_after_business_days_or_a_duration(tmp_path: Path) -> None:
    assert settings_of(tmp_path, {}).alerts.silent_after == Delay(3, "business days")
    assert settings_of(tmp_path, {"alerts.silent_after": "36h"}).alerts.silent_after == timedelta(hours=36)


@pytest.mark.parametrize(("share", "kept"), [("30%", 0.3), ("0%", 0), (0.25, 0.25), ("12.5%", 0.125)])
def test_a_share_becomes_a_fraction(tmp_path: Path, share: object, kept: float) -> None:
    assert settings_of(tmp_path, {"zoho.credits.keep_free": share}).zoho.credits.keep_free == pytest.approx(kept)


@pytest.mark.parametrize("share", [30, "100%", "-1%", "many", "nan", True])
def test_what_is_no_share_is_refused(tmp_path: Path, share: object) -> None:
    assert told(tmp_path, {"zoho.credits.keep_free": share}) == [
        "zoho.credits.keep_free: must be a share below 100%, such as 30%"
    ]


def test_addresses_and_domains_are_in_lower_case(tmp_path: Path) -> None:
    settings = settings_of(
        tmp_path,
        {"team": {"domains": ["@Acme.Example"], "aliases": {"Jo@Mail.example": "JO@acme.example"}}},
    )
    assert settings.team.domains == ("acme.example",)
    assert settings.team.aliases == {"jo@mail.example": "jo@acme.example"}


def test_secrets_do_not_show(tmp_path: Path) -> None:
    settings = settings_of(
        tmp_path,
        {
            "zoho.client_secret": "hush-1",
            "dialers": [{**AIRCALL, "api_token": "hush-2"}],
            "database": "postgresql+psycopg://me:hush-3@db.example/x",
        },
    )
    assert "hush" not in repr(settings) + str(settings)
    assert settings.zoho.client_secret.get_secret_value() == "hush-1"


def test_settings_cannot_be_changed(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, {})
    with pytest.raises(ValidationError):
        settings.zoho.write = False  # type: ignore[misc]


def test_our_country_codes_are_those_of_the_time_zone_database() -> None:
    table = files("tzdata").joinpath("zoneinfo/iso3166.tab").read_text(encoding="utf-8")
    theirs = {line.split("\t")[0] for line in table.splitlines() if line and not line.startswith("#")}
    assert COUNTRIES - {"XK"} == theirs


def test_the_time_zone_is_at_hand(tmp_path: Path) -> None:
    assert settings_of(tmp_path, {}).zone == ZoneInfo("Europe/London")


@pytest.mark.parametrize("zone", ["Europe/Londn", "", "../etc/passwd", "/etc/localtime", "GMT+25:99", 5])
def test_an_unknown_time_zone_is_refused(tmp_path: Path, zone: object) -> None:
    assert told(tmp_path, {"timezone": zone})[0].startswith("timezone: must be an IANA time zone")


def test_holidays_are_those_of_the_region_unless_said_otherwise(tmp_path: Path) -> None:
    assert settings_of(tmp_path, {"default_region": "de"}).business_days.holidays == "DE"
    assert settings_of(tmp_path, {"business_days": {"holidays": None}}).business_days.holidays is None
    assert settings_of(tmp_path, {"business_days": {"holidays": "FR"}}).business_days.holidays == "FR"


def test_working_hours_are_times_of_the_day(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, {"business_days.hours": "8:00 - 16:15"})
    assert settings.business_days.hours == Hours(time(8), time(16, 15))
    for wrong in ("17:00-09:00", "09:00", "25:00-26:00", 9):
        assert told(tmp_path, {"business_days.hours": wrong}) == [
            'business_days.hours: must be hours such as "09:00-17:30"'
        ]


def test_a_mapping_may_be_a_single_line(tmp_path: Path) -> None:
    people = settings_of(
        tmp_path,
        {"people": {"mapping": "Phone=phone, Phone=mobile,Email=email", "defaults": "Company=Unknown"}},
    ).people
    assert people.mapping == {"Phone": ("phone", "mobile"), "Email": ("email",)}
    assert people.defaults == {"Company": "Unknown"}


def test_a_mapping_may_be_keys_with_one_source_or_several(tmp_path: Path) -> None:
    accounts = settings_of(tmp_path, {"accounts.mapping": {"Account_Name": "company", "Phone": ["phone", "mobile"]}})
    assert accounts.accounts.mapping == {"Account_Name": ("company",), "Phone": ("phone", "mobile")}


def test_a_broken_one_line_mapping_says_how_to_write_it(tmp_path: Path) -> None:
    assert told(tmp_path, {"people.mapping": "Phone,Email=email"}) == [
        'people.mapping: must read "Zoho_Field=source,Zoho_Field=other source"'
    ]


def test_one_value_may_stand_for_a_list_in_a_condition(tmp_path: Path) -> None:
    types = [{"name": "T", "when": {"kind": "call", "title": "demo", "record": {"Deals": {"Stage": "Won"}}}}]
    when = settings_of(tmp_path, {"activity_types": types}).activity_types[0].when
    assert (when.kind, when.title, when.record) == (("call",), ("demo",), {"Deals": {"Stage": ("Won",)}})


def test_without_activity_types_one_takes_everything(tmp_path: Path) -> None:
    cases: list[dict[str, Any]] = [{}, {"activity_types": []}]
    for changes in cases:
        (only,) = settings_of(tmp_path, changes).activity_types
        assert (only.name, only.when.model_fields_set, only.then.subject) == ("Other", set(), "{{ title }}")


def test_fields_of_modules_that_are_not_named_stay(tmp_path: Path) -> None:
    fields = settings_of(tmp_path, {"matching.phone_fields": {"Leads": ["Fax"], "Accounts": []}}).matching.phone_fields
    assert fields["Leads"] == ("Fax",)
    assert fields["Accounts"] == ()
    assert "Mobile" in fields["Contacts"]


@pytest.mark.parametrize(
    "url",
    ["http://zoho.example", "zoho.example", "https://me:pw@zoho.example", "https://zoho.example?x=1", "https://[", 5],
)
def test_a_host_needs_https_and_holds_no_password(tmp_path: Path, url: object) -> None:
    assert told(tmp_path, {"zoho.api_url": url})[0].startswith("zoho.api_url: must ")


@pytest.mark.parametrize("url", ["http://127.0.0.1:8080/", "http://localhost:8080", "http://[::1]:8080"])
def test_a_host_on_this_machine_may_do_without_https(tmp_path: Path, url: str) -> None:
    assert settings_of(tmp_path, {"zoho.api_url": url}).zoho.api_url == url.rstrip("/")
