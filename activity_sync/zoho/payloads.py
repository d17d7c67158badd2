"""Zoho's JSON to our records, with the addresses under which they are found."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from activity_sync.model.addresses import (
    comparable_domain,
    comparable_email,
    comparable_key,
    domain_of,
    folded_email,
)
from activity_sync.model.ports import ShadowRow
from activity_sync.model.records import Address, AddressKind, Module, Record, User
from activity_sync.model.settings import Settings
from activity_sync.zoho.countries import region_of
from activity_sync.zoho.telephone import keys_in

Row = Mapping[str, Any]
_NOT_LIVE = frozenset({"draft", "trash"})
_NOT_KEPT = frozenset({"id", "Modified_Time", "Record_Status__s"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressing:
    """Which fields hold addresses, by module API name, and the region of numbers without a country.

    `account_key`: the Accounts field with the company's own id; "": none.

    Our own numbers are not left out here but when a number is looked for: the config may name others tomorrow.
    """

    emails: Mapping[str, tuple[str, ...]]
    numbers: Mapping[str, tuple[str, ...]]
    domains: Mapping[str, tuple[str, ...]]
    region: str
    account_key: str = ""


def addressing(settings: Settings) -> Addressing:
    """As the config says."""
    key = settings.matching.account_key
    return Addressing(
        emails={str(module): fields for module, fields in settings.matching.email_fields.items()},
        numbers={str(module): fields for module, fields in settings.matching.phone_fields.items()},
        domains={str(module): fields for module, fields in settings.matching.domain_fields.items()},
        region=settings.default_region,
        account_key=key.field if key else "",
    )


def to_row(module: Module, row: Row, how: Addressing) -> ShadowRow:
    """A record with its addresses. Drafts and records in the bin are `gone`, and converted leads that lead nowhere:
    the others stay to lead to what they became."""
    record = to_record(module, row)
    status = text(row, "Record_Status__s").casefold()
    gone = (record.converted and not (record.contact_id or record.account_id)) or status in _NOT_LIVE
    return ShadowRow(record=record, addresses=addresses_of(record, how), gone=gone)


def addresses_of(record: Record, how: Addressing) -> tuple[Address, ...]:
    """The addresses under which a record is found, from the fields that the shadow keeps; each once."""
    return tuple(dict.fromkeys(_addresses(record, record.fields, how)))


def to_record(module: Module, row: Row) -> Record:
    """The record alone; `fields` holds every further field that was asked for, as Zoho gave it."""
    return Record(
        module=module,
        id=str(row["id"]),
        name=_NAMES[module](row),
        first_name=text(row, "First_Name"),
        last_name=text(row, "Last_Name"),
        email=comparable_email(text(row, "Email")),
        company=text(row, "Company"),
        owner_id=link(row, "Owner"),
        account_id=link(row, "Converted_Account") if module is Module.LEADS else link(row, "Account_Name"),
        contact_id=link(row, "Converted_Contact") if module is Module.LEADS else link(row, "Contact_Name"),
        stage=text(row, "Stage"),
        pipeline=text(row, "Pipeline"),
        closing=_day(row.get("Closing_Date")),
        country=_country(module, row),
        converted=row.get("Converted__s") in (True, "true"),
        created=moment_of(row.get("Created_Time")),
        modified=moment_of(row.get("Modified_Time")),
        fields={name: value for name, value in row.items() if name not in _NOT_KEPT},
    )


def to_user(row: Row) -> User:
    """A user; anything but `active` is inactive (zoho.md 6.1)."""
    return User(
        id=str(row["id"]),
        email=comparable_email(text(row, "email")),
        first_name=text(row, "first_name"),
        last_name=text(row, "last_name"),
        active=text(row, "status").casefold() == "active",
        time_zone=text(row, "time_zone"),
        role=_role(row.get("role")),
    )


def _role(value: object) -> str:
    return text(value, "name") if isinstance(value, Mapping) else value.strip() if isinstance(value, str) else ""


def bare(row: Row) -> dict[str, Any]:
    """A row of a list as a query would have given it: lookups with their ids only."""
    return {
        name: {"id": value["id"]} if isinstance(value, dict) and "id" in value else value for name, value in row.items()
    }


def text(row: Row, name: str) -> str:
    """A field as trimmed text; "" for null and for what is no text."""
    value = row.get(name)
    return value.strip() if isinstance(value, str) else ""


def link(row: Row, name: str) -> str:
    """The id in a lookup; "" without one."""
    value = row.get(name)
    if isinstance(value, Mapping):
        value = value.get("id")
    return value if isinstance(value, str) else ""


def moment_of(value: object) -> datetime | None:
    """A Zoho time in UTC; its offset follows the token user's zone, so only the instant counts."""
    if not isinstance(value, str):
        return None
    try:
        at = datetime.fromisoformat(value)
    except ValueError:
        return None
    return at.astimezone(UTC) if at.tzinfo else None


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(value[:10]) if isinstance(value, str) else None
    except ValueError:
        return None


def _person(row: Row) -> str:
    joined = f"{text(row, 'First_Name')} {text(row, 'Last_Name')}".strip()
    return text(row, "Full_Name") or joined


_NAMES: dict[Module, Callable[[Row], str]] = {
    Module.CONTACTS: _person,
    Module.LEADS: _person,
    Module.ACCOUNTS: lambda row: text(row, "Account_Name"),
    Module.DEALS: lambda row: text(row, "Deal_Name"),
}
_COUNTRIES = {
    Module.CONTACTS: ("Mailing_Country", "Other_Country"),
    Module.LEADS: ("Country",),
    Module.ACCOUNTS: ("Billing_Country", "Shipping_Country"),
}


def _country(module: Module, row: Row) -> str:
    return next((said for name in _COUNTRIES.get(module, ()) if (said := text(row, name))), "")


def _addresses(record: Record, row: Row, how: Addressing) -> Iterator[Address]:
    module = str(record.module)
    for name in how.emails.get(module, ()):
        for email in _emails(text(row, name)):
            yield from _of_email(record.module, email, name)
    region = region_of(record.country) or how.region
    for name in how.numbers.get(module, ()):
        for e164, extension in keys_in(text(row, name), region):
            yield Address(AddressKind.NUMBER, e164, name, extension)
    for name in how.domains.get(module, ()):
        if host := host_of(text(row, name)):
            yield Address(AddressKind.DOMAIN, host, name)
    if record.module is Module.ACCOUNTS and how.account_key and (own := comparable_key(row.get(how.account_key))):
        yield Address(AddressKind.ACCOUNT_KEY, own, how.account_key)


def _emails(typed: str) -> list[str]:
    pieces = typed.replace(";", " ").replace(",", " ").split()
    return [email for piece in pieces if (email := comparable_email(piece))]


def _of_email(module: Module, email: str, name: str) -> Iterator[Address]:
    yield Address(AddressKind.EMAIL, email, name)
    yield Address(AddressKind.FOLDED, folded_email(email), name)
    if module is Module.CONTACTS:
        yield Address(AddressKind.MAIL_DOMAIN, domain_of(email), name)


def host_of(website: str) -> str:
    """The host of a website as typed, comparable, without `www.`; "" when there is none."""
    if not website or " " in website:
        return ""
    try:
        host = urlsplit(website if "://" in website else f"//{website}").hostname or ""
    except ValueError:
        return ""
    host = comparable_domain(host).removeprefix("www.")
    return host if "." in host and not _is_ip(host) else ""


def _is_ip(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
