import pytest
from hypothesis import given
from hypothesis import strategies as st

from activity_sync.model.decisions import Lookup
from activity_sync.model.records import AddressKind
from activity_sync.rules.domains import company_hosts
from activity_sync.rules.lookups import lookups
from activity_sync.rules.matching import match
from tests.builders import (
    ORGANIZER,
    a_call,
    a_contact,
    a_deal,
    a_lead,
    a_meeting,
    a_person,
    a_shadow,
    a_team,
    an_account,
    at,
    settings,
)

TEAM = a_team()
GLOBEX = an_account()
SAM = a_contact()
NUMBER = "+442079460958"


def who(interaction, shadow, **config):
    return match(interaction, shadow, TEAM, settings(**config))


def with_guest(email):
    return a_meeting(ORGANIZER, a_person(email))


def names(found):
    return [[record.id for record in person.records] for person in found.people]


def reasons(found):
    return {candidate.id: (candidate.kept, candidate.because) for candidate in found.candidates}


def test_a_guest_is_the_contact_with_that_very_address():
    found = who(a_meeting(), a_shadow(SAM, GLOBEX))
    assert names(found) == [["sam"]]
    assert found.people[0].account_ids == ("globex",)
    assert found.people[0].by == "e-mail address"
    assert reasons(found) == {"sam": (True, "has the e-mail address sam@globex.example")}
    assert found.trace == ("sam@globex.example is the contact Sam Poe, found by e-mail address.",)


@pytest.mark.parametrize(
    ("stored", "seen"),
    [
        ("s.a.m@gmail.com", "sam+news@googlemail.com"),
        ("sam@globex.example", "sam+acme@globex.example"),
        ("sam+crm@globex.example", "sam@globex.example"),
    ],
)
def test_an_alias_leads_to_the_mailbox_behind_it(stored, seen):
    shadow = a_shadow(a_contact(email=stored), GLOBEX)
    assert names(who(with_guest(seen), shadow)) == [["sam"]]
    assert names(who(with_guest(seen), shadow, matching={"fold_aliases": False, "match_by_domain": False})) == [[]]


def test_dots_tell_people_apart_everywhere_but_at_gmail():
    shadow = a_shadow(a_contact(email="s.am@globex.example"), GLOBEX)
    assert names(who(with_guest("sam@globex.example"), shadow, matching={"match_by_domain": False})) == [[]]


def test_a_tag_elsewhere_is_looked_behind_only_when_the_exact_address_found_nobody():
    tagged = a_contact("tag", email="sam+eu@globex.example")
    assert names(who(with_guest("sam+eu@globex.example"), a_shadow(SAM, tagged, GLOBEX))) == [["tag"]]


def test_at_gmail_all_spellings_are_one_mailbox_so_two_contacts_are_ambiguous():
    two = [a_contact("one", email="sam@gmail.com"), a_contact("two", email="s.am@gmail.com")]
    assert names(who(with_guest("sam@gmail.com"), a_shadow(*two, GLOBEX))) == [["one", "two"]]


def test_contacts_come_before_leads_and_the_lead_is_told_why():
    twin = a_lead(email="sam@globex.example")
    found = who(a_meeting(), a_shadow(SAM, twin, GLOBEX))
    assert names(found) == [["sam"]]
    kept, because = reasons(found)["lee"]
    assert not kept
    assert because == "has the e-mail address sam@globex.example, but so does a contact, and contacts come before leads"


def test_a_converted_lead_leads_to_its_contact():
    lead = a_lead(email="old@globex.example", converted=True, contact_id="sam")
    found = who(with_guest("old@globex.example"), a_shadow(SAM, lead, GLOBEX))
    assert names(found) == [["sam"]]
    assert reasons(found)["lee"] == (False, "has the e-mail address old@globex.example, but became the contact Sam Poe")


def test_a_converted_lead_whose_contact_is_unknown_leads_to_its_account_or_nowhere():
    lead = a_lead(converted=True, contact_id="gone", account_id="globex")
    assert names(who(with_guest("lee@initech.example"), a_shadow(lead, GLOBEX))) == [["globex"]]
    assert names(who(with_guest("lee@initech.example"), a_shadow(lead))) == [[]]


def test_two_contacts_of_one_account_leave_the_person_unsure_and_the_company_certain():
    other = a_contact("ann", email="sam@globex.example", modified=at())
    found = who(a_meeting(), a_shadow(SAM, other, GLOBEX))
    assert names(found) == [["ann", "sam"]]
    assert found.people[0].account_ids == ("globex",)
    assert "the company is certain" in found.trace[0]


def test_two_contacts_of_two_accounts_are_ambiguous_altogether():
    other = a_contact("ann", email="sam@globex.example", account_id="initech")
    found = who(a_meeting(), a_shadow(SAM, other, GLOBEX, an_account("initech")))
    assert found.people[0].account_ids == ("globex", "initech")


def test_a_twin_without_an_account_makes_the_company_uncertain_too():
    other = a_contact("ann", email="sam@globex.example", account_id="")
    assert who(a_meeting(), a_shadow(SAM, other, GLOBEX)).people[0].account_ids == ()


def test_a_contact_whose_account_zoho_no_longer_has_belongs_to_none():
    assert who(a_meeting(), a_shadow(SAM)).people[0].account_ids == ()


def test_an_unknown_person_counts_for_the_account_with_that_website():
    found = who(a_meeting(), a_shadow(GLOBEX, domains={"globex.example": [GLOBEX]}))
    assert (names(found), found.people[0].by) == ([["globex"]], "domain")
    off = {"match_by_domain": False}
    assert names(who(a_meeting(), a_shadow(GLOBEX, domains={"globex.example": [GLOBEX]}), matching=off)) == [[]]


def test_a_host_below_the_companys_domain_finds_the_company():
    shadow = a_shadow(GLOBEX, domains={"globex.co.uk": [GLOBEX]})
    assert names(who(with_guest("new@mail.globex.co.uk"), shadow)) == [["globex"]]


def test_without_a_website_the_one_account_of_all_known_contacts_counts():
    known = [a_contact("ann"), a_contact("bob")]
    assert names(who(with_guest("new@globex.example"), a_shadow(*known, GLOBEX))) == [["globex"]]


@pytest.mark.parametrize("account_id", ["initech", ""])
def test_contacts_of_several_accounts_or_of_none_tell_no_company(account_id):
    known = [a_contact("ann"), a_contact("bob", account_id=account_id)]
    found = who(with_guest("new@globex.example"), a_shadow(*known, GLOBEX, an_account("initech")))
    assert names(found) == [[]]


def test_an_ambiguous_website_never_matches_and_says_so():
    shadow = a_shadow(a_contact("ann"), GLOBEX, domains={"globex.example": [GLOBEX, an_account("initech")]})
    found = who(with_guest("new@globex.example"), shadow)
    assert names(found) == [[]]
    assert reasons(found)["globex"] == (False, "2 accounts go with the domain globex.example: it tells no company")


@pytest.mark.parametrize(
    "domain",
    [
        "gmail.com",
        "yahoo.co.uk",
        "guerrillamail.com",
        "mail.gmail.com",
        "privaterelay.appleid.com",
        "eu.acme.example",
        "co.uk",
        "agency.example",
    ],
)
def test_free_disposable_own_and_never_matched_domains_tell_no_company(domain):
    chosen = settings(never={"match": {"domains": ["agency.example"]}})
    assert company_hosts(f"x@{domain}", TEAM, chosen) == ()


def test_a_number_finds_its_contact_in_whatever_way_it_was_delivered():
    shadow = a_shadow(SAM, GLOBEX, numbers={NUMBER: [SAM]})
    for raw in ("020 7946 0958", "+44 (0)20 7946 0958", "0044 20 7946 0958"):
        assert names(who(a_call(outside_number=raw), shadow)) == [["sam"]]


def test_a_switchboard_number_on_many_contacts_leaves_only_the_company_certain():
    many = [a_contact(name) for name in ("ann", "bob", "cid")]
    found = who(a_call(), a_shadow(*many, GLOBEX, numbers={NUMBER: [*many, GLOBEX]}))
    assert (names(found), found.people[0].account_ids) == ([["ann", "bob", "cid"]], ("globex",))


def test_an_extension_narrows_a_switchboard_to_one_person():
    ann, bob = a_contact("ann"), a_contact("bob")
    narrow = {Lookup(AddressKind.NUMBER, NUMBER, "204"): [bob]}
    shadow = a_shadow(ann, bob, GLOBEX, numbers={NUMBER: [ann, bob]}, also=narrow)
    assert names(who(a_call(outside_number=f"{NUMBER} ext. 204"), shadow)) == [["bob"]]
    assert names(who(a_call(outside_number=f"{NUMBER} ext. 205"), shadow)) == [["ann", "bob"]]
    assert names(who(a_call(), shadow)) == [["ann", "bob"]]


def test_an_accounts_own_number_finds_the_company():
    assert names(who(a_call(), a_shadow(GLOBEX, numbers={NUMBER: [GLOBEX]}))) == [["globex"]]


def test_a_lead_with_an_accounts_number_is_the_person_and_the_account_is_not_asked():
    lead = a_lead()
    found = who(a_call(), a_shadow(lead, GLOBEX, numbers={NUMBER: [lead, GLOBEX]}))
    assert names(found) == [["lee"]]
    assert reasons(found)["globex"] == (False, f"has the number {NUMBER}, but so does a person")


def test_a_contact_and_a_foreign_account_with_one_number_are_ambiguous():
    other = an_account("initech")
    found = who(a_call(), a_shadow(SAM, GLOBEX, other, numbers={NUMBER: [SAM, other]}))
    assert found.people[0].account_ids == ("globex", "initech")


@pytest.mark.parametrize(("raw", "why"), [("40404", "too short"), ("gibberish!", "cannot be read")])
def test_a_number_that_tells_nobody_is_unknown_and_the_trace_says_why(raw, why):
    found = who(a_call(outside_number=raw), a_shadow())
    assert names(found) == [[]]
    assert why in found.trace[0]
    assert lookups(a_call(outside_number=raw), TEAM, settings()) == ()


@pytest.mark.parametrize("raw", ["anonymous", "020 7946 0100"])
def test_withheld_numbers_and_our_own_are_nobody(raw):
    team = a_team(numbers=frozenset({"+442079460100"}))
    assert match(a_call(outside_number=raw), a_shadow(), team, settings()).people == ()


def test_everything_that_matching_may_ask_for_is_looked_up():
    asked = lookups(with_guest("sam+x@mail.globex.co.uk"), TEAM, settings())
    assert {(one.kind.value, one.value) for one in asked} == {
        ("email", "sam+x@mail.globex.co.uk"),
        ("email", "sam@mail.globex.co.uk"),
        ("folded", "sam@mail.globex.co.uk"),
        ("domain", "mail.globex.co.uk"),
        ("domain", "globex.co.uk"),
        ("mail_domain", "mail.globex.co.uk"),
        ("mail_domain", "globex.co.uk"),
    }
    extended = lookups(a_call(outside_number=f"{NUMBER} x204"), TEAM, settings())
    assert [(one.value, one.extension) for one in extended] == [(NUMBER, ""), (NUMBER, "204")]


def test_ours_rooms_and_never_matched_guests_are_not_looked_up():
    people = (ORGANIZER, a_person("room@globex.example", room=True), a_person("bot@notes.example"))
    chosen = settings(never={"match": {"domains": ["notes.example"]}})
    assert lookups(a_meeting(*people), TEAM, chosen) == ()


RECORDS = [
    SAM,
    a_contact("ann", email="sam@globex.example", account_id="initech"),
    a_contact("bob"),
    a_lead(email="bob@globex.example"),
    a_lead("old", email="cid@globex.example", converted=True, contact_id="bob"),
    GLOBEX,
    an_account("initech"),
]
PEOPLE = [ORGANIZER, *(a_person(f"{name}@globex.example") for name in ("sam", "bob", "cid", "new"))]
STRANGERS = [
    a_contact("zed", email="zed@umbrella.example", account_id="umbrella"),
    a_lead("kay", email="kay@hooli.example"),
    an_account("umbrella"),
]


@given(st.permutations(RECORDS), st.permutations(PEOPLE))
def test_the_order_of_records_and_people_never_changes_a_match(records, people):
    assert who(a_meeting(*people), a_shadow(*records)) == who(a_meeting(*PEOPLE), a_shadow(*RECORDS))


@given(st.lists(st.sampled_from(STRANGERS), unique_by=lambda record: record.id))
def test_an_unrelated_record_never_changes_a_match(strangers):
    assert who(a_meeting(*PEOPLE), a_shadow(*RECORDS, *strangers)) == who(a_meeting(*PEOPLE), a_shadow(*RECORDS))


def test_a_deal_that_was_answered_tells_the_company_of_whoever_is_not_certain():
    sam = "sam@globex.example"
    answers = {
        Lookup(AddressKind.ANSWER, f"email:{one}"): [a_deal()] for one in ("new@x.example", "two@x.example", sam)
    }
    twins = [a_contact(one, email="two@x.example", account_id="") for one in ("a", "b")]
    shadow = a_shadow(SAM, GLOBEX, a_deal(), *twins, also=answers)
    for email, record in (("new@x.example", "globex"), ("two@x.example", "globex"), (sam, "sam")):
        assert names(who(with_guest(email), shadow)) == [[record]]
