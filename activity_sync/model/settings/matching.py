"""How participants are found in Zoho and which record the activity goes on."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from activity_sync.model.settings.durations import Duration
from activity_sync.model.settings.section import Section
from activity_sync.model.settings.values import NonEmpty, over_defaults, unique

MatchedModule = Literal["Contacts", "Leads", "Accounts"]
Fields = dict[MatchedModule, tuple[NonEmpty, ...]]
DealPreference = Literal[
    "has_participant",
    "owner_attended",
    "owned_by_rep",
    "open_at_the_time",
    "closes_soonest",
    "modified_last",
    "created_last",
    "created_first",
]

_EMAIL = {"Contacts": ("Email", "Secondary_Email"), "Leads": ("Email", "Secondary_Email")}
_PHONE = {
    "Contacts": ("Phone", "Mobile", "Home_Phone", "Other_Phone", "Asst_Phone"),
    "Leads": ("Phone", "Mobile"),
    "Accounts": ("Phone",),
}
_DOMAIN = {"Accounts": ("Website",)}


class AccountKey(Section):
    """The Accounts field, and the import's key, that hold the company's own account id."""

    field: NonEmpty
    from_: Annotated[NonEmpty, Field(alias="from")]


class Matching(Section):
    """The fields are API names by module; a module that is not given keeps its default fields."""

    email_fields: Annotated[Fields, BeforeValidator(over_defaults(_EMAIL))] = Field(_EMAIL, validate_default=True)
    phone_fields: Annotated[Fields, BeforeValidator(over_defaults(_PHONE))] = Field(_PHONE, validate_default=True)
    domain_fields: Annotated[Fields, BeforeValidator(over_defaults(_DOMAIN))] = Field(_DOMAIN, validate_default=True)
    account_key: AccountKey | None = None
    match_by_domain: bool = True
    fold_aliases: bool = True
    ambiguous: Literal["certain", "best", "review"] = "certain"
    unmatched: Literal["review", "skip", "log"] = "review"
    deal_preference: Annotated[tuple[DealPreference, ...], AfterValidator(unique)] = (
        "has_participant",
        "owner_attended",
        "open_at_the_time",
    )
    include_closed: bool = False
    deal_margin: Duration = timedelta(days=14)
    retroactive: Duration = timedelta(days=30)
    adopt_existing: bool = True
