"""Zoho's rows as the shadow holds them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from activity_sync.model.records import Address, AddressKind, Module
from activity_sync.zoho.countries import region_of
from activity_sync.zoho.payloads import addressing, host_of, moment_of, to_row, to_user
from activity_sync.zoho.telephone import keys_in
from tests.builders import settings

HOW = addressing(settings())


def addresses(module: Module = Module.CONTACTS, **fields: Any) -> set[tuple[str, str]]:
    row = to_row(module, {"id": "7", **fields}, HOW)
    return {(address.kind.value, address.value) for address in row.addresses}


def test_a_contact_is_found_by_every_address_it_has() -> None:
    fields = {"Email": "Sam.Doe+x@Globex.Example", "Secondary_Email": "sam@home.example", "Mobile": "07700 900123"}
    assert addresses(**fields) == {
        ("email", "sam.doe+x@globex.example"),
        ("folded", "sam.doe@globex.example"),
        ("mail_domain", "globex.example"),
        ("email", "sam@home.example"),
        ("folded", "sam@home.example"),
        ("mail_domain", "home.example"),
        ("number", "+447700900123"),
    }


def test_an_address_names_the_field_that_holds_it_and_keeps_the_extension() -> None:
    row = to_row(Module.CONTACTS, {"id": "7", "Phone": "020 7946 0100, 12"}, HOW)
    assert row.addresses == (Address(AddressKind.NUMBER, "+442079460100", "Phone", "12"),)


def test_text_that_is_no_address_gives_none() -> None:
    assert addresses(Email="n/a", Phone="ask reception", Mobile="anonymous", Other_Phone="12") == set()
    assert addresses(Module.ACCOUNTS, Website="none", Phone=None) == set()


@pytest.mark.parametrize(
    ("country", "number"),
    [("France", "+33199001234"), ("FR", "+33199001234"), ("Atlantis", "+441990012340"), (None, "+441990012340")],
)
def test_a_number_is_read_in_the_country_of_its_record(country: str | None, number: str) -> None:
    typed = "01 99 00 12 34" if number.startswith("+33") else "01990 012340"
    assert addresses(Mailing_Country=country, Phone=typed) == {("number", number)}


def test_an_account_is_found_by_its_website_and_its_number() -> None:
    fields = {"Website": "HTTPS://www.Globex.example/about", "Phone": "020 7946 0100"}
    assert addresses(Module.ACCOUNTS, **fields) == {("domain", "globex.example"), ("number", "+442079460100")}


@pytest.mark.parametrize(
    ("typed", "host"),
    [
        ("globex.example", "globex.example"),
        ("http://globex.example:8080/x?y", "globex.example"),
        ("www.bücher.example", "xn--bcher-kva.example"),
        ("10.0.0.1", ""),
        ("localhost", ""),
        ("see our shop", ""),
        ("http://[", ""),
        ("", ""),
    ],
)
def test_the_host_of_a_website_as_people_type_it(typed: str, host: str) -> None:
    assert host_of(typed) == host


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("020 7946 0100 / 020 7946 0101", ["+442079460100", "+442079460101"]),
        ("020 7946 0100; +1 415 555 0100", ["+442079460100", "+14155550100"]),
        ("020 7946 0100 or 020 7946 0101", ["+442079460100", "+442079460101"]),
        ("020/79460100", ["+442079460100"]),
        ("020 7946 0100 / 01", ["+442079460100"]),
        ("020 7946 0100", ["+442079460100"]),
        ("", []),
        ("/", []),
    ],
)
def test_several_numbers_in_one_field_are_told_apart(typed: str, found: list[str]) -> None:
    assert [e164 for e164, _ in keys_in(typed, "GB")] == found


def test_a_deal_carries_what_a_target_is_chosen_by() -> None:
    row = {
        "id": "9",
        "Deal_Name": "Big",
        "Account_Name": {"id": "1"},
        "Contact_Name": {"id": "2"},
        "Owner": {"id": "3"},
        "Stage": "Qualification",
        "Pipeline": "Standard",
        "Closing_Date": "2026-04-01",
        "Created_Time": "2026-01-01T01:00:00-08:00",
        "Modified_Time": "2026-01-02T01:00:00+05:30",
    }
    record = to_row(Module.DEALS, row, HOW).record
    assert (record.name, record.account_id, record.contact_id, record.owner_id) == ("Big", "1", "2", "3")
    assert (record.stage, record.pipeline, record.closing) == ("Qualification", "Standard", date(2026, 4, 1))
    assert record.created == datetime(2026, 1, 1, 9, tzinfo=UTC)
    assert record.modified == datetime(2026, 1, 1, 19, 30, tzinfo=UTC)


@pytest.mark.parametrize(("status", "gone"), [("Draft", True), ("Trash", True), ("Available", False), (None, False)])
def test_drafts_and_what_is_in_the_bin_are_not_there(status: str | None, gone: bool) -> None:
    assert to_row(Module.CONTACTS, {"id": "7", "Record_Status__s": status}, HOW).gone is gone


def test_a_converted_lead_leads_on_and_is_gone_when_it_leads_nowhere() -> None:
    fields = {"Converted__s": True, "Converted_Account": {"id": "1"}, "Converted_Contact": {"id": "2"}}
    row = to_row(Module.LEADS, {"id": "7", "Company": "Globex", **fields}, HOW)
    assert not row.gone
    assert (row.record.converted, row.record.account_id, row.record.contact_id) == (True, "1", "2")
    assert to_row(Module.LEADS, {"id": "7", "Company": "Globex", "Converted__s": True}, HOW).gone


@pytest.mark.parametrize("odd", [7, [], {"x": 1}, "2026-13-45", "yesterday", "2026-01-01T10:00:00", None])
def test_odd_values_fail_for_themselves_only(odd: Any) -> None:
    names = ("Email", "Owner", "Closing_Date", "Modified_Time", "Account_Name", "First_Name")
    row = to_row(Module.CONTACTS, {"id": "7", "Last_Name": "Doe", **dict.fromkeys(names, odd)}, HOW)
    assert row.record.last_name == "Doe"
    assert row.record.modified is None
    assert row.addresses == ()


def test_a_user_is_active_only_when_zoho_says_active() -> None:
    for status, active in (("active", True), ("inactive", False), ("disabled", False), (None, False)):
        assert to_user({"id": "1", "email": "Jo@Acme.example", "status": status}).active is active


@pytest.mark.parametrize(
    ("typed", "code"), [("Deutschland", "DE"), ("u.s.a.", "US"), (" gb ", "GB"), ("", ""), ("Oz", "")]
)
def test_countries_as_people_type_them(typed: str, code: str) -> None:
    assert region_of(typed) == code


def test_times_are_instants() -> None:
    assert moment_of("2026-03-02T04:00:00-08:00") == moment_of("2026-03-02T12:00:00Z")


@pytest.mark.parametrize(
    ("value", "found"), [(" AB-7 ", {"ab-7"}), (1007, {"1007"}), (7.0, {"7"}), (None, set()), ("", set()), ({}, set())]
)
def test_an_account_is_found_by_the_companys_own_id(value: Any, found: set[str]) -> None:
    how = addressing(settings(matching={"account_key": {"field": "External_ID", "from": "company_id"}}))
    row = to_row(Module.ACCOUNTS, {"id": "7", "External_ID": value}, how)
    assert {one.value for one in row.addresses if one.kind is AddressKind.ACCOUNT_KEY} == found
    assert to_row(Module.CONTACTS, {"id": "7", "External_ID": value}, how).addresses == ()
