"""What the shadow holds of Zoho: users, and the records that an interaction can go on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from activity_sync.model.learned import NOTHING_YET, Learned
from activity_sync.model.light import light_dataclass


class Module(StrEnum):
    """Zoho's modules, by API name."""

    CONTACTS = "Contacts"
    LEADS = "Leads"
    ACCOUNTS = "Accounts"
    DEALS = "Deals"
    EVENTS = "Events"
    CALLS = "Calls"
    TASKS = "Tasks"


NOUNS = {
    Module.CONTACTS: "contact",
    Module.LEADS: "lead",
    Module.ACCOUNTS: "account",
    Module.DEALS: "deal",
    Module.EVENTS: "meeting",
    Module.CALLS: "call",
    Module.TASKS: "task",
}
"""What a person calls a record of a module; a module's API name finds it too."""

NEW = "new:"
"""So begins the id of a record that is still to be made."""

SHADOWED = (Module.CONTACTS, Module.LEADS, Module.ACCOUNTS, Module.DEALS)
"""The modules whose records the shadow holds."""

ACTIVITIES = (Module.EVENTS, Module.CALLS, Module.TASKS)
"""The modules that we write."""


@light_dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """A Zoho user. `email` is comparable; an inactive one can own nothing. `time_zone` is an IANA name or ""; `role`
    the name of the role in Zoho's hierarchy."""

    id: str
    email: str
    first_name: str = ""
    last_name: str = ""
    active: bool = True
    time_zone: str = ""
    role: str = ""

    @property
    def full_name(self) -> str:
        """First and last name."""
        return f"{self.first_name} {self.last_name}".strip()


@light_dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """The Zoho user whose access we have. An administrator sees every record; others see what their role allows."""

    user: User
    administrator: bool


@light_dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A Contact, Lead, Account or Deal. Ids are text; "" where there is none.

    `account_id`: a contact's or deal's account. `contact_id`: a deal's Contact_Name. `company`: a lead's.
    `converted`: a lead that became a contact (then `account_id`, `contact_id` may lead there).
    `country`: as typed in Zoho, for the default region of its numbers. `fields`: the Zoho fields that the shadow
    keeps, as Zoho gave them, by API name.
    """

    module: Module
    id: str
    name: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    company: str = ""
    owner_id: str = ""
    account_id: str = ""
    contact_id: str = ""
    stage: str = ""
    pipeline: str = ""
    closing: date | None = None
    country: str = ""
    converted: bool = False
    created: datetime | None = None
    modified: datetime | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)


class AddressKind(StrEnum):
    """What an entry of the shadow's address index is."""

    EMAIL = "email"
    FOLDED = "folded"  # the mailbox behind an alias
    NUMBER = "number"  # E.164
    DOMAIN = "domain"  # of an account's website
    MAIL_DOMAIN = "mail_domain"  # of a contact's e-mail address
    ANSWER = "answer"  # what a person said that an address is
    ACCOUNT_KEY = "account_key"  # the company's own id of an account


@light_dataclass(frozen=True, slots=True)
class Address:
    """Where a record can be found: `value` in comparable form, `field` the Zoho field that holds it."""

    kind: AddressKind
    value: str
    field: str = ""
    extension: str = ""


@light_dataclass(frozen=True, slots=True)
class Stage:
    """A deal stage of a pipeline by its actual value. `order` counts up along the pipeline; `label`: as people see
    it."""

    name: str
    pipeline: str = ""
    order: int = 0
    closed: bool = False
    won: bool = False
    label: str = ""


@light_dataclass(frozen=True, slots=True, kw_only=True)
class FieldFacts:
    """What the org's metadata says of one field. `length` 0: unknown. `picklist`: actual values in use.

    `labels`: what people see of a value (in the org's language), and the actual value, where these differ.
    """

    api_name: str
    label: str = ""
    data_type: str = "text"
    length: int = 0
    read_only: bool = False
    mandatory: bool = False
    unique: bool = False
    picklist: tuple[str, ...] = ()
    labels: tuple[tuple[str, str], ...] = ()


@light_dataclass(frozen=True, slots=True, kw_only=True)
class OrgFacts:
    """What we know of the org, read once a day.

    `edition`: lower case ("free" ... "ultimate"). `fields`: per module API name, its fields by API name.
    `key_field`: the modules in which the configured key field exists; `key_unique`: those in which it is unique.
    `learned`: what a self-test found out. `prices`: least and most credits of the calls whose price is not the
    published one, by `METHOD path` (zoho/prices.py); None: the org's prices are not known. `clock_error`: seconds by
    which our clock was ahead of Zoho's. `missing_scopes`: permissions that the access lacks.
    """

    org_id: str = ""
    company: str = ""
    edition: str = ""
    licences: int = 0
    time_zone: str = ""
    stages: tuple[Stage, ...] = ()
    fields: Mapping[str, Mapping[str, FieldFacts]] = field(default_factory=dict)
    key_field: frozenset[str] = frozenset()
    key_unique: frozenset[str] = frozenset()
    learned: Learned = NOTHING_YET
    prices: Mapping[str, tuple[int, int]] | None = None
    clock_error: int = 0
    missing_scopes: tuple[str, ...] = ()
