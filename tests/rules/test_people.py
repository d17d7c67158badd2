"""Who becomes a record, and what known people get."""

from __future__ import annotations

from typing import Any

import pytest

from activity_sync.model.decisions import Candidates, Judgement, State, Surroundings
from activity_sync.model.interactions import Interaction, Privacy, Response
from activity_sync.model.records import Module, OrgFacts
from activity_sync.model.writes import Wanted
from activity_sync.rules.judgement import judge
from activity_sync.rules.named_people import mistakes_of_people
from activity_sync.rules.nobodies import nobody
from activity_sync.rules.person_sources import split_name
from tests import builders as b

LEE = b.a_person("lee.fox@newco.example", name="Lee Fox")


def judged(
    what: Interaction | None = None, *, shadow: Candidates | None = None, org: OrgFacts | None = None,
    removed: frozenset[str] = frozenset(), **settings: Any,
) -> Judgement:  # fmt: skip
    around = Surroundings(
        now=b.at(days=3), team=b.a_team(), org=org or b.an_org(), candidates=shadow or Candidates(), removed=removed
    )
    return judge(what or b.a_meeting(b.ORGANIZER, LEE), around, b.settings(**settings))


def people(found: Judgement) -> list[Wanted]:
    return [one for one in found.wanted if one.module in (Module.LEADS, Module.CONTACTS, Module.ACCOUNTS)]


def test_nobody_is_made_unless_the_admin_allows_it() -> None:
    assert judged().state is State.UNMATCHED
    (lee,) = people(judged(people={"create": "Leads"}))
    assert lee.fields["Email"] == "lee.fox@newco.example"


@pytest.mark.parametrize(
    "guest",
    [
        b.a_person("info@newco.example"),
        b.a_person("no-reply@newco.example"),
        b.a_person("fred@fireflies.ai"),
        b.a_person("x@newco.example", name="Otter Notetaker"),
        b.a_person("sales-list@newco.example"),
        b.a_person("boardroom@newco.example"),
        b.a_person("team@googlegroups.com"),
        b.a_person("lee.fox@newco.example", Response.DECLINED),
    ],
)
def test_rooms_lists_role_addresses_bots_and_those_who_declined_never_become_people(guest: Any) -> None:
    assert people(judged(b.a_meeting(b.ORGANIZER, guest, LEE), people={"create": "Leads"}))[1:] == []


@pytest.mark.parametrize("email", ["roomy@newco.example", "listerine@newco.example", "bob.hall@newco.example"])
def test_people_with_odd_names_are_people(email: str) -> None:
    assert nobody(email) == ""


def test_a_private_meeting_makes_nobody() -> None:
    private = b.a_meeting(b.ORGANIZER, LEE, privacy=Privacy.PRIVATE, title="")
    assert people(judged(private, people={"create": "Leads"}, meetings={"private": "redact"})) == []


def test_who_was_made_once_and_removed_is_not_made_again() -> None:
    (lee,) = people(judged(people={"create": "Leads"}))
    again = judged(people={"create": "Leads"}, removed=frozenset({lee.record_key}))
    assert (again.state, people(again)) == (State.UNMATCHED, [])
    assert "not made again" in " ".join(again.trace)


def test_a_contact_of_a_known_company_belongs_to_it_and_no_second_company_is_made() -> None:
    shadow = b.a_shadow(b.an_account("newco"), domains={"newco.example": [b.an_account("newco")]})
    (lee,) = people(judged(shadow=shadow, people={"create": "Contacts"}, accounts={"create": True}))
    assert (lee.module, lee.fields["Account_Name"]) == (Module.CONTACTS, {"id": "newco"})


def test_no_lead_is_made_for_somebody_of_a_known_company() -> None:
    shadow = b.a_shadow(b.an_account("newco"), domains={"newco.example": [b.an_account("newco")]})
    found = judged(shadow=shadow, people={"create": "Leads"})
    assert (people(found), found.target and found.target.account) == ([], b.an_account("newco"))


def test_an_ambiguous_domain_gets_no_third_account() -> None:
    two = [b.an_account("one"), b.an_account("two")]
    shadow = b.a_shadow(*two, domains={"newco.example": two})
    made = people(judged(shadow=shadow, people={"create": "Contacts"}, accounts={"create": True}))
    assert [one.module for one in made] == [Module.CONTACTS]


def test_values_take_the_type_of_their_field_and_what_does_not_fit_is_named() -> None:
    fields = {
        "Last_Name": b.a_field("Last_Name"), "Rating": b.a_field("Rating", picklist=("Hot", "Cold")),
        "First_Talk": b.a_field("First_Talk", data_type="date"), "Owner": b.a_field("Owner", data_type="ownerlookup"),
        "Seats": b.a_field("Seats", data_type="integer"),
    }  # fmt: skip
    org = OrgFacts(fields={**b.an_org().fields, Module.LEADS: fields})
    mapping = {"Last_Name": "last_name", "Rating": "stars", "First_Talk": "started_at", "Owner": "rep", "Seats": "size"}
    call = b.a_call(extra={"stars": "hot", "size": "many"}, outside_name="Fox, Lee")
    found = judged(call, org=org, people={"create": "Leads", "mapping": mapping, "defaults": {}})
    (lee,) = people(found)
    assert lee.fields == {
        "Last_Name": "Fox", "Rating": "Hot", "First_Talk": "2026-03-02", "Owner": {"id": "user-jo"},
    }  # fmt: skip
    assert "Seats is left out: it takes a number." in found.trace


def test_check_names_what_the_org_does_not_have_or_does_not_take() -> None:
    leads = {
        "Last_Name": b.a_field("Last_Name", mandatory=True), "Email": b.a_field("Email", data_type="email"),
        "Full_Name": b.a_field("Full_Name", read_only=True), "Rating": b.a_field("Rating", picklist=("Hot",)),
        "Region": b.a_field("Region", mandatory=True),
    }  # fmt: skip
    org = OrgFacts(fields={Module.LEADS: leads})
    asked = {
        "create": "Leads", "mapping": {"Last_Name": "last_name", "Emial": "email", "Full_Name": "full_name"},
        "defaults": {"Rating": "Hto"}, "when_exists": ["Emial"],
    }  # fmt: skip
    told = {key: (what, hint) for key, what, hint in mistakes_of_people(org, b.settings(people=asked))}
    assert told["people.mapping.Emial"] == ("Leads has no field Emial", "Did you mean Email?")
    assert "read-only" in told["people.mapping.Full_Name"][0]
    assert told["people.defaults.Rating"][1] == "Did you mean Hot?"
    assert "Region" in told["people.mapping"][0]
    assert told["people.when_exists"][1] == "Did you mean Email?"


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Lee Fox", ("Lee", "Fox")), ("Fox, Lee", ("Lee", "Fox")), ("Fox", ("", "Fox")),
        ("lee@newco.example", ("", "")),
        ("+44 20 7946", ("", "")), ("Anna Maria de Vries", ("Anna Maria de", "Vries")), ("", ("", "")),
    ],
)  # fmt: skip
def test_a_name_has_a_first_and_a_last_part(name: str, parts: tuple[str, str]) -> None:
    assert split_name(name) == parts
