"""The made-up company with the program beside it: what a person does at the desk, in one line each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from activity_sync.config import load
from activity_sync.reports.rows import stored_row
from activity_sync.rules.judgement import NOT_DUE
from activity_sync.simulator.stage import Stage, mistakes
from activity_sync.simulator.zoho.gate import Asked
from activity_sync.store import interactions
from activity_sync.store.database import Database, open_database
from tests.journeys.nursery import Done, Nursery, Run

WRITTEN = ("Events", "Calls", "Tasks")


@dataclass(slots=True)
class Company:
    """`stage`: the vendors; `config`: the program's config file. Every command is a process of its own."""

    stage: Stage
    config: Path
    nursery: Nursery
    set_: dict[str, Any] = field(default_factory=dict)
    printed: list[str] = field(default_factory=list)
    _paid: int = 0

    # --- at the desk

    def start(self, *arguments: str, **env: str) -> Run:
        """Start a command."""
        return self.nursery.start(["--config", str(self.config), *arguments], self.config.parent, self.set_, **env)

    def command(self, *arguments: str, **env: str) -> Done:
        """A command, to its end."""
        done = self.start(*arguments, **env).done()
        self.printed.append(done.words)
        return done

    def sync(self, *flags: str, exit: int = 0) -> Any:  # noqa: A002 - the word for it
        """`sync --json`, which must end with this status; its RESULT."""
        done = self.command("sync", "--json", *flags)
        assert done.exit == exit, f"exit {done.exit}, not {exit}\n{done.out[-3000:]}\n{done.err[-3000:]}"
        return done.json

    def play_and_sync(self, round_number: int = 1, exit: int = 0) -> Any:  # noqa: A002
        """What the scenes hold for this round, and a sync after it."""
        self.stage.play(round_number)
        return self.sync(exit=exit)

    def configure(self, **changes: Any) -> None:
        """Change the config file: mappings are merged, lists and values replaced, None removes a key."""
        yaml = YAML(typ="safe")
        merged = _merged(yaml.load(self.config), changes)
        with self.config.open("w", encoding="utf-8") as file:
            yaml.dump(merged, file)

    # --- what came of it

    @contextmanager
    def database(self) -> Iterator[Database]:
        """The program's database."""
        database = open_database(load(self.config, {}).database)
        try:
            yield database
        finally:
            database.dispose()

    def rows(self) -> list[dict[str, Any]]:
        """A ROW for each interaction whose time has come."""
        with self.database() as database, database.reading() as session:
            return [
                stored_row(session, one)
                for one in interactions.listing(session)
                if one.decided and one.reason != NOT_DUE
            ]

    def row(self, title: str) -> dict[str, Any]:
        """The only ROW of a meeting with this title."""
        (found,) = (row for row in self.rows() if row["title"] == title)
        return found

    def mistakes(self, round_number: int) -> list[str]:
        """What is not as the scenes demand after this round."""
        return mistakes(self.stage.expectations(round_number), self.rows(), self.stage.zoho)

    def paid(self) -> int:
        """Credits that Zoho charged since this was last asked."""
        used = self.stage.zoho.credits.used()
        used, self._paid = used - self._paid, used
        return used

    def written(self, module: str) -> list[Mapping[str, Any]]:
        """The records of a module of activities in Zoho."""
        return self.stage.zoho.records(module)

    def counts(self) -> dict[str, int]:
        """How many records of each kind there are in Zoho."""
        return {module: len(self.written(module)) for module in WRITTEN}

    def event(self, title: str) -> Mapping[str, Any]:
        """The only Event with this title."""
        (found,) = (one for one in self.written("Events") if one["Event_Title"] == title)
        return found

    def doubles(self) -> list[str]:
        """Activities and tasks that are in Zoho more than once."""
        seen: Counter[str] = Counter()
        for module in WRITTEN:
            seen.update(f"{module} {_identity(record)}" for record in self.written(module))
        return [what for what, times in seen.items() if times > 1]

    def leaks(self) -> list[str]:
        """Secrets that the program printed, or left in clear in a file of its own."""
        given = {self.config, self.config.parent / "google.json"}
        files = [one for one in self.config.parent.rglob("*") if one.is_file() and one not in given]
        places = [*self.printed, *(one.read_bytes().decode("latin-1") for one in files)]
        return [secret for secret in self._secrets() if any(secret in place for place in places)]

    def _secrets(self) -> list[str]:
        zoho, google, aircall = self.stage.zoho, self.stage.google, self.stage.aircall
        pem = google.service_account_key()["private_key"].splitlines()[1:-1]
        tokens = [*zoho.accounts._access, *google.tokens._grants]
        return [zoho.client_secret, zoho.refresh_token, aircall.api_token, pem[3], *tokens]

    def writes(self) -> list[Asked]:
        """The requests that wrote into Zoho."""
        return [one for one in self.stage.zoho.requests if is_write(one.method, one.path, one.body)]


def is_write(method: str, path: str, body: Any) -> bool:
    """Whether a request to Zoho writes activities or tasks."""
    if path.endswith("/__composite_requests"):
        parts = body.get("__composite_requests", ()) if isinstance(body, dict) else ()
        return any(is_write(part["method"], part["uri"], None) for part in parts)
    parts = path.partition("?")[0].split("/")  # "", crm, v8, module
    return method in ("POST", "PUT", "DELETE") and len(parts) > 3 and parts[3] in WRITTEN


def problems(result: Mapping[str, Any]) -> str:
    """The problems of a RESULT, a line each."""
    return "\n".join(" | ".join(one[name] for name in ("what", "where", "why", "next")) for one in result["problems"])


def _identity(record: Mapping[str, Any]) -> tuple[Any, ...]:
    """What makes an activity this one: no two of the scenes have it in common."""
    names = ("Event_Title", "Subject", "Start_DateTime", "Call_Start_Time", "Due_Date")
    links = tuple((record.get(name) or {}).get("id") for name in ("What_Id", "Who_Id"))
    return (*(record.get(name) for name in names), *links)


def _merged(before: Any, changes: Mapping[str, Any]) -> dict[str, Any]:
    after = dict(before or {})
    for name, value in changes.items():
        if value is None:
            after.pop(name, None)
        elif isinstance(value, Mapping) and isinstance(after.get(name), Mapping):
            after[name] = _merged(after[name], value)
        else:
            after[name] = value
    return after
