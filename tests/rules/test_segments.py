import pytest

from activity_sync.model.decisions import Match, Person, State, Target
from activity_sync.rules.segments import in_segment
from tests.builders import a_contact, a_deal, an_account, settings

CUSTOMERS = {"name": "Customers", "module": "Accounts", "when": {"Account_Type": ["Customer", "Partner"]}}
BIG = {"name": "Big", "module": "Deals", "when": {"Size": 3, "Region": "North"}}


def why(*segments, people=(), state=State.LOGGED, accounts=(), **target):
    ids = tuple(account.id for account in accounts)
    found = Match(people=(Person(address="sam@globex.example", records=tuple(people), account_ids=ids),))
    known = {account.id: account for account in accounts}
    return in_segment(found, Target(state=state, **target), settings(segments=list(segments)), accounts=known)


def globex(**fields):
    return an_account(fields=fields)


def test_without_segments_everybody_is_in():
    assert why() is None


@pytest.mark.parametrize("kind", ["Customer", "Partner", "partner", ["Reseller", "Customer"]])
def test_an_account_with_one_of_the_values_is_in(kind):
    assert why(CUSTOMERS, account=globex(Account_Type=kind)) is None


@pytest.mark.parametrize("kind", ["Customers", "", None, ["Reseller"]])
def test_an_account_with_none_of_the_values_is_out(kind):
    assert why(CUSTOMERS, account=globex(Account_Type=kind)) == "in none of the segments Customers"


def test_all_fields_of_a_segment_must_fit_on_one_record_and_one_segment_is_enough():
    deal = a_deal(fields={"Size": "3", "Region": "North"})
    assert why(BIG, record=deal) is None
    assert why(BIG, record=a_deal(fields={"Size": 3, "Region": "South"})) is not None
    assert why(CUSTOMERS, BIG, record=deal) is None


def test_any_matched_person_can_bring_it_in():
    vip = {"name": "VIP", "module": "Contacts", "when": {"VIP": True}}
    assert why(vip, people=[a_contact(), a_contact("ann", fields={"VIP": True})]) is None


def test_a_field_of_another_module_says_nothing():
    assert why(CUSTOMERS, people=[a_contact(fields={"Account_Type": "Customer"})]) is not None


def test_unknown_people_are_left_to_review_but_not_logged_past_a_segment():
    assert why(CUSTOMERS, state=State.UNMATCHED) is None
    assert why(CUSTOMERS, state=State.LOGGED) is not None


def test_the_account_of_anybody_there_counts_not_only_the_one_that_it_goes_on():
    ours = an_account("initech", fields={"Account_Type": "Customer"})
    assert why(CUSTOMERS, people=[a_contact()], accounts=[ours], account=globex(Account_Type="Vendor")) is None
    assert why(CUSTOMERS, people=[a_contact()], accounts=[ours], state=State.WAITING) is None


def test_a_deal_that_is_not_chosen_yet_may_still_bring_it_in():
    undecided = {"people": [a_contact()], "account": globex(Account_Type="Vendor")}
    assert why(CUSTOMERS, BIG, state=State.WAITING, **undecided) is None
    assert why(CUSTOMERS, state=State.WAITING, **undecided) is not None
