"""The made-up Microsoft tells what changed as Graph does: stubs, links, windows, and its moods."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.simulator.microsoft_tenant import DAY, HOUR, JO, NOON, WINDOW, Tenant, put


def test_delta_shows_occurrences_as_stubs_and_whole_events_otherwise(tenant: Tenant) -> None:
    put(tenant)
    tenant.simulator.put_series([JO], starts=[NOON + DAY], length=HOUR, subject="Weekly")
    found, _ = tenant.delta()
    kinds = {one["type"]: one for one in found}
    assert kinds.keys() == {"singleInstance", "seriesMaster", "occurrence"}
    stub = {"@odata.type", "@odata.etag", "id", "seriesMasterId", "type", "start", "end"}
    assert kinds["occurrence"].keys() == stub
    assert kinds["singleInstance"]["subject"] == "Demo"
    tenant.simulator.listings.masters = False
    assert "seriesMaster" not in {one["type"] for one in tenant.delta()[0]}


@pytest.mark.parametrize("spelling", ["delta", "delta()", "microsoft.graph.delta()"])
def test_delta_is_known_by_three_names(tenant: Tenant, spelling: str) -> None:
    assert "@odata.deltaLink" in tenant.get(f"users/{JO}/calendarView/{spelling}", WINDOW).json()


def test_delta_tells_changes_once_and_gives_a_new_link_each_time(tenant: Tenant) -> None:
    event_id = put(tenant)
    _, link = tenant.delta()
    assert tenant.delta(link)[0] == []
    tenant.simulator.change_event(event_id, subject="Renamed")
    found, after = tenant.delta(link)
    assert [one["subject"] for one in found] == ["Renamed"]
    assert after != link
    assert tenant.delta(after)[0] == []


def test_delta_tells_everything_outside_its_window_as_deleted(tenant: Tenant) -> None:
    prefer = 'IdType="ImmutableId"'
    moved, deleted = put(tenant), put(tenant)
    _, link = tenant.delta(prefer=prefer)
    tenant.simulator.move_event(moved, NOON + 60 * DAY)
    tenant.simulator.remove_copy(JO, deleted)
    never_inside = put(tenant, start=NOON + 90 * DAY)
    found, _ = tenant.delta(link, prefer)
    assert {one["id"]: one["@removed"]["reason"] for one in found} == dict.fromkeys((moved, deleted, never_inside), "deleted")  # fmt: skip # noqa: E501


@pytest.mark.parametrize("location", [True, False])
def test_an_old_link_is_gone_with_or_without_a_place_to_begin(tenant: Tenant, location: bool) -> None:
    tenant.simulator.listings.location = location
    _, link = tenant.delta()
    tenant.simulator.expire_delta_links()
    answer = tenant.get(link)
    assert (answer.status_code, answer.json()["error"]["code"]) == (410, "SyncStateNotFound")
    assert ("Location" in answer.headers) is location


def test_delta_may_begin_with_empty_pages_and_repeat_itself(tenant: Tenant) -> None:
    for minute in range(5):
        put(tenant, start=NOON + timedelta(minutes=minute))
    tenant.simulator.listings.empty_pages, tenant.simulator.listings.replays = 2, True
    found, link = tenant.delta(prefer="odata.maxpagesize=2")
    assert len(found) == 5
    assert tenant.delta(link)[0] == [found[-1]]


@pytest.mark.parametrize("name", ["$filter", "$orderby", "$search", "$expand"])
def test_delta_takes_no_query_options(tenant: Tenant, name: str) -> None:
    assert tenant.get(f"users/{JO}/calendarView/delta", WINDOW | {name: "x"}).status_code == 400
    assert tenant.get(f"users/{JO}/calendarView/delta", WINDOW | {"$select": "id"}).status_code == 200
