"""The shadow: what is found under which address, and what a change of it may concern."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import date

from activity_sync.model.decisions import Lookup
from activity_sync.model.records import Address, AddressKind, Module, Record
from activity_sync.store import shadow
from activity_sync.store.database import Database
from tests.builders import a_contact, a_deal, a_lead, a_user, an_account, at
from tests.store.builders import SAM, number, row_of

LEE = Lookup(AddressKind.EMAIL, "lee@initech.example")
DOMAIN = Address(AddressKind.DOMAIN, "globex.example", "Website")
PHONE = Lookup(AddressKind.NUMBER, "+442079460958")


def _fill(database: Database, *records: Record) -> None:
    with database.transaction() as session:
        shadow.save_records(session, [row_of(record) for record in records])


def _ids(records: Sequence[Record]) -> list[str]:
    return [record.id for record in records]


def test_a_record_comes_out_as_it_went_in(database: Database) -> None:
    deal = a_deal(
        "big", owner_id="user-jo", contact_id="sam", pipeline="New", closing=date(2026, 6, 30), country="GB",
        modified=at(5), fields={"Amount": 12.5, "Tags": ["a"], "Owner": {"id": "user-jo"}, "Nothing": None},
    )  # fmt: skip
    lead = a_lead("lee", converted=True, contact_id="sam", created=at(-5))
    _fill(database, deal, lead)
    with database.reading() as session:
        assert shadow.record(session, Module.DEALS, "big") == deal
        assert shadow.records(session, Module.LEADS, ["lee", "nobody", ""]) == {"lee": lead}
        assert shadow.record(session, Module.CONTACTS, "big") is None
        assert [shadow.count(session, module) for module in (Module.DEALS, Module.LEADS, Module.CONTACTS)] == [1, 1, 0]


def test_an_address_leads_to_people_account_deals_and_the_deals_contacts(database: Database) -> None:
    sam, pat = a_contact("sam"), a_contact("pat", account_id="")
    _fill(database, sam, pat, an_account("globex"), an_account("other"), a_deal("big", contact_id="pat"),
          a_deal("lost", stage="Closed Lost"), a_deal("foreign", account_id="other"))  # fmt: skip
    with database.reading() as session:
        found = shadow.candidates(session, [SAM, LEE])
    assert found.by_address == {SAM: [sam]}
    assert list(found.accounts) == ["globex"]
    assert {account: _ids(deals) for account, deals in found.deals.items()} == {"globex": ["big", "lost"]}
    assert list(found.contacts) == ["pat"]


def test_contacts_come_before_leads_and_several_are_all_there(database: Database) -> None:
    records = [a_lead("a", email=SAM.value), a_contact("c", email=SAM.value), a_contact("b", email=SAM.value)]
    _fill(database, *records)
    with database.reading() as session:
        assert _ids(shadow.candidates(session, [SAM]).by_address[SAM]) == ["b", "c", "a"]


def test_a_domain_leads_to_its_account_and_a_mail_domain_to_the_contacts(database: Database) -> None:
    domain, mail = Lookup(AddressKind.DOMAIN, "globex.example"), Lookup(AddressKind.MAIL_DOMAIN, "globex.example")
    globex, sam = an_account("globex"), a_contact("sam", account_id="initech")
    with database.transaction() as session:
        at_work = Address(AddressKind.MAIL_DOMAIN, "globex.example", "Email")
        rows = [row_of(globex, DOMAIN), row_of(sam, at_work), row_of(an_account("initech"))]
        shadow.save_records(session, rows)
        found = shadow.candidates(session, [domain, mail])
    assert found.by_address == {domain: [globex], mail: [sam]}
    assert sorted(found.accounts) == ["globex", "initech"]


def test_a_converted_lead_brings_the_contact_that_it_became(database: Database) -> None:
    lee = a_lead("lee", converted=True, contact_id="sam")
    _fill(database, lee, a_contact("sam"), an_account("globex"), a_deal("big"))
    with database.reading() as session:
        found = shadow.candidates(session, [LEE])
    assert found.by_address == {LEE: [lee]}
    assert list(found.contacts) == ["sam"]
    assert list(found.accounts) == list(found.deals) == ["globex"]


def test_an_extension_tells_the_people_of_a_switchboard_apart(database: Database) -> None:
    with database.transaction() as session:
        rows = [
            row_of(a_contact("sam"), number(PHONE.value, "12")),
            row_of(a_contact("pat"), number(PHONE.value, "34")),
        ]
        shadow.save_records(session, rows)
        narrow = Lookup(PHONE.kind, PHONE.value, "34")
        nobody = Lookup(PHONE.kind, PHONE.value, "56")
        found = shadow.candidates(session, [PHONE, narrow, nobody]).by_address
    assert {lookup: _ids(records) for lookup, records in found.items()} == {PHONE: ["pat", "sam"], narrow: ["pat"]}


def test_one_address_in_two_fields_is_one_record(database: Database) -> None:
    with database.transaction() as session:
        twice = row_of(a_contact("sam"), number(PHONE.value), number(PHONE.value, field="Mobile"), number(PHONE.value))
        shadow.save_records(session, [twice])
        assert _ids(shadow.candidates(session, [PHONE]).by_address[PHONE]) == ["sam"]


def test_old_and_new_addresses_of_what_changed_are_told(database: Database) -> None:
    with database.transaction() as session:
        moved = Lookup(AddressKind.EMAIL, "sam@new.example")
        assert shadow.save_records(session, [row_of(a_contact("sam"))]) == {SAM}
        assert shadow.save_records(session, [row_of(a_contact("sam"))]) == frozenset()
        assert shadow.save_records(session, [row_of(a_contact("sam", email=moved.value))]) == {SAM, moved}
        assert shadow.candidates(session, [SAM]).by_address == {}
        assert shadow.save_records(session, [row_of(a_contact("sam", email=moved.value, owner_id="u"))]) == {moved}


def test_a_new_or_moved_deal_concerns_the_people_of_its_accounts(database: Database) -> None:
    _fill(database, a_contact("sam"), a_contact("lee", account_id="initech", email=LEE.value))
    with database.transaction() as session:
        shadow.save_records(session, [row_of(an_account("globex"), DOMAIN), row_of(an_account("initech"))])
        website = Lookup(AddressKind.DOMAIN, "globex.example")
        assert shadow.save_records(session, [row_of(a_deal("big"))]) == {SAM, website}
        assert shadow.save_records(session, [row_of(a_deal("big", account_id="initech"))]) == {SAM, website, LEE}
        assert shadow.forget_records(session, Module.DEALS, ["big"]) == {LEE}
        assert shadow.candidates(session, [LEE]).deals == {}


def test_a_first_load_compares_nothing_and_may_be_repeated(database: Database) -> None:
    rows = [row_of(a_contact(f"c{count}")) for count in range(2500)]
    with database.transaction() as session:
        assert shadow.save_records(session, rows, first_load=True) == frozenset()
        assert shadow.save_records(session, rows, first_load=True) == frozenset()
        assert shadow.count(session, Module.CONTACTS) == 2500


def test_what_is_forgotten_is_found_no_more_until_it_comes_back(database: Database) -> None:
    _fill(database, a_contact("sam"), an_account("globex"))
    with database.transaction() as session:
        assert shadow.forget_records(session, Module.CONTACTS, ["sam", "nobody"]) == {SAM}
        assert shadow.candidates(session, [SAM]).by_address == {}
        assert shadow.record(session, Module.CONTACTS, "sam") is None
        assert shadow.count(session, Module.CONTACTS) == 0
        assert shadow.save_records(session, [row_of(a_contact("sam"))]) == {SAM}
        assert shadow.count(session, Module.CONTACTS) == 1


def test_a_row_that_comes_as_gone_leaves_the_index(database: Database) -> None:
    _fill(database, a_contact("sam"))
    with database.transaction() as session:
        assert shadow.save_records(session, [row_of(a_contact("sam"), gone=True)]) == {SAM}
        assert shadow.save_records(session, [row_of(a_contact("sam"), gone=True)]) == frozenset()
        assert shadow.candidates(session, [SAM]).by_address == {}


def test_text_that_no_database_takes_is_stored_without_it(database: Database) -> None:
    with database.transaction() as session:
        shadow.save_records(session, [row_of(a_contact("sam", name="Zo\0e \ud83d", fields={"Note": "a\0b"}))])
        found = shadow.record(session, Module.CONTACTS, "sam")
    assert found is not None
    assert (found.name, found.fields) == ("Zoe ?", {"Note": "a\0b"})


def test_users_who_are_no_longer_listed_stay_as_inactive(database: Database) -> None:
    jo, lou = a_user("jo@acme.example", time_zone="Europe/London"), a_user("max@acme.example")
    with database.transaction() as session:
        assert shadow.save_users(session, [jo, lou])
        assert not shadow.save_users(session, [lou, jo])
        assert shadow.users_of(session) == [jo, lou]
        assert shadow.save_users(session, [jo])
        assert [(user.id, user.active) for user in shadow.users_of(session)] == [("user-jo", True), ("user-max", False)]
        assert not shadow.save_users(session, [])
        assert not shadow.save_users(session, [jo])


def test_loading_and_looking_up_take_little_time(sqlite_database: Database) -> None:
    """A generous ceiling on a tenth of the figure that was measured: it catches a lost index or a row-by-row way."""
    rows = [row_of(a_contact(f"c{count}"), Address(AddressKind.EMAIL, f"c{count}@globex.example", "Email"),
                   number(f"+4420{count:08}"), Address(AddressKind.FOLDED, f"c{count}@globex.example", "Email"))
            for count in range(10_000)]  # fmt: skip
    began = time.process_time()
    with sqlite_database.transaction() as session:
        shadow.save_records(session, rows, first_load=True)
    loaded = time.process_time()
    with sqlite_database.reading() as session:
        found = shadow.candidates(
            session, [Lookup(AddressKind.EMAIL, f"c{count}@globex.example") for count in range(500)]
        )
    assert len(found.by_address) == 500
    assert loaded - began < 5
    assert time.process_time() - loaded < 1
