"""Whatever way a number is written in Zoho and whatever way it calls: the right contact, and never ourselves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import phonenumbers
import pytest
from phonenumbers import PhoneNumberFormat

from activity_sync.rules.sides import outside_number
from activity_sync.store.database import Database
from tests.builders import a_call, settings
from tests.numbers.finding import store_contacts, who_called
from tests.numbers.texts import REGIONS

FORMS = {
    "national": PhoneNumberFormat.NATIONAL,
    "international": PhoneNumberFormat.INTERNATIONAL,
    "E.164": PhoneNumberFormat.E164,
}
FIELDS = {"national": "Phone", "international": "Mobile", "E.164": "Other_Phone"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A number that libphonenumber gives as an example of a region, in all its forms."""

    id: str
    region: str
    forms: dict[str, str]


def all_examples() -> Iterator[Example]:
    kinds = {"fixed": phonenumbers.PhoneNumberType.FIXED_LINE, "mobile": phonenumbers.PhoneNumberType.MOBILE}
    for region in REGIONS:
        for kind, of_type in kinds.items():
            number = phonenumbers.example_number_for_type(region, of_type)
            if number is not None:
                forms = {name: phonenumbers.format_number(number, form) for name, form in FORMS.items()}
                yield Example(id=f"{region}-{kind}", region=region, forms=forms)


EXAMPLES = list(all_examples())


def same_number(one: Example) -> str:
    """The number whose holders cannot be told apart: a line of Argentina is the same with and without the 9."""
    return one.forms["E.164"].replace("+549", "+54", 1)


def holders(examples: Sequence[Example]) -> dict[str, set[str]]:
    """Who has each number: regions that share a country code may share an example."""
    found: dict[str, set[str]] = {}
    for one in examples:
        found.setdefault(same_number(one), set()).add(one.id)
    return found


def test_libphonenumber_has_examples_of_all_regions() -> None:
    assert {one.region for one in EXAMPLES} == set(REGIONS)
    assert len(EXAMPLES) > 450


@pytest.mark.parametrize("stored", FORMS)
def test_the_example_numbers_of_all_regions_find_their_contact(stored: str, sqlite_database: Database) -> None:
    company = settings()
    rows = [{"id": one.id, FIELDS[stored]: one.forms[stored], "Mailing_Country": one.region} for one in EXAMPLES]
    store_contacts(sqlite_database, rows, company)
    expected = holders(EXAMPLES)
    for form in FORMS:
        calls = [a_call(outside_number=one.forms[form], region=one.region, line="") for one in EXAMPLES]
        found = who_called(sqlite_database, calls, company)
        wrong = [(one, who) for one, who in zip(EXAMPLES, found, strict=True) if who != expected[same_number(one)]]
        assert wrong == [], form


@pytest.mark.parametrize("region", ["US", "DE", "IT", "MX", "BR", "AR", "RU", "HU", "SM", "NC"])
def test_the_companys_region_stands_in_when_neither_record_nor_line_says_one(
    region: str, sqlite_database: Database
) -> None:
    company = settings(default_region=region)
    local = [one for one in EXAMPLES if one.region == region]
    store_contacts(sqlite_database, [{"id": one.id, "Phone": one.forms["national"]} for one in local], company)
    calls = [a_call(outside_number=one.forms[form], line="") for one in local for form in FORMS]
    expected = holders(local)
    assert who_called(sqlite_database, calls, company) == [expected[same_number(one)] for one in local for _ in FORMS]


@pytest.mark.parametrize(
    ("region", "stored", "called"),
    [
        ("MX", "+52 1 55 1234 5678", "+525512345678"),
        ("MX", "044 55 1234 5678", "55 1234 5678"),
        ("MX", "01 55 1234 5678", "+5215512345678"),
        ("BR", "+55 11 8123-4567", "+5511981234567"),
        ("BR", "(11) 98123-4567", "1181234567"),
        ("AR", "+54 11 15 2345 6789", "+541123456789"),
        ("AR", "011 2345-6789", "+5491123456789"),
    ],
)
def test_an_old_form_and_a_new_one_are_the_same_number(
    region: str, stored: str, called: str, sqlite_database: Database
) -> None:
    company = settings(default_region=region)
    store_contacts(sqlite_database, [{"id": "sam", "Phone": stored}], company)
    assert who_called(sqlite_database, [a_call(outside_number=called, line="")], company) == [{"sam"}]


def test_an_extension_tells_the_people_of_a_switchboard_apart(sqlite_database: Database) -> None:
    rows = [{"id": name, "Phone": f"020 7946 0958 ext. {extension}"} for name, extension in (("sam", 12), ("pat", 13))]
    store_contacts(sqlite_database, rows, settings())
    numbers = ["+44 20 7946 0958 x12", "020 7946 0958;ext=13", "+442079460958", "+442079460958 x99"]
    calls = [a_call(outside_number=number) for number in numbers]
    assert who_called(sqlite_database, calls, settings()) == [{"sam"}, {"pat"}, {"sam", "pat"}, {"sam", "pat"}]


@pytest.mark.parametrize(
    "written",
    [
        "020 7946 0958 ext. 12 / 020 7946 0958 ext. 14",
        "020 7946 0958 x12, x14",
        "020 7946 0958 ext 12 or 14",
        "+44 20 7946 0958 ext. 12/14",
    ],
)
def test_one_field_may_hold_two_extensions_of_one_number(written: str, sqlite_database: Database) -> None:
    rows = [
        {"id": "sam", "Phone": written},
        {"id": "pat", "Phone": "020 7946 0958 x13"},
        {"id": "max", "Phone": "020 7946 0958"},
    ]
    store_contacts(sqlite_database, rows, settings())
    calls = [a_call(outside_number=f"+44 20 7946 0958 x{extension}") for extension in (12, 13, 14)]
    assert who_called(sqlite_database, calls, settings()) == [{"sam"}, {"pat"}, {"sam"}]


def test_each_of_several_numbers_in_one_field_finds_the_contact(sqlite_database: Database) -> None:
    store_contacts(
        sqlite_database, [{"id": "sam", "Phone": "020 7946 0958 / 07700 900123 or +14155550100"}], settings()
    )
    calls = [a_call(outside_number=number) for number in ("+442079460958", "+447700900123", "+14155550100")]
    assert who_called(sqlite_database, calls, settings()) == [{"sam"}] * 3


def test_the_region_comes_from_the_dialer_then_from_the_line_then_from_the_company() -> None:
    german = a_call(outside_number="030 123456", region="DE", line="+33199001234")
    french = a_call(outside_number="01 99 00 12 34", line="+33199001235")
    british = a_call(outside_number="07700 900123", line="main line")
    numbers = [outside_number(call, settings()).e164 for call in (german, french, british)]
    assert numbers == ["+4930123456", "+33199001234", "+447700900123"]


OURS = "020 7946 0100"
A_LINE = {"name": "pbx", "kind": "import", "path": "calls", "lines": {"020 7946 0101": "jo@acme.example"}}


@pytest.mark.parametrize(
    ("ours", "config"),
    [
        (OURS, {"team": {"domains": ["acme.example"], "numbers": [OURS]}}),
        ("+44 20 7946 0101", {"dialers": [A_LINE]}),
    ],
)
def test_a_number_of_ours_that_a_contact_has_finds_nobody(
    ours: str, config: dict[str, object], sqlite_database: Database
) -> None:
    """Also when the config learned of it after the contact was read, and no more when it has forgotten it."""
    store_contacts(sqlite_database, [{"id": "sam", "Phone": ours, "Mobile": "07700 900123"}], settings())
    call, theirs = a_call(outside_number=ours), a_call(outside_number="+447700900123")
    assert who_called(sqlite_database, [call, theirs], settings(**config)) == [set(), {"sam"}]
    assert who_called(sqlite_database, [call], settings()) == [{"sam"}]


def test_a_contact_read_while_a_number_was_ours_is_found_when_it_is_not_ours_any_more(
    sqlite_database: Database,
) -> None:
    then = settings(team={"domains": ["acme.example"], "numbers": [OURS]})
    store_contacts(sqlite_database, [{"id": "sam", "Phone": OURS}], then)
    assert who_called(sqlite_database, [a_call(outside_number=OURS)], then) == [set()]
    assert who_called(sqlite_database, [a_call(outside_number=OURS)], settings()) == [{"sam"}]
