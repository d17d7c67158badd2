"""Who it is: addresses, numbers, companies, and all people of a meeting together."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from activity_sync.simulator.scenes.actions import At
from tests.journeys.company import Company
from tests.journeys.conftest import Founded
from tests.journeys.judgement.acting import Records, by_title, explained, meet, ring, where

Where = tuple[str, str, str]
MATCHING = {
    "email_fields": {"Contacts": ["Email", "Secondary_Email", "Billing_Mail"]},
    "phone_fields": {"Leads": ["Phone", "Mobile", "Office"]},
    "domain_fields": {"Accounts": ["Website", "Shop"]},
    "account_key": {"field": "Ticker_Symbol", "from": "company_id"},
}


def populated(found: Founded) -> Company:
    company = found([], matching=MATCHING)
    zoho, add = company.stage.zoho, Records(company)
    zoho.add_field("Contacts", "Billing_Mail", "email")
    zoho.add_field("Leads", "Office", "phone")
    zoho.add_field("Accounts", "Shop", "website")
    baker = add.account("Baker Street", Website="https://baker.example/", Phone="+44 20 7946 0500")
    add.contact("Bo Baker", baker, Email="BO@Baker.example", Billing_Mail="Invoices@ledger.example")
    add.contact("Tag Taggart", baker, Email="t.taggart+crm@tags.example")
    add.contact("Jim Gmail", baker, Email="j.i.m@gmail.com", Mobile="(020) 7946 0501 ext. 7")
    add.contact("Eve Gmail", baker, Mobile="+44 20 7946 0501 x 8")
    add.contact("Ute Kern", baker, Email="ute@kern.example", Phone="030 23125 100", Mailing_Country="Germany")
    add.account("Corner Shop", Shop="corner.co.uk", Ticker_Symbol="C-1")
    add.account("Double One", Website="double.example")
    add.account("Double Two", Website="www.double.example")
    sole = add.account("Sole Traders")
    add.contact("Sol One", sole, Email="one@sole.example")
    add.contact("Sol Two", sole, Email="two@sole.example")
    split, loose = add.account("Split House"), add.account("Loose House")
    add.contact("Spl One", split, Email="one@split.example")
    add.contact("Spl Two", loose, Email="two@split.example")
    add.account("Free Mail Inc", Website="gmail.com")
    add.account("Throwaway Inc", Website="mailinator.com")
    add.account("Ourselves Inc", Website="acme.example")
    add.lead("Lia Lead", Email="lia@lead.example", Office="+44 20 7946 0502")
    add.lead("Bo Baker", Email="bo@baker.example")
    went = add.lead("Wanda Went", Email="wanda@went.example")
    zoho.convert_lead(went, account=baker)
    return company


MEETINGS: dict[str, tuple[tuple[str, ...], Where]] = {
    "any case, contact before lead": (("bo@BAKER.example",), ("logged", "account Baker Street", "Bo Baker")),
    "a field of the admin's": (("invoices@ledger.example",), ("logged", "account Baker Street", "Bo Baker")),
    "dots and tags of Gmail": (("jim+x@googlemail.com",), ("logged", "account Baker Street", "Jim Gmail")),
    "a tag elsewhere": (("t.taggart+other@tags.example",), ("logged", "account Baker Street", "Tag Taggart")),
    "dots elsewhere": (("ttaggart@tags.example",), ("logged", "account Baker Street", "")),
    "a converted lead": (("wanda@went.example",), ("logged", "account Baker Street", "Wanda Went")),
    "a lead alone": (("lia@lead.example",), ("logged", "lead Lia Lead", "")),
    "a web site": (("new@baker.example",), ("logged", "account Baker Street", "")),
    "below a web site": (("new@mail.eu.baker.example",), ("logged", "account Baker Street", "")),
    "a domain field of the admin's": (("till@corner.co.uk",), ("logged", "account Corner Shop", "")),
    "a public suffix": (("other@shop.co.uk",), ("unmatched", "", "")),
    "two web sites": (("x@double.example",), ("unmatched", "", "")),
    "all known people of a domain": (("three@sole.example",), ("logged", "account Sole Traders", "")),
    "people of two accounts": (("three@split.example",), ("unmatched", "", "")),
    "free mail": (("who@gmail.com",), ("unmatched", "", "")),
    "throw-away mail": (("who@mailinator.com",), ("unmatched", "", "")),
    "most of them": (
        ("one@sole.example", "bo@baker.example", "three@sole.example"),
        ("logged", "account Sole Traders", "Sol One"),
    ),
    "as many here as there": (("one@sole.example", "bo@baker.example"), ("waiting", "", "")),
}
CALLS: dict[str, tuple[str, dict[str, Any], Where]] = {
    "a number with its extension": (
        "+442079460501;ext=7",
        {},
        ("logged", "account Baker Street", "Jim Gmail"),
    ),
    "a number of two people": ("+442079460501", {}, ("logged", "account Baker Street", "")),
    "a number of the account": ("020 7946 0500", {}, ("logged", "account Baker Street", "")),
    "a number in the record's country": ("+493023125100", {}, ("logged", "account Baker Street", "Ute Kern")),
    "a number field of the admin's": ("+442079460502", {}, ("logged", "lead Lia Lead", "")),
    "a short number": ("501", {}, ("unmatched", "", "")),
    "the company's own id": ("+442079460599", {"company_id": "c-1"}, ("logged", "account Corner Shop", "")),
}


def test_everybody_is_found_the_way_the_ladder_goes_and_nobody_is_guessed(found: Founded) -> None:
    company = populated(found)
    for title, (guests, _) in MEETINGS.items():
        meet(company, title, *guests)
    meet(company, "the organiser's", "one@sole.example", "bo@baker.example", organizer="bo@baker.example")
    for minutes, (name, (number, row, _)) in enumerate(CALLS.items()):
        ring(company, name, number, ago=timedelta(hours=3, minutes=minutes), **row)
    company.sync()
    rows = by_title([one for one in company.rows() if one["kind"] == "meeting"])
    wanted = {title: place for title, (_, place) in MEETINGS.items()}
    wanted["the organiser's"] = ("logged", "account Baker Street", "Bo Baker")
    assert {title: where(row) for title, row in rows.items()} == wanted
    calls = sorted((one for one in company.rows() if one["kind"] == "call"), key=lambda one: one["start"], reverse=True)
    assert dict(zip(CALLS, map(where, calls), strict=True)) == {name: place for name, (_, _, place) in CALLS.items()}
    tells_why(company, rows)
    without_folding_and_domains_only_the_address_itself_counts(company)


def tells_why(company: Company, rows: dict[str, dict[str, Any]]) -> None:
    told = explained(company, rows["any case, contact before lead"]["key"])
    assert "- Bo Baker (lead): has the e-mail address bo@baker.example, but so does a contact" in told
    told = explained(company, rows["two web sites"]["key"])
    assert "- Double One (account): 2 accounts go with the domain double.example: it tells no company" in told
    told = explained(company, rows["as many here as there"]["key"])
    assert "as many people are from one company as from another: Baker Street and Sole Traders" in told
    assert "one of its people had organised it" in told


def without_folding_and_domains_only_the_address_itself_counts(company: Company) -> None:
    company.configure(matching={"fold_aliases": False, "match_by_domain": False, "unmatched": "log"})
    later = {"the address": "bo@baker.example", "a tag": "bo+x@baker.example", "a site": "other@baker.example"}
    for title, guest in later.items():
        meet(company, title, guest, at=At(-1, "10:00"))
    company.sync()
    found = by_title([one for one in company.rows() if one["title"] in later])
    assert {title: where(row) for title, row in found.items()} == {
        "the address": ("logged", "account Baker Street", "Bo Baker"),
        "a tag": ("logged", "", ""),
        "a site": ("logged", "", ""),
    }
    assert [company.event(title)["What_Id"] for title in ("a tag", "a site")] == [None, None]
