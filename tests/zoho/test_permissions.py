"""Permissions: what is asked for, what is granted, and what has to be tried to know it."""

from __future__ import annotations

import pytest

from activity_sync.simulator.clock import Clock
from activity_sync.simulator.zoho import ALL_SCOPES, ZohoSimulator
from activity_sync.zoho.scopes import console_line, lacking, probe, scopes_for
from tests.builders import settings
from tests.zoho.stage import NOW, a_stage
from tests.zoho.test_connecting import a_zoho


def test_what_is_asked_for_is_enough() -> None:
    assert lacking(console_line(a_zoho()), a_zoho()) == ()
    assert all(scope.why for scope in scopes_for(a_zoho()))


def test_a_rehearsal_asks_for_the_same_and_does_with_reading() -> None:
    zoho = settings(zoho={"client_id": "i", "client_secret": "s", "data_center": "us", "write": False}).zoho
    assert "ZohoCRM.modules.events.ALL" in console_line(zoho).split(",")
    reading = console_line(zoho).replace(".ALL", ".READ")
    assert [one.name for one in lacking(reading, zoho) if one.needed] == []
    assert [one.name for one in lacking(reading, a_zoho()) if one.needed] == [
        f"ZohoCRM.modules.{module}.ALL" for module in ("events", "calls", "tasks")
    ]


_ALL = (
    *("ZohoCRM.modules.ALL", "ZohoCRM.settings.ALL", "ZohoCRM.users.ALL", "ZohoCRM.org.ALL", "ZohoCRM.coql.READ"),
    "zohocrm.composite_requests.custom",
)
_PIECEMEAL = (
    *("ZohoCRM.modules.READ", "ZohoCRM.modules.events.WRITE", "ZohoCRM.modules.events.DELETE", *_ALL[1:]),
    *("ZohoCRM.modules.calls.ALL", "ZohoCRM.modules.tasks.CREATE"),
)
GRANTED: list[tuple[str, list[str]]] = [
    (" ".join(_ALL), []),
    (",".join(_ALL[:-1]), ["ZohoCRM.composite_requests.CUSTOM"]),
    (" ".join(_PIECEMEAL), ["ZohoCRM.modules.tasks.ALL"]),
]


@pytest.mark.parametrize(("granted", "missing"), GRANTED, ids=["all", "one less", "piecemeal"])
def test_what_the_token_lacks_is_named(granted: str, missing: list[str]) -> None:
    assert [one.name for one in lacking(granted, a_zoho()) if one.needed] == missing


LESS = [
    ("ZohoCRM.coql.READ", "ZohoCRM.coql.READ"),
    ("ZohoCRM.composite_requests.CUSTOM", "ZohoCRM.composite_requests.CUSTOM"),
    ("ZohoCRM.users.ALL", "ZohoCRM.users.READ"),
    ("ZohoCRM.apis.READ", "ZohoCRM.apis.READ"),
    ("ZohoCRM.bulk.ALL", "ZohoCRM.bulk.READ"),
    ("ZohoSearch.securesearch.READ", "ZohoSearch.securesearch.READ"),
    ("ZohoCRM.notifications.ALL", "ZohoCRM.notifications.ALL"),
]


@pytest.mark.parametrize(("without", "named"), LESS)
def test_what_the_answer_does_not_tell_is_tried(without: str, named: str) -> None:
    scopes = tuple(scope for scope in ALL_SCOPES if scope != without)
    sim = ZohoSimulator(Clock(NOW), scopes=scopes)
    sim.accounts.tells_scope = False
    notified = {"zoho": {"notifications": True}, "web": {"public_url": "https://hooks.acme.example"}}
    with a_stage(sim, **notified) as stage:
        assert [one.name for one in stage.crm.checkup.missing()] == [named]
        assert not any(sim.records(module) for module in ("Leads", "Events", "Calls", "Tasks"))


def test_reading_alone_is_found_out_by_trying() -> None:
    reading = tuple(scope.replace("modules.ALL", "modules.READ") for scope in ALL_SCOPES)
    with a_stage(ZohoSimulator(Clock(NOW), scopes=reading)) as stage:
        found = probe(stage.crm._client, stage.config.zoho)
        named = [one.name for one in found]
        assert named[:3] + named[-1:] == [
            f"ZohoCRM.modules.{name}.ALL" for name in ("events", "calls", "tasks", "leads")
        ]
        booked, charged = stage.cost()
        assert 15 < booked <= 35
        assert charged <= booked


def test_in_a_rehearsal_nothing_is_sent_that_could_write() -> None:
    with a_stage(ZohoSimulator(Clock(NOW), scopes=tuple(ALL_SCOPES)), zoho={"write": False}) as stage:
        assert probe(stage.crm._client, stage.config.zoho) == ()
        sent = {(one.method, one.path.rpartition("/")[2]) for one in stage.sim.requests if one.method != "GET"}
        assert sent == {("POST", "token"), ("POST", "coql"), ("POST", "__composite_requests")}
