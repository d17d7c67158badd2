"""Zoho's own SDK reads what the program wrote, and its published shapes hold what the program asked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.company import WRITTEN, Company
from tests.journeys.conftest import Founded
from tests.official_sdk import create, pointer, read, sign_in
from tests.zoho.test_openapi import SHAPES, fits

pytestmark = [pytest.mark.judge, pytest.mark.filterwarnings("ignore::DeprecationWarning:zohocrmsdk")]

TEXTS = ("Event_Title", "Subject", "Description", "Activity_Sync_Key", "Call_Duration", "Call_Purpose")
TIMES = ("Start_DateTime", "End_DateTime", "Call_Start_Time")
LINKS = ("Who_Id", "What_Id", "Owner")
CHOICES = ("Call_Type", "Status", "Priority")


def test_the_official_sdk_reads_every_activity_of_the_company(found: Founded, tmp_path: Path) -> None:
    company = two_rounds(found)
    sign_in(company.stage.zoho, company.stage.urls["zoho"], tmp_path)
    for module in WRITTEN:
        records = company.written(module)
        assert records
        for record in records:
            assert seen_by_sdk(read(module, int(record["id"]))) == as_it_is(record)


def test_the_official_sdk_writes_beside_the_program_and_nothing_of_it_is_touched(
    found: Founded, tmp_path: Path
) -> None:
    from zohocrmsdk.src.com.zoho.crm.api.util import Choice

    company = found(["A meeting with a contact", "A customer rings"])
    company.play_and_sync()
    before = company.counts()
    sign_in(company.stage.zoho, company.stage.urls["zoho"], tmp_path)
    start = datetime.now(UTC).replace(microsecond=0) - timedelta(days=2)
    deal = pointer(company.stage.ids.of("Deals", "Brightwater rollout"))
    times = {"Start_DateTime": start, "End_DateTime": start + timedelta(hours=1)}
    create("Events", Event_Title="By hand", What_Id=deal, **{"$se_module": "Deals"}, **times)
    create("Tasks", Subject="By hand", Status=Choice("Not Started"), What_Id=deal, **{"$se_module": "Deals"})
    create("Calls", Subject="By hand", Call_Type=Choice("Inbound"), Call_Start_Time=start, Call_Duration="01:30")
    assert company.counts() == {module: number + 1 for module, number in before.items()}
    assert not any(company.sync()["writes"].values())


@pytest.mark.skipif(not SHAPES.is_dir(), reason="Zoho's OpenAPI files are not beside the repository")
def test_every_request_of_two_rounds_is_of_the_shape_that_zoho_publishes(found: Founded) -> None:
    company = two_rounds(found)
    checked = set()
    for asked in company.stage.zoho.requests:
        path = asked.path.removeprefix("/crm/v8")
        module = path.strip("/")
        if path in ("/coql", "/__composite_requests"):
            fits(path.strip("/_").replace("_", "-"), path, "post", asked.body)
        elif module in WRITTEN and asked.method in ("POST", "PUT"):
            fits("record", "/{module}", asked.method.lower(), asked.body)
        else:
            continue
        checked.add((asked.method, path))
    assert {("POST", "/coql"), ("POST", "/__composite_requests"), ("POST", "/Events"), ("PUT", "/Events")} <= checked


def two_rounds(found: Founded) -> Company:
    """The whole company after both rounds."""
    company = found()
    company.play_and_sync(1, exit=1)
    company.play_and_sync(2)
    return company


def as_it_is(record: Mapping[str, Any]) -> dict[str, Any]:
    """A record of the pretend Zoho, as far as it is compared."""
    return {
        **{name: record.get(name) for name in (*TEXTS, *CHOICES)},
        **{name: datetime.fromisoformat(record[name]) if record.get(name) else None for name in TIMES},
        **{name: record[name]["id"] if record.get(name) else None for name in LINKS},
    }


def seen_by_sdk(values: Mapping[str, Any]) -> dict[str, Any]:
    """The same, of the SDK's objects."""
    return {
        **{name: values.get(name) for name in TEXTS},
        **{name: values[name].get_value() if values.get(name) else None for name in CHOICES},
        **{name: values.get(name) for name in TIMES},
        **{name: str(values[name].get_id()) if values.get(name) else None for name in LINKS},
    }
