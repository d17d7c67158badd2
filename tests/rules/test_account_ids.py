"""The account that a call names by the company's own id."""

import pytest

from activity_sync.model.decisions import Lookup
from activity_sync.model.records import AddressKind
from activity_sync.rules.lookups import lookups
from tests.builders import (
    a_call,
    a_contact,
    a_shadow,
    an_account,
    settings,
)
from tests.rules.test_matching import GLOBEX, NUMBER, TEAM, names, reasons, who

KEYED = {"matching": {"account_key": {"field": "External_ID", "from": "company_id"}}}


def keyed(value, *accounts):
    return {Lookup(AddressKind.ACCOUNT_KEY, value): list(accounts)}


def test_an_account_is_found_by_the_id_that_came_with_the_call():
    call = a_call(extra={"company_id": " AB-7 "})
    assert Lookup(AddressKind.ACCOUNT_KEY, "ab-7") in lookups(call, TEAM, settings(**KEYED))
    found = who(call, a_shadow(GLOBEX, also=keyed("ab-7", GLOBEX)), **KEYED)
    assert (names(found), found.people[0].by) == ([["globex"]], "account id")
    assert found.trace == (f"{NUMBER} is no known person, but the account Globex has company_id AB-7.",)


def test_the_account_id_comes_after_people_and_before_an_accounts_own_number():
    call, initech = a_call(extra={"company_id": "7"}), an_account("initech")
    also = keyed("7", GLOBEX)
    person = a_contact(account_id="initech")
    with_person = a_shadow(person, GLOBEX, initech, numbers={NUMBER: [person]}, also=also)
    assert names(who(call, with_person, **KEYED)) == [["sam"]]
    found = who(call, a_shadow(GLOBEX, initech, numbers={NUMBER: [initech]}, also=also), **KEYED)
    assert names(found) == [["globex"]]
    assert reasons(found)["initech"][0] is False


def test_an_account_id_of_two_accounts_tells_nothing_and_a_number_that_cannot_be_read_does_not_hide_it():
    initech = an_account("initech")
    two = a_shadow(GLOBEX, initech, also=keyed("7", GLOBEX, initech))
    found = who(a_call(extra={"company_id": "7"}), two, **KEYED)
    assert names(found) == [[]]
    assert "tells no company" in found.trace[-1]
    one = a_shadow(GLOBEX, also=keyed("7", GLOBEX))
    assert names(who(a_call(outside_number="40404", extra={"company_id": "7"}), one, **KEYED)) == [["globex"]]


@pytest.mark.parametrize("extra", [{}, {"company_id": "  "}, {"other": "7"}])
def test_a_call_without_the_account_id_asks_for_none(extra):
    asked = lookups(a_call(extra=extra), TEAM, settings(**KEYED))
    assert {one.kind for one in asked} == {AddressKind.NUMBER}
