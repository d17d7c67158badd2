"""Which people and companies may be created or filled in."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from activity_sync.model.settings.section import Section
from activity_sync.model.settings.values import AnyOf, FieldValue, NonEmpty, Scalar, unique

SOURCES = (
    *("email", "email_local_part", "domain", "phone", "mobile", "first_name", "last_name", "full_name", "company"),
    *("title", "kind", "direction", "source", "line", "queue", "calendar", "organizer", "rep", "started_at", "tags"),
    *("disposition", "outcome", "notes", "summary"),
)
"""Every source that is known for any interaction; a dialer's or an import's own keys come beside them."""


def _pairs(line: str) -> list[tuple[str, str]]:
    pairs = [tuple(part.strip() for part in pair.split("=", 1)) for pair in line.split(",") if pair.strip()]
    if not all(len(pair) == 2 and all(pair) for pair in pairs):
        raise ValueError('must read "Zoho_Field=source,Zoho_Field=other source"')
    return [(pair[0], pair[1]) for pair in pairs]


def _sources(value: object) -> object:
    if not isinstance(value, str):
        return value
    found: dict[str, list[str]] = {}
    for field, source in _pairs(value):
        found.setdefault(field, []).append(source)
    return found


def _constants(value: object) -> object:
    return dict(_pairs(value)) if isinstance(value, str) else value


Mapping = Annotated[dict[NonEmpty, AnyOf[NonEmpty]], BeforeValidator(_sources)]
Constants = Annotated[dict[NonEmpty, FieldValue], BeforeValidator(_constants)]


_PERSON = {
    "Last_Name": ("last_name", "email_local_part"),
    "First_Name": ("first_name",),
    "Email": ("email",),
    "Phone": ("phone", "mobile"),
    "Company": ("company", "domain"),
}
_UNKNOWN: dict[str, Scalar | tuple[Scalar, ...]] = {"Lead_Source": "Meeting", "Company": "Unknown"}
_COMPANY: dict[str, tuple[str, ...]] = {"Account_Name": ("company",), "Website": ("domain",)}


class People(Section):
    """mapping: Zoho field to the sources that are tried in order. defaults: used when all of them are empty."""

    create: Literal["none", "Leads", "Contacts"] = "none"
    unique_by: Annotated[tuple[Literal["email", "phone"], ...], AfterValidator(unique)] = ("email", "phone")
    when_exists: tuple[NonEmpty, ...] = ()
    fill_empty: bool = False
    mapping: Mapping = Field(_PERSON)
    defaults: Constants = Field(_UNKNOWN)


class Accounts(Section):
    """As `people.mapping`, for the company."""

    create: bool = False
    mapping: Mapping = Field(_COMPANY)
