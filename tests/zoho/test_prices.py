"""The org's own prices, and what is booked for them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from activity_sync.model.records import Module
from activity_sync.simulator.clock import Clock
from activity_sync.simulator.zoho import ALL_SCOPES, ZohoSimulator, gate
from activity_sync.simulator.zoho.routes import ROUTES
from activity_sync.zoho.client import Call
from activity_sync.zoho.prices import booked
from tests.zoho.stage import NOW, a_row, a_stage


def test_an_org_with_the_published_prices_has_none_that_differ() -> None:
    with a_stage() as stage:
        assert stage.learn().prices == {}


def test_an_org_that_does_not_tell_its_prices_has_the_published_ones() -> None:
    scopes = tuple(scope for scope in ALL_SCOPES if "apis" not in scope)
    with a_stage(ZohoSimulator(Clock(NOW), scopes=scopes)) as stage:
        assert stage.learn().prices is None


def test_a_dearer_call_is_booked_as_dear(monkeypatch: pytest.MonkeyPatch) -> None:
    dear = [replace(one, price=4) if one.template == "/crm/v8/users" else one for one in ROUTES]
    monkeypatch.setattr("activity_sync.simulator.zoho.routes.ROUTES", dear)
    monkeypatch.setattr(gate, "ROUTES", dear)
    with a_stage() as stage:
        stage.crm.users()
        assert stage.cost() == (1, 4)
        assert stage.learn().prices == {"GET /crm/v8/users": (4, 4)}
        stage.cost()
        stage.crm.users()
        assert stage.cost() == (4, 4)


ODD: list[Any] = [
    {"__apis": [{"path": None}, {"path": "/crm/v8/users"}, {"path": "/crm/v8/org", "operation_types": [7, {}]}]},
    {"__apis": []},
]


@pytest.mark.parametrize("body", ODD)
def test_odd_price_lists_change_nothing(body: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from activity_sync.simulator.zoho.refusals import Answer

    monkeypatch.setattr(gate, "list_apis", lambda *_: Answer(200, body))
    with a_stage() as stage:
        assert not stage.learn().prices
        stage.cost()
        stage.crm.users()
        assert stage.cost() == (1, 1)


DEAR = {
    "POST /crm/v8/coql": (2, 6),
    "POST /crm/v8/Events": (2, 20),
    "GET /crm/v8/Leads/deleted": (5, 5),
    "POST /crm/bulk/v8/read": (40, 40),
    "GET /crm/v8/Deals/#/Contact_Roles": (2, 2),
}
BOOKED = [
    ("POST", "/coql", 1, 2),
    ("POST", "/coql", 2, 4),
    ("POST", "/coql", 3, 6),
    ("POST", "/Events", 1, 2),
    ("POST", "/Events", 5, 10),
    ("POST", "/Events", 10, 20),
    ("POST", "/Calls", 7, 7),
    ("GET", "/Leads/deleted", 2, 5),
    ("GET", "/Contacts/deleted", 2, 2),
    ("GET", "/Deals/5725767000000000123/Contact_Roles", 1, 2),
    ("GET", "/users", 1, 1),
    ("POST", "/coql", 0, 0),
]


@pytest.mark.parametrize(("method", "path", "usual", "price"), BOOKED)
def test_a_price_keeps_its_place_between_least_and_most(method: str, path: str, usual: int, price: int) -> None:
    call = Call(method=method, path=path, what="", credits=usual)
    assert booked(call, DEAR) == price
    assert booked(call, None) == booked(call, {}) == usual


def test_writes_are_booked_at_the_prices_of_the_org() -> None:
    with a_stage() as stage:
        stage.known[:] = [replace(stage.learn(), prices={"POST /crm/v8/Events": (3, 30)})]
        stage.ledger.booked.clear()
        stage.crm.send([a_row(number, Module.EVENTS) for number in range(1, 12)])
        assert stage.ledger.booked == [("writing", 6, "create Events")]
