"""Puts the company into the pretend Zoho and remembers which id each record got."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Any, Protocol

from activity_sync.simulator.world.company import Account, Contact, Deal, Lead, World


class Crm(Protocol):
    """What `populate` needs of the pretend Zoho."""

    def add_user(self, email: str, first_name: str, last_name: str, *, status: str = ..., time_zone: str = ...) -> str:
        """Add a user; gives the id."""

    def add(self, module: str, **fields: Any) -> str:
        """Add a record; gives the id."""


@dataclass(frozen=True, slots=True)
class Ids:
    """The ids that Zoho gave: users by e-mail, records by (module, name)."""

    users: Mapping[str, str] = field(default_factory=dict)
    records: Mapping[tuple[str, str], str] = field(default_factory=dict)

    def of(self, module: str, name: str) -> str:
        """The id of a record by its module and name; raises KeyError."""
        return self.records[module, name]


def populate(zoho: Crm, world: World) -> Ids:
    """Add every user and record of the world."""
    users = {
        rep.email: zoho.add_user(
            rep.email, rep.first, rep.last, status="active" if rep.active else "inactive", time_zone=rep.time_zone
        )
        for rep in world.reps
    }
    records: dict[tuple[str, str], str] = {}
    long_ago = datetime.combine(world.today - _AGE, time(), UTC)
    stamps = {"Created_Time": long_ago, "Modified_Time": long_ago}
    for module, name, owner, fields in _rows(world, records):
        records[module, name] = zoho.add(module, Owner={"id": users[owner]}, **stamps, **fields)
    return Ids(users, records)


_AGE = timedelta(days=120)
_Row = tuple[str, str, str, dict[str, Any]]


def _rows(world: World, known: Mapping[tuple[str, str], str]) -> Iterator[_Row]:
    """Module, name, owner and fields, parents first: `known` fills while this runs."""
    for account in world.accounts:
        yield "Accounts", account.name, account.owner, _given(_account(account))
    for contact in world.contacts:
        yield "Contacts", contact.name, contact.owner, _given(_contact(contact, known))
    for lead in world.leads:
        yield "Leads", lead.name, lead.owner, _given(_lead(lead))
    for deal in world.deals:
        yield "Deals", deal.name, deal.owner, _given(_deal(deal, known))


def _account(account: Account) -> dict[str, Any]:
    return {"Account_Name": account.name, "Website": account.website, "Phone": account.phone}


def _contact(contact: Contact, known: Mapping[tuple[str, str], str]) -> dict[str, Any]:
    return {
        "First_Name": contact.first,
        "Last_Name": contact.last,
        "Email": contact.email,
        "Secondary_Email": contact.secondary_email,
        "Phone": contact.phone,
        "Mobile": contact.mobile,
        "Account_Name": _reference(known, "Accounts", contact.account),
    }


def _lead(lead: Lead) -> dict[str, Any]:
    return {
        "First_Name": lead.first,
        "Last_Name": lead.last,
        "Company": lead.company,
        "Email": lead.email,
        "Phone": lead.phone,
        "Mobile": lead.mobile,
    }


def _deal(deal: Deal, known: Mapping[tuple[str, str], str]) -> dict[str, Any]:
    return {
        "Deal_Name": deal.name,
        "Stage": deal.stage,
        "Amount": deal.amount,
        "Closing_Date": deal.closing.isoformat(),
        "Account_Name": _reference(known, "Accounts", deal.account),
        "Contact_Name": _reference(known, "Contacts", deal.contact),
    }


def _reference(known: Mapping[tuple[str, str], str], module: str, name: str) -> dict[str, str] | None:
    return {"id": known[module, name]} if name else None


def _given(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value not in ("", None)}
