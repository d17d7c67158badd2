"""What a round costs when many reps have full calendars: `python -m bench.calendars [--reps 500] [--kind microsoft]`.

The made-up vendors run in a process of their own, so that the seconds of CPU are the program's.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

from activity_sync.simulator.google import GoogleSimulator
from activity_sync.simulator.microsoft import MicrosoftSimulator, person
from activity_sync.simulator.zoho import ZohoSimulator
from activity_sync.steps.round import sync
from activity_sync.wiring import App, open_app
from tests.config.builders import settings_of

_HOUR = timedelta(hours=1)


def main() -> int:
    """Three rounds; 1 when a quiet one asks more than once for a rep."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--reps", type=int, default=500)
    arguments.add_argument("--events", type=int, default=40, help="in each calendar")
    arguments.add_argument("--kind", choices=("google", "microsoft"), default="google")
    arguments.add_argument("--vendors", action="store_true", help=argparse.SUPPRESS)
    given = arguments.parse_args()
    return _serve(given.kind, given.reps, given.events) if given.vendors else _measured(given)


def _measured(given: argparse.Namespace) -> int:
    command = [sys.executable, "-m", "bench.calendars", "--vendors", "--kind", given.kind]
    command += ["--reps", str(given.reps), "--events", str(given.events)]
    vendors = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    with tempfile.TemporaryDirectory() as folder:
        try:
            app = _opened(Path(folder), _told(vendors))
            print(f"{given.kind}: {given.reps} reps, {given.events} events in each calendar", flush=True)
            _round(app, vendors, "the first round")
            _round(app, vendors, "the second, all is known")
            quiet = _round(app, vendors, "a quiet round")
            changed = _asked(vendors, "change")
            _round(app, vendors, f"1 % changed ({changed} events)")
            app.close()
            return int(quiet > given.reps)
        finally:
            vendors.communicate("end\n", timeout=60)


def _opened(folder: Path, told: dict[str, Any]) -> App:
    if "key" in told:
        (folder / "google.json").write_text(json.dumps(told.pop("key")))
    database = f"sqlite:///{folder / 'bench.db'}"
    settings = settings_of(folder, {**told, "database": database, "zoho.write": False})
    return open_app(settings, folder)


def _round(app: App, vendors: subprocess.Popen[str], name: str) -> int:
    """One round; prints what it took, and gives the requests to the calendar vendor."""
    before, cpu, begun = _asked(vendors, "requests"), time.process_time(), time.monotonic()
    result = sync(app.means, wait=False)
    seconds, used = time.monotonic() - begun, time.process_time() - cpu
    requests = _asked(vendors, "requests") - before
    seen = {state: count for state, count in result.interactions.items() if count}
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"  {name:<32} {seconds:7.1f} s, {used:6.1f} s CPU, {requests:5} requests, {memory:4.0f} MB  {seen}",
        flush=True,
    )
    for problem in result.problems[:3]:
        print(f"    {problem}")
    return requests


def _told(vendors: subprocess.Popen[str]) -> Any:
    assert vendors.stdout is not None
    return json.loads(vendors.stdout.readline())


def _asked(vendors: subprocess.Popen[str], what: str) -> int:
    assert vendors.stdin is not None
    vendors.stdin.write(f"{what}\n")
    vendors.stdin.flush()
    return int(_told(vendors))


# --- the vendors' process --------------------------------------------------------------------------------------------


class Vendor(Protocol):
    """A calendar vendor with everybody's meetings in it."""

    sim: Any
    ids: list[str]

    def put(self, rep: str, start: datetime, number: int) -> None: ...
    def change(self, event_id: str) -> None: ...
    def calendar(self, url: str) -> dict[str, Any]: ...


@dataclass
class Google:
    """Google Workspace."""

    sim: GoogleSimulator
    ids: list[str]

    def put(self, rep: str, start: datetime, number: int) -> None:
        people = [{"email": rep, "responseStatus": "accepted"}, {"email": f"c{number % 997}@globex.example"}]
        told = {
            "summary": f"Meeting {number}",
            "attendees": people,
            "description": f"<p>What we talk about {number}</p>" * 10,
        }
        self.ids.append(self.sim.put_event([rep], start=start, end=start + _HOUR, **told))

    def change(self, event_id: str) -> None:
        self.sim.change_event(event_id, summary="Another title")

    def calendar(self, url: str) -> dict[str, Any]:
        return {"name": "cal", "kind": "google", "service_account_file": "google.json", "api_url": url}


@dataclass
class Microsoft:
    """Microsoft 365."""

    sim: MicrosoftSimulator
    ids: list[str]

    def put(self, rep: str, start: datetime, number: int) -> None:
        people = [person(rep, response="accepted"), person(f"c{number % 997}@globex.example")]
        told = {"subject": f"Meeting {number}", "attendees": people, "body": f"<p>What we talk about {number}</p>" * 10}
        self.ids.append(self.sim.put_event([rep], start=start, end=start + _HOUR, **told))

    def change(self, event_id: str) -> None:
        self.sim.change_event(event_id, subject="Another title")

    def calendar(self, url: str) -> dict[str, Any]:
        del url
        return {"name": "cal", "kind": "microsoft", **self.sim.settings()}


def _serve(kind: str, reps: int, events: int) -> int:
    vendor: Vendor = Google(GoogleSimulator(), []) if kind == "google" else Microsoft(MicrosoftSimulator(), [])
    zoho = ZohoSimulator(company="Acme")
    zoho.add_key_field()
    _fill(vendor, zoho, reps, events)
    with ExitStack() as stack:
        urls = [stack.enter_context(one.serve()) for one in (zoho, vendor.sim)]
        told: dict[str, Any] = {
            "zoho": {
                "accounts_url": urls[0], "api_url": urls[0], "client_id": zoho.client_id,
                "client_secret": zoho.client_secret, "refresh_token": zoho.refresh_token,
            },
            "calendars": [vendor.calendar(urls[1]) | {"reps": [_address(rep) for rep in range(reps)]}],
        }  # fmt: skip
        if kind == "google":
            told["key"] = vendor.sim.service_account_key()
        print(json.dumps(told), flush=True)
        for line in sys.stdin:
            if line.strip() == "end":
                break
            print(_answer(vendor, line.strip()), flush=True)
    os._exit(0)


def _answer(vendor: Vendor, what: str) -> int:
    if what == "change":
        chosen = random.Random(7).sample(vendor.ids, len(vendor.ids) // 100)
        for one in chosen:
            vendor.change(one)
        return len(chosen)
    return sum(1 for one in vendor.sim.requests if "oken" not in one.path and "openid" not in one.path)


def _address(rep: int) -> str:
    return f"rep{rep}@acme.example"


def _fill(vendor: Vendor, zoho: ZohoSimulator, reps: int, events: int) -> None:
    account = zoho.add("Accounts", Account_Name="Globex")
    for number in range(997):
        zoho.add("Contacts", Last_Name=f"No {number}", Email=f"c{number}@globex.example", Account_Name=account)
    noon = datetime.now(UTC).replace(hour=9, minute=0, second=0, microsecond=0)
    for rep in range(reps):
        email = _address(rep)
        zoho.add_user(email, f"Rep {rep}", "Sales")
        vendor.sim.add_calendar(email)
        for number in range(events):
            start = noon + timedelta(days=number % 20 - 6, hours=number // 20)
            vendor.put(email, start, rep * events + number)


if __name__ == "__main__":
    raise SystemExit(main())
