"""What the org is like."""

from __future__ import annotations

from typing import Any, Literal

import pytest

from activity_sync.model.records import Module
from activity_sync.simulator.clock import Clock
from activity_sync.simulator.zoho import ALL_SCOPES, ZohoSimulator
from activity_sync.zoho.columns import kept_fields
from activity_sync.zoho.fields import to_facts
from tests.builders import settings
from tests.zoho.stage import NOW, a_stage


@pytest.mark.parametrize("edition", ["free", "standard", "professional", "enterprise", "ultimate"])
def test_edition_and_licences_come_from_the_org(edition: Literal["free"]) -> None:
    with a_stage(ZohoSimulator(Clock(NOW), edition=edition, licences=7)) as stage:
        org = stage.learn()
        assert (org.edition, org.licences, org.company) == (edition, 7, "Acme")
        assert org.time_zone == "America/Los_Angeles"


def test_reading_the_org_costs_twelve_credits() -> None:
    with a_stage() as stage:
        stage.learn()
        assert stage.cost() == (12, 12)


def test_stages_know_their_pipeline_their_order_and_their_end() -> None:
    with a_stage() as stage:
        stage.sim.add_pipeline("Renewals", ["Qualification", "Signed off", "Closed Won"])
        stages = {(stage.pipeline, stage.name): stage for stage in stage.learn().stages}
        renewal = stages["Renewals", "Signed off"]
        assert (renewal.order, renewal.closed, renewal.won) == (2, False, False)
        won, lost = stages["Renewals", "Closed Won"], stages["Standard (Standard)", "Closed Lost"]
        assert (won.order, won.closed, won.won) == (3, True, True)
        assert (lost.closed, lost.won) == (True, False)
        assert ("Standard (Standard)", "Id. Decision Makers") in stages


def test_without_pipelines_the_layout_tells_the_stages() -> None:
    with a_stage() as stage:
        stage.sim.world.pipelines_enabled = False
        stages = stage.learn().stages
        assert [one.name for one in stages][:2] == ["Qualification", "Needs Analysis"]
        assert [one.name for one in stages if one.won] == ["Closed Won"]
        assert {one.pipeline for one in stages} == {""}


def test_without_layouts_the_picklist_and_the_names_tell_the_stages() -> None:
    scopes = tuple(scope for scope in ALL_SCOPES if scope != "ZohoCRM.settings.ALL")
    with a_stage(ZohoSimulator(Clock(NOW), scopes=(*scopes, "ZohoCRM.settings.fields.READ"))) as stage:
        stages = stage.learn().stages
        assert [one.name for one in stages if one.closed] == ["Closed Won", "Closed Lost", "Closed Lost to Competition"]
        assert [one.name for one in stages if one.won] == ["Closed Won"]
        assert [one.order for one in stages] == sorted(one.order for one in stages)


def test_the_key_field_is_known_where_it_is_and_where_it_is_unique() -> None:
    with a_stage() as stage:
        stage.sim.add_field("Events", "Activity_Sync_Key", unique=True)
        stage.sim.add_field("Calls", "Activity_Sync_Key")
        org = stage.learn()
        assert org.key_field == {"Events", "Calls"}
        assert org.key_unique == {"Events"}


def test_without_a_key_field_in_the_config_there_is_none() -> None:
    with a_stage(zoho={"key_field": None}) as stage:
        stage.sim.add_key_field()
        assert stage.learn().key_field == frozenset()


def test_a_module_that_is_missing_is_left_out() -> None:
    with a_stage() as stage:
        del stage.sim.world.modules["Leads"]
        assert "Leads" not in stage.learn().fields
        assert "Contacts" in stage.known[0].fields


def test_fields_are_told_with_type_length_and_picklist() -> None:
    with a_stage() as stage:
        fields = stage.learn().fields
        assert (fields["Events"]["Event_Title"].length, fields["Events"]["Event_Title"].mandatory) == (255, True)
        assert fields["Contacts"]["Full_Name"].read_only
        assert fields["Deals"]["Stage"].picklist[3] == "Id. Decision Makers"


def test_values_that_are_no_longer_used_are_not_offered() -> None:
    values = [
        {"actual_value": "Old", "type": "unused"},
        {"actual_value": "New", "type": "used"},
        {"display_value": "X"},
    ]
    facts = to_facts({"api_name": "Kind", "pick_list_values": values, "unique": {}, "length": None})
    assert facts.picklist == ("New", "X")
    assert not facts.unique


NAMED: list[tuple[dict[str, Any], Module, str]] = [
    ({"segments": [{"name": "A", "module": "Deals", "when": {"Type": "New"}}]}, Module.DEALS, "Type"),
    (
        {"activity_types": [{"name": "A", "when": {"record": {"Leads": {"Rating": "Hot"}}}}]},
        Module.LEADS,
        "Rating",
    ),
    ({"activity_types": [{"name": "A", "then": {"subject": "{{ deal['Next_Step'] }}"}}]}, Module.DEALS, "Next_Step"),
    ({"follow_ups": {"f": {"subject": "Call {{ contact.Title }}"}}}, Module.CONTACTS, "Title"),
    ({"matching": {"account_key": {"field": "Ext", "from": "company_id"}}}, Module.ACCOUNTS, "Ext"),
    ({"matching": {"phone_fields": {"Accounts": ["Fax"]}}}, Module.ACCOUNTS, "Fax"),
    ({"people": {"when_exists": ["Description"]}}, Module.LEADS, "Description"),
]


@pytest.mark.parametrize(("config", "module", "field"), NAMED, ids=[field for _, _, field in NAMED])
def test_the_shadow_keeps_every_field_that_the_config_names(config: dict[str, Any], module: Module, field: str) -> None:
    assert field in kept_fields(settings(**config), module)
    assert field not in kept_fields(settings(), module)
