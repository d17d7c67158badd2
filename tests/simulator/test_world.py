"""The made-up company."""

from __future__ import annotations

from collections import Counter
from datetime import date
from functools import cache

import phonenumbers
import pytest

from activity_sync.simulator.world import World, make_world, populate
from activity_sync.simulator.zoho import ZohoSimulator

TODAY = date(2026, 3, 9)


@cache
def world() -> World:
    return make_world(TODAY)


def test_the_same_day_and_seed_make_the_same_company() -> None:
    assert make_world(TODAY) == world()
    assert make_world(TODAY, seed=8) != world()


def test_the_company_has_the_promised_size() -> None:
    assert len(world().accounts) == 40
    assert len(world().contacts) + len(world().leads) == 300
    assert [rep.active for rep in world().reps[:6]].count(False) == 1
    assert len({rep.time_zone for rep in world().reps}) > 2


@pytest.mark.parametrize("module", ["accounts", "contacts", "leads", "deals"])
def test_names_are_unique_within_a_module(module: str) -> None:
    names = [record.name for record in getattr(world(), module)]
    assert len(set(names)) == len(names)


def test_every_number_is_possible_and_from_a_fiction_range() -> None:
    people = (*world().accounts, *world().contacts, *world().leads)
    for text in filter(None, (getattr(one, name, "") for one in people for name in ("phone", "mobile"))):
        number = phonenumbers.parse(text, "GB")
        assert phonenumbers.is_possible_number(number), text
        assert str(number.national_number).startswith(("7700900", "1632960", "2079460")), text


def test_every_address_is_an_example_or_too_short_to_be_anybodys() -> None:
    people = (*world().contacts, *world().leads)
    for email in filter(None, (getattr(one, name, "") for one in people for name in ("email", "secondary_email"))):
        local, _, domain = email.partition("@")
        assert domain.lower().endswith(".example") or (domain == "gmail.com" and len(local) < 6), email


def test_the_awkward_records_are_there() -> None:
    contacts, leads = world().contacts, world().leads
    open_deals = Counter(deal.account for deal in world().deals if not deal.stage.startswith("Closed"))
    assert [one for one in contacts if not one.account]
    assert {one.email for one in contacts} & {one.email for one in leads}
    assert max(open_deals.values()) >= 2
    digits = Counter(phonenumbers.parse(one.phone, "GB").national_number for one in contacts if one.phone)
    assert max(digits.values()) >= 3


def test_populating_remembers_every_id_by_name() -> None:
    zoho = ZohoSimulator()
    ids = populate(zoho, world())
    deal = zoho.record("Deals", ids.of("Deals", "Brightwater rollout"))
    assert deal["Account_Name"]["id"] == ids.of("Accounts", "Brightwater Foods")
    assert deal["Contact_Name"]["id"] == ids.of("Contacts", "Nora Quill")
    assert deal["Owner"]["email"] == "jo@acme.example"
    assert zoho.record("Contacts", ids.of("Contacts", "Ada Reyes (2)"))["Last_Name"] == "Reyes"
    for module in ("Accounts", "Contacts", "Leads", "Deals"):
        assert len(zoho.records(module)) == len(getattr(world(), module.lower()))
