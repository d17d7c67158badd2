"""The rules that the field uses, each as plainly as it is used.

All of them know a person by the e-mail address (in any case) or by the last ten digits of the number, contacts and
leads that are not converted, and the company by the website's domain when no person is found. They differ in whom and
which deal they take when there are several.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from bench.accuracy.truth import Happening, Key, Row
from bench.accuracy.world import World

Taking = Callable[[list[Row]], Row | None]
"""Which of several records is taken; None: none of them."""


@dataclass(frozen=True, slots=True)
class Rule:
    """`person`: which of the people (or accounts) found; `deal`: which of the account's open deals."""

    name: str
    person: Taking
    deal: Taking


def first(rows: list[Row]) -> Row:
    """The lowest id."""
    return min(rows, key=lambda row: row["id"])


def modified_last(rows: list[Row]) -> Row:
    """The one that was changed last."""
    return max(rows, key=lambda row: (row["Modified_Time"], row["id"]))


def created_first(rows: list[Row]) -> Row:
    """The oldest."""
    return min(rows, key=lambda row: (row["Created_Time"], row["id"]))


def sole(rows: list[Row]) -> Row | None:
    """The only one, or none."""
    return rows[0] if len(rows) == 1 else None


RULES = (
    Rule("first found", first, first),
    Rule("last modified", modified_last, modified_last),
    Rule("oldest created", created_first, created_first),
    Rule("sole open deal or nothing", first, sole),
)
PHONES = ("Phone", "Mobile", "Home_Phone", "Other_Phone")
FREE = frozenset({"gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "yahoo.com", "icloud.com", "aol.com",
                  "gmx.de", "web.de", "laposte.net", "proton.me"})  # fmt: skip


class Crm:
    """The rows, found as a search finds them."""

    def __init__(self, world: World, ignored: Iterable[str]) -> None:
        """`ignored`: domains whose people count as not present, as the admin listed them."""
        self._ignored = frozenset(ignored)
        people = [*world.rows["Contacts"], *(row for row in world.rows["Leads"] if not row["Converted__s"])]
        self._modules = {row["id"]: module for module, rows in world.rows.items() for row in rows}
        self._accounts = {row["id"]: row for row in world.rows["Accounts"]}
        self._by_email = _index(people, lambda row: [_low(row.get("Email")), _low(row.get("Secondary_Email"))])
        numbered = [*people, *world.rows["Accounts"]]
        self._by_number = _index(numbered, lambda row: [digits(row.get(name)) for name in PHONES])
        self._by_site = _index(world.rows["Accounts"], lambda row: [_host(row.get("Website"))])
        still_open = [row for row in world.rows["Deals"] if not row["Stage"].startswith("Closed")]
        self._deals = _index(still_open, lambda row: [row["Account_Name"]["id"]])

    def asked(self, rule: Rule, happening: Happening) -> Key | None:
        """The record that a rule writes on; None: nothing is written."""
        found = self._found(happening)
        person = rule.person(found) if found else None
        if person is None:
            return None
        here = (self._modules[person["id"]], person["id"])
        account = person["id"] if here[0] == "Accounts" else (person.get("Account_Name") or {}).get("id", "")
        if account not in self._accounts:
            return here
        deals = self._deals.get(account, [])
        deal = rule.deal(deals) if deals else None
        if deal is not None:
            return ("Deals", deal["id"])
        return None if deals else ("Accounts", account)

    def _found(self, happening: Happening) -> list[Row]:
        if happening.number:
            return self._by_number.get(digits(happening.number), [])
        emails = [low for email, _ in happening.guests if _host_of(low := _low(email)) not in self._ignored]
        people = _once(row for email in emails for row in self._by_email.get(email, []))
        return people or _once(row for email in emails for row in self._of_company(email))

    def _of_company(self, email: str) -> list[Row]:
        host = _host_of(email)
        return [] if host in FREE else self._by_site.get(host, [])


def digits(number: str | None) -> str:
    """The ten digits that tell a number apart, without an extension."""
    plain = (number or "").lower().partition("ext")[0].partition("x")[0]
    return "".join(sign for sign in plain if sign.isdigit())[-10:]


def _low(text: str | None) -> str:
    return (text or "").strip().lower()


def _host_of(email: str) -> str:
    return email.partition("@")[2]


def _host(site: str | None) -> str:
    bare = _low(site).removeprefix("https://").removeprefix("http://").removeprefix("www.")
    return bare.partition("/")[0]


def _once(rows: Iterable[Row]) -> list[Row]:
    return list({row["id"]: row for row in rows}.values())


def _index(rows: Iterable[Row], keys: Callable[[Row], Iterable[str]]) -> Mapping[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        for key in {one for one in keys(row) if one}:
            found.setdefault(key, []).append(row)
    return found
