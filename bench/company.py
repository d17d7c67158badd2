"""A made-up company for measurements: an org in the made-up Zoho, the program's steps before it, a day of work."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from activity_sync.model.interactions import (
    Sighting,
)
from activity_sync.model.ports import Changes, Span
from activity_sync.model.records import OrgFacts, User
from activity_sync.model.settings import Settings
from activity_sync.net.patience import Patience
from activity_sync.rules.credits import daily_limit, objection
from activity_sync.schedule import Schedule
from activity_sync.simulator.clock import Clock
from activity_sync.simulator.zoho import ZohoSimulator
from activity_sync.steps.means import Means
from activity_sync.steps.progress import progress
from activity_sync.steps.round import sync
from activity_sync.store import facts, interactions, outbox
from activity_sync.store.credits import Ledger, Spent
from activity_sync.store.database import Database, open_database
from activity_sync.zoho import open_zoho

MIDNIGHT = datetime(2026, 3, 2, 0, 0, tzinfo=UTC)
"""The day that is measured: a Monday in London."""

LONG_AGO = datetime(2025, 6, 2, 9, 0, tzinfo=UTC)
TICK = timedelta(seconds=20)
SIZES = {"Contacts": 120_000, "Leads": 30_000, "Accounts": 25_000, "Deals": 15_000}
"""190,000 records in four modules."""


@dataclass(slots=True)
class Feed:
    """A calendar or dialer connection that shows each sighting when its time has come."""

    name: str
    kind: str
    shown: list[tuple[datetime, Sighting]] = field(default_factory=list)

    def parts(self, _users: Sequence[User]) -> Sequence[str]:
        """One."""
        return [""]

    def read(self, _part: str, cursor: str, span: Span) -> Changes:
        """What was shown since the last reading."""
        since = datetime.fromisoformat(cursor) if cursor else MIDNIGHT - timedelta(days=1)
        seen = [sighting for at, sighting in self.shown if since < at <= span.now]
        return Changes(sightings=seen, cursor=span.now.isoformat())

    def again(self, _part: str, _native_ids: Sequence[str]) -> Changes:
        """Nothing ever moves out of a window."""
        return Changes()

    def probe(self, _part: str) -> str:
        """Always there."""
        return "there"

    def close(self) -> None:
        """Nothing is held."""


@dataclass(slots=True)
class Company:
    """The org, and the program connected to it. `clock` moves everything."""

    sim: ZohoSimulator
    url: str
    means: Means
    database: Database
    meetings: Feed
    calls: Feed
    schedule: Schedule

    def day(self, start: datetime) -> int:
        """Twenty-four hours of the daemon; the credits that Zoho charged."""
        before = charged(self.sim)
        while self.sim.clock.now() < start + timedelta(days=1):
            self._tick()
            self.sim.clock.shift(TICK)
        return charged(self.sim) - before

    def _tick(self) -> None:
        """What the daemon does at each of its ticks."""
        now = self.sim.clock.now()
        with self.database.reading() as session:
            loaded = progress(session).loaded
            turn_of_writes = outbox.next_turn(session)
            waiting = bool(interactions.due(session, now, 1)) or (turn_of_writes is not None and turn_of_writes <= now)
        turn = self.schedule.turn(now, loaded=loaded)
        if turn.sources or turn.refreshing or (loaded and waiting):
            sync(
                self.means,
                command="run",
                wait=False,
                thorough=turn.thorough,
                only=turn.sources,
                refreshing=turn.refreshing,
            )


def charged(sim: ZohoSimulator) -> int:
    """All credits that the made-up Zoho ever charged."""
    return sum(asked.credits for asked in sim.requests)


def by_kind(sim: ZohoSimulator, after: int) -> Counter[str]:
    """Credits by what was asked for, of the requests behind the first `after`."""
    found: Counter[str] = Counter()
    for asked in sim.requests[after:]:
        if asked.credits:
            path = "/".join(piece for piece in asked.path.split("/")[3:] if not piece.isdecimal())
            found[f"{asked.method} {path}"] += asked.credits
    return found


@contextmanager
def a_company(users: int, sizes: dict[str, int], edition: str = "enterprise") -> Iterator[Company]:
    """The org with its records; nothing is loaded yet."""
    sim = ZohoSimulator(Clock(MIDNIGHT - timedelta(hours=4)), edition=edition, licences=users)
    sim.add_key_field()
    for number in range(users):
        sim.add_user(rep(number), f"Rep{number}", "Acme")
    fill(sim, sizes)
    with ExitStack() as open_until_the_end:
        folder = Path(open_until_the_end.enter_context(tempfile.TemporaryDirectory()))
        url = open_until_the_end.enter_context(sim.serve())
        config = settings_for(url, sim.client_id, sim.client_secret, sim.refresh_token)
        database = open_database(f"sqlite:///{folder / 'bench.db'}")
        open_until_the_end.callback(database.dispose)
        database.upgrade()
        meetings, calls = Feed("workspace", "google"), Feed("aircall", "aircall")
        means = _means(sim, config, database, meetings, calls)
        open_until_the_end.callback(means.crm.close)
        yield Company(sim, url, means, database, meetings, calls, Schedule(config))


def rep(number: int) -> str:
    """The address of a rep."""
    return f"rep{number}@acme.example"


def guest(number: int) -> str:
    """The address of a contact."""
    return f"p{number}@c{number}.example"


def phone(number: int) -> str:
    """A contact's number, of a range that is nobody's."""
    return f"+4420794{60000 + number % 1000:05d}" if number < 1000 else ""


def fill(sim: ZohoSimulator, sizes: dict[str, int]) -> None:
    """Records that were always there: every account has contacts, one in twenty has two deals."""
    old = {"Modified_Time": LONG_AGO, "Created_Time": LONG_AGO}
    accounts = [sim.add("Accounts", Account_Name=f"Company {one}", **old) for one in range(sizes["Accounts"])]
    for number in range(sizes["Contacts"]):
        numbers = {"Phone": phone(number)} if phone(number) else {}
        link = accounts[number % len(accounts)] if accounts else None
        sim.add("Contacts", Last_Name=f"P{number}", Email=guest(number), Account_Name=link, **numbers, **old)
    for number in range(sizes["Leads"]):
        sim.add("Leads", Last_Name=f"L{number}", Company="Someone", Email=f"l{number}@lead.example", **old)
    for number in range(sizes["Deals"]):
        account = accounts[(number if number % 20 else number + 1) % len(accounts)]
        sim.add("Deals", Deal_Name=f"Deal {number}", Account_Name=account, Stage="Qualification", **old)


def settings_for(url: str, client_id: str, client_secret: str, refresh_token: str) -> Settings:
    """What the company's admin would have written."""
    zoho = {
        "client_id": client_id,
        "client_secret": client_secret,
        "refresh_token": refresh_token,
        "accounts_url": url,
        "api_url": url,
    }
    call_back = {"subject": "Call back {{ who }}", "due": "4 business hours", "owner": "rep"}
    missed = {"kind": "call", "direction": "inbound", "outcome": ["missed", "voicemail"]}
    return Settings.model_validate(
        {
            "timezone": "Europe/London",
            "default_region": "GB",
            "zoho": zoho,
            "team": {"domains": ["acme.example"]},
            "calendars": [{"name": "workspace", "kind": "google", "service_account_file": "none.json"}],
            "dialers": [{"name": "aircall", "kind": "aircall", "api_id": "1", "api_token": "2", "poll_every": "2m"}],
            "activity_types": [
                {"name": "Missed", "when": missed, "then": {"follow_ups": ["call-back"]}},
                {"name": "Other", "when": {}, "then": {}},
            ],
            "follow_ups": {"call-back": call_back},
        }
    )


def _means(sim: ZohoSimulator, config: Settings, database: Database, *sources: Feed) -> Means:
    def pause(seconds: float) -> bool:
        sim.clock.shift(timedelta(seconds=seconds))
        return False

    def org() -> OrgFacts:
        with database.reading() as session:
            return facts.org(session) or OrgFacts()

    def may(purpose: str, credits: int, spent: Spent) -> str:
        limit = daily_limit(org().edition, org().licences)
        return objection(purpose, credits, limit, config.zoho.credits.keep_free, spent.total, spent.remaining)

    ledger = Ledger(database, sim.clock.now, may)
    crm = open_zoho(config, Tokens(), ledger, sim.clock.now, org, patience=Patience(pause=lambda _: None))
    return Means(
        settings=config,
        database=database,
        crm=crm,
        sources=sources,
        now=sim.clock.now,
        pause=pause,
        tell=lambda _: None,
    )


class Tokens:
    """Tokens in memory."""

    def __init__(self) -> None:
        self._kept: dict[str, str] = {}

    def get(self, name: str) -> str | None:
        """What was stored."""
        return self._kept.get(name)

    def put(self, name: str, value: str) -> None:
        """Store."""
        self._kept[name] = value


# --- a day of work ---------------------------------------------------------------------------------------------------
