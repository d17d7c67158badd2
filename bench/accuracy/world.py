"""A made-up org: plain rows like Zoho's, and what happened. It knows nothing of the rules that it is to measure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from bench.accuracy.names import FIRST, LAST, WORDS
from bench.accuracy.truth import Happening, Row, Truth

NOW = datetime(2026, 3, 2, 18, 0, tzinfo=UTC)
OURS = "acme.example"
OPEN = ("Qualification", "Needs Analysis", "Proposal", "Negotiation")
CLOSED = ("Closed Won", "Closed Lost")
BOOKING_TOOL = "bookings.example"
HELPERS = 4
"""So many of ours own nothing: they come along."""


@dataclass(frozen=True, slots=True)
class Company:
    """An account's row, and the domain of its people's addresses."""

    row: Row
    domain: str

    @property
    def id(self) -> str:
        """Its id."""
        return str(self.row["id"])


class World:
    """Rows by module, contact ids with a role by deal id, our users, contacts by account id, and what happened."""

    def __init__(self, seed: int) -> None:
        self.dice = Random(seed)
        self.rows: dict[str, list[Row]] = {"Contacts": [], "Leads": [], "Accounts": [], "Deals": []}
        self.roles: dict[str, list[str]] = {}
        self.happenings: list[Happening] = []
        self.companies: list[Company] = []
        self.agencies: list[Company] = []
        self.people: dict[str, list[Row]] = {}
        self.company_of: dict[str, Company] = {}
        self.users = [{"id": f"77{n:04}", "email": f"rep{n:02}@{OURS}"} for n in range(40)]
        self._taken: set[str] = set()
        self._numbers = self._shuffled_numbers()

    # Records

    def company(self, *, website: str | None = None, domain: str = "", **fields: Any) -> Company:
        """A new account. `website`: "" leaves it empty, None takes the domain."""
        domain = domain or self.new_domain()
        site = self.dice.choice(("https://www.{}/about", "{}", "http://{}", "www.{}")).format(domain)
        name = domain.partition(".")[0].replace("-", " ").title()
        row = self._add("Accounts", Account_Name=name, Website=site if website is None else website, **fields)
        self.company_of[row["id"]] = made = Company(row, domain)
        return made

    def filled(self, company: Company, most: int = 2) -> Company:
        """The same company, with some people of its own who take no part in anything."""
        for _ in range(self.dice.randint(1, most)):
            self.contact(company)
        self.companies.append(company)
        return company

    def contact(self, company: Company | None, *, domain: str = "", **fields: Any) -> Row:
        """A new contact with an address of the company and two numbers, unless `fields` say otherwise."""
        account = {"Account_Name": {"id": company.id}} if company else {}
        first, last = self.name()
        host = domain or (company.domain if company else "gmail.com")
        usual = {"First_Name": first, "Last_Name": last, "Phone": self.number(), "Mobile": self.number()}
        if "Email" not in fields:
            usual["Email"] = self.address(first, last, host)
        person = self._add("Contacts", **{**usual, **account, **fields})
        self.people.setdefault(company.id if company else "", []).append(person)
        return person

    def lead(self, *, company: str = "", domain: str = "", **fields: Any) -> Row:
        """A new lead."""
        first, last = self.name()
        usual = {"First_Name": first, "Last_Name": last, "Company": company or "Somewhere", "Phone": self.number()}
        if "Email" not in fields:
            usual["Email"] = self.address(first, last, domain or self.new_domain())
        return self._add("Leads", **{**usual, "Converted__s": False, **fields})

    def deal(self, company: Company, *, owner: Row, contact: Row | None = None, **fields: Any) -> Row:
        """A new deal, open unless `Stage` says otherwise."""
        day = (NOW + timedelta(days=self.dice.randint(-30, 120))).date().isoformat()
        named = {"id": contact["id"]} if contact else None
        usual = {"Deal_Name": f"Deal {len(self.rows['Deals'])}", "Stage": self.dice.choice(OPEN), "Closing_Date": day}
        links = {"Account_Name": {"id": company.id}, "Contact_Name": named, "Owner": {"id": owner["id"]}}
        return self._add("Deals", **{**usual, **links, **fields})

    # What happened

    def meet(
        self,
        kind: str,
        truth: Truth,
        guests: Iterable[Row | str],
        rep: Row,
        start: datetime,
        organizer: Row | str | None = None,
    ) -> None:
        """A meeting with these people, or with these addresses; ours organises it unless somebody is named."""
        people = [self._guest(one) for one in guests]
        self.dice.shuffle(people)
        host = self._guest(organizer)[0] if organizer else rep["email"]
        helper = [self.dice.choice(self.users[-HELPERS:])["email"]] if self.dice.random() < 0.3 else []
        self.happenings.append(
            Happening(
                id=f"h{len(self.happenings)}", kind=kind, truth=truth, start=start, reps=(rep["email"], *helper),
                organizer=host, guests=tuple(people),
            )
        )  # fmt: skip

    def call(self, kind: str, truth: Truth, number: str, rep: Row, start: datetime) -> None:
        """An answered call with this number."""
        key = f"h{len(self.happenings)}"
        self.happenings.append(
            Happening(id=key, kind=kind, truth=truth, start=start, reps=(rep["email"],), number=number)
        )

    # Small things

    def user(self, but: Row | None = None) -> Row:
        """One of ours who may own deals."""
        return self.dice.choice([one for one in self.users[:-HELPERS] if one is not but])

    def name(self) -> tuple[str, str]:
        """A first and a last name: many share one."""
        return self.dice.choice(FIRST), self.dice.choice(LAST)

    def address(self, first: str, last: str, domain: str) -> str:
        """A new address."""
        for count in range(100_000):
            local = f"{first}.{last}".lower() + (str(count + self.dice.randint(1, 99)) if count else "")
            if (found := f"{local}@{domain}") not in self._taken:
                self._taken.add(found)
                return found
        raise AssertionError("no address is left")

    def new_domain(self) -> str:
        """A new domain."""
        while True:
            found = f"{self.dice.choice(WORDS)}-{self.dice.choice(WORDS)}{self.dice.randint(1, 999)}.example"
            if found not in self._taken:
                self._taken.add(found)
                return found

    def number(self) -> str:
        """A new number of the ranges for fiction, written in one of the usual ways."""
        area, line = self._numbers.pop()
        form = self.dice.choice(("+1{} 555 {}", "({}) 555-{}", "{}-555-{}", "+1-{}-555-{}", "1{}555{}"))
        return form.format(area, line)

    def days_ago(self, least: int, most: int) -> datetime:
        """A moment in the past."""
        return NOW - timedelta(days=self.dice.randint(least, most), minutes=self.dice.randint(60, 600))

    def recent(self) -> datetime:
        """When most things happen: within the last week."""
        return self.days_ago(0, 7)

    def _guest(self, one: Row | str) -> tuple[str, str]:
        if isinstance(one, str):
            return one, ""
        return one["Email"], f"{one['First_Name']} {one['Last_Name']}"

    def _add(self, module: str, **fields: Any) -> Row:
        created = fields.pop("created", None) or self.days_ago(60, 1500)
        modified = fields.pop("modified", None) or created + (NOW - created) * self.dice.random()
        while (new_id := str(self.dice.randrange(10**17, 10**18))) in self._taken:
            pass
        self._taken.add(new_id)
        times = {
            "Created_Time": created.isoformat(timespec="seconds"),
            "Modified_Time": modified.isoformat("T", "seconds"),
        }
        row = {"id": new_id, "Owner": {"id": self.user()["id"]}, **times, **fields}
        self.rows[module].append(row)
        return row

    def _shuffled_numbers(self) -> list[tuple[str, str]]:
        areas = [f"{n}" for n in range(200, 1000) if n % 100 != 11 and n // 10 % 10 != 9]
        found = [(area, f"01{line:02}") for area in areas for line in range(100)]
        self.dice.shuffle(found)
        return found


def bare(number: str) -> str:
    """A number as a dialer delivers it."""
    digits = "".join(sign for sign in number if sign.isdigit())
    return f"+{digits}" if len(digits) == 11 else f"+1{digits}"
