"""What people do, in a line each, and what the program says of it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from activity_sync.simulator.scenes.actions import At, PutMeeting
from activity_sync.simulator.world.cast import JO
from tests.journeys.company import Company

BEFORE = At(-2, "10:00")
_NUMBERS = count(1)


@dataclass(frozen=True, slots=True)
class Records:
    """People and companies in Zoho; each call adds one and gives its id."""

    company: Company

    def account(self, name: str, **fields: Any) -> str:
        return self._add("Accounts", Account_Name=name, **fields)

    def contact(self, name: str, account: str = "", **fields: Any) -> str:
        first, _, last = name.partition(" ")
        linked = {"Account_Name": {"id": account}} if account else {}
        return self._add("Contacts", First_Name=first, Last_Name=last, **linked, **fields)

    def lead(self, name: str, **fields: Any) -> str:
        first, _, last = name.partition(" ")
        return self._add("Leads", First_Name=first, Last_Name=last, **{"Company": "Somewhere", **fields})

    def deal(self, name: str, account: str, **fields: Any) -> str:
        usual = {"Account_Name": {"id": account}, "Stage": "Qualification"}
        return self._add("Deals", Deal_Name=name, **{**usual, **fields})

    def of(self, module: str, name: str) -> str:
        """The id of somebody of the made-up company."""
        return self.company.stage.ids.of(module, name)

    def user(self, email: str) -> dict[str, str]:
        """For `Owner`."""
        return {"id": self.company.stage.ids.users[email]}

    def _add(self, module: str, **fields: Any) -> str:
        long_ago = self.company.stage.now - timedelta(days=120)
        return self.company.stage.zoho.add(module, **{"Created_Time": long_ago, "Modified_Time": long_ago, **fields})


def meet(
    company: Company, title: str, *guests: str, reps: Sequence[str] = (JO,), at: At = BEFORE, **more: Any
) -> None:  # fmt: skip
    """A meeting in the calendars of `reps`; `more`: as in `PutMeeting`."""
    company.stage._players.play(PutMeeting(title=title, at=at, reps=tuple(reps), guests=guests, **more))


def event_of(company: Company, title: str) -> str:
    """The id of a meeting at the calendar's vendor."""
    return company.stage._players.events[title]


def ring(company: Company, name: str, number: str, *, ago: timedelta = timedelta(hours=3), **row: Any) -> None:
    """A call that the other telephone system delivers: inbound, answered by Jo, a minute long, unless `row` says
    otherwise; None takes a key away."""
    inbound = row.get("direction", "inbound") == "inbound"
    usual = {
        "id": name,
        "started_at": (company.stage.now.replace(microsecond=0) - ago).isoformat(),
        "direction": "inbound",
        "from": number if inbound else "+442079460100",
        "to": "+442079460100" if inbound else number,
        "talk_seconds": 60,
        "outcome": "answered",
        "rep_email": JO,
    }
    spool = company.config.parent / "spool" / "calls"
    spool.mkdir(parents=True, exist_ok=True)
    line = json.dumps({key: value for key, value in {**usual, **row}.items() if value is not None})
    fresh = spool / f"{next(_NUMBERS)}.tmp"
    fresh.write_text(line + "\n", encoding="utf-8")
    fresh.rename(fresh.with_suffix(".jsonl"))


def by_title(rows: Sequence[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """ROWs by what a listing calls them; each title once."""
    found = {row["title"]: row for row in rows}
    assert len(found) == len(rows), sorted(str(row["title"]) for row in rows)
    return found


def previewed(company: Company) -> dict[str, dict[str, Any]]:
    """What `preview --json` says, by title."""
    done = company.command("preview", "--json")
    assert done.exit == 0, done.words[-3000:]
    return by_title(done.json["interactions"])


def where(row: dict[str, Any]) -> tuple[str, str, str]:
    """State, record and contact of a ROW: ("logged", "deal Big rollout", "Sam Poe")."""
    nouns = {"Contacts": "contact", "Leads": "lead", "Accounts": "account", "Deals": "deal"}
    target = f"{nouns[row['target']['module']]} {row['target']['name']}" if row["target"] else ""
    return (row["state"], target, row["who"]["name"] if row["who"] else "")


def explained(company: Company, key: str) -> str:
    """`explain KEY` as a person reads it."""
    done = company.command("explain", key)
    assert done.exit == 0, done.words
    return done.out


def moment(text: str) -> datetime:
    """A time of Zoho's or of a ROW, UTC."""
    return datetime.fromisoformat(text).astimezone(UTC)
