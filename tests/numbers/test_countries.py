"""The country of a record, however it is typed, names the region of its numbers."""

from __future__ import annotations

import pytest

from activity_sync.zoho.countries import region_of
from tests.numbers.texts import REGIONS


def test_every_region_that_libphonenumber_knows_can_be_named_by_its_code() -> None:
    assert [region_of(region) for region in REGIONS] == REGIONS
    assert [region_of(f" {region.lower()} ") for region in REGIONS] == REGIONS


@pytest.mark.parametrize(
    ("typed", "region"),
    [
        ("Côte d'Ivoire", "CI"),
        ("COTE D'IVOIRE", "CI"),
        ("Trinidad & Tobago", "TT"),
        ("méxico", "MX"),
        ("Mexico", "MX"),
        ("Österreich", "AT"),
        ("United  Kingdom", "GB"),
        ("Korea, Republic of", "KR"),
        ("U.S. Virgin Islands", "VI"),
        ("Georgia", "GE"),
        ("Niger", "NE"),
        ("Guinea", "GN"),
        ("Dominica", "DM"),
        ("Tristan da Cunha", "TA"),
        ("Atlantis", ""),
        ("", ""),
    ],
)
def test_names_of_countries(typed: str, region: str) -> None:
    assert region_of(typed) == region
