"""What really happened, beside what the CRM holds of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

Row = dict[str, Any]
"""A record as Zoho would give it: API names, lookups as {"id": ...}, times in ISO 8601."""

Key = tuple[str, str]
"""Module API name and id."""


@dataclass(frozen=True, slots=True)
class Truth:
    """What an interaction was about. `record`: the most special record; None: nobody in the CRM has to do with it.

    `account`: the id of the account of that record, "". `decidable`: the record follows from what the CRM holds, by
    the words of the matching rules. `misleading`: what follows is another record, so that no rule can be right.
    """

    record: Key | None
    account: str = ""
    decidable: bool = True
    misleading: bool = False

    def hidden(self) -> Truth:
        """The same, but it does not follow from the CRM."""
        return replace(self, decidable=False)

    def only_company(self) -> Truth:
        """The same where the company is certain, but not the person: then only the account follows."""
        return replace(self, decidable=self.record == ("Accounts", self.account))

    def misled(self) -> Truth:
        """The same where the CRM speaks for another record."""
        return replace(self, decidable=False, misleading=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """One of a `kind` of difficulty: a meeting (`guests`: address, name; `organizer`: an address) or a call (`number`).

    `reps`: addresses of ours that took part; `start`: aware, UTC.
    """

    id: str
    kind: str
    truth: Truth
    start: datetime
    reps: tuple[str, ...]
    organizer: str = ""
    guests: tuple[tuple[str, str], ...] = ()
    number: str = ""

    @property
    def kind_of(self) -> str:
        """`call` or `meeting`."""
        return "call" if self.number else "meeting"
