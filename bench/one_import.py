"""One import of half a million calls, killed twice: `python -m bench.one_import [--rows 500000]`.

The made-up Zoho runs in a process of its own, and each try of the program (`activity-sync sync`) in another, whose
memory and seconds are measured. One call of 25 comes from a known number; one row of 2,000 makes no sense.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

REP, LINE = "jo@acme.example", "+442079460100"
KNOWN, ONE_IN, NONSENSE_IN = 1_000, 25, 2_000
"""Contacts; one call of so many is one of theirs; one row of so many is nonsense."""
_POLL = 1.0
_READ, _JUDGED = "SELECT count(*) FROM sighting", "SELECT count(*) FROM interaction WHERE decided IS NOT NULL"
_NONSENSE: tuple[dict[str, Any], ...] = (
    {"from": "4.42079E+11"}, {"talk_seconds": -5}, {"started_at": "2026-02-30T10:00:00Z"}, {"direction": "sideways"},
)  # fmt: skip


@dataclass(frozen=True)
class Tried:
    """A try of the program: exit code (below 0: killed), seconds on the wall and of CPU, and most memory in MB."""

    exit: int
    seconds: float
    cpu: float
    memory: int
    out: str


def main() -> int:
    """The parent: starts the made-up Zoho, then the program three times; 1 when a call is missing or there twice."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--rows", type=int, default=500_000)
    arguments.add_argument("--zoho", action="store_true", help=argparse.SUPPRESS)
    given = arguments.parse_args()
    if given.zoho:
        return _zoho()
    with tempfile.TemporaryDirectory() as name:
        return _measured(Path(name), given.rows)


def _measured(folder: Path, rows: int) -> int:
    command = [sys.executable, "-m", "bench.one_import", "--zoho"]
    zoho = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert zoho.stdout is not None
    _configure(folder, json.loads(zoho.stdout.readline()))
    expected = _write_rows(folder / "spool", rows)
    print(f"{rows:,} rows, {len(expected):,} of known numbers, {_bad(rows):,} nonsense; killed twice", flush=True)
    try:
        for done, until in ((_READ, rows // 2), (_JUDGED, rows // 3), (_READ, rows + 1)):
            _tell(folder, _try(folder, done, until))
        named = {line.partition(":")[0] for line in (folder / "spool" / "monday.jsonl.rejects").open()}
    finally:
        told, _ = zoho.communicate("\n", timeout=600)
    held = Counter(json.loads(told)["calls"])
    missing, twice = expected - held.keys(), [one for one, times in held.items() if times > 1]
    print(f"in Zoho: {held.total():,} calls; missing {len(missing)}, twice {len(twice)}")
    print(f"nonsense named: {len(named):,} of {_bad(rows):,}; credits {json.loads(told)['credits']:,}")
    return int(bool(missing or twice or len(named) != _bad(rows)))


def _bad(rows: int) -> int:
    return len(range(NONSENSE_IN - 1, rows, NONSENSE_IN))


def _configure(folder: Path, zoho: dict[str, str]) -> None:
    config = {
        "database": f"sqlite:///{folder / 'import.db'}", "timezone": "Europe/London", "default_region": "GB",
        "team": {"domains": ["acme.example"]}, "zoho": {"name": "Acme", "data_center": "eu", **zoho}, "calendars": [],
        "dialers": [{"name": "pbx", "kind": "import", "path": str(folder / "spool"), "lines": {LINE: REP}}],
    }  # fmt: skip
    (folder / "config.yaml").write_text(json.dumps(config))  # which is YAML, too


def _write_rows(folder: Path, rows: int) -> set[str]:
    """The file, a second between two calls; the starts of those that Zoho is to have."""
    folder.mkdir()
    newest, expected = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=30), set()
    with (folder / "monday.jsonl").open("w") as file:
        for number in range(rows):
            start = newest - timedelta(seconds=number)
            file.write(json.dumps(_row(number, start)) + "\n")
            if number % ONE_IN == 0:
                expected.add(start.isoformat())
    os.utime(folder / "monday.jsonl", (time.time() - 60,) * 2)  # a file that still grows is left alone
    return expected


def _row(number: int, start: datetime) -> dict[str, Any]:
    known = f"+4477009{number // ONE_IN % KNOWN:05d}"
    caller = known if number % ONE_IN == 0 else f"+4479{number % 10_000_000:08d}"
    row = {
        "id": f"pbx-{number}", "started_at": start.isoformat(), "direction": "inbound", "from": caller, "to": LINE,
        "talk_seconds": 60, "rep_email": REP,
    }  # fmt: skip
    nonsense = (number + 1) % NONSENSE_IN == 0
    return row | (_NONSENSE[number // NONSENSE_IN % len(_NONSENSE)] if nonsense else {})


def _try(folder: Path, done: str, until: int) -> Tried:
    """Let the program work until so much is done, then kill it; it may end before."""
    command = [sys.executable, "-m", "activity_sync", "--config", str(folder / "config.yaml"), "sync", "--json"]
    begun = time.monotonic()
    with (folder / "out").open("w") as out, (folder / "err").open("w") as err:
        program = subprocess.Popen(command, stdout=out, stderr=err)
        while True:
            pid, status, used = os.wait4(program.pid, os.WNOHANG)
            if not pid and _ask(folder, done) >= until:
                program.send_signal(signal.SIGKILL)
                pid, status, used = os.wait4(program.pid, 0)
            if pid:
                break
            time.sleep(_POLL)
    program.returncode = os.waitstatus_to_exitcode(status)
    cpu, memory = used.ru_utime + used.ru_stime, used.ru_maxrss // 1024
    return Tried(program.returncode, time.monotonic() - begun, cpu, memory, (folder / "out").read_text())


def _tell(folder: Path, tried: Tried) -> None:
    how = "killed" if tried.exit < 0 else f"ended with {tried.exit}"
    seen, judged = _ask(folder, _READ), _ask(folder, _JUDGED)
    print(
        f"  {how} after {tried.seconds:,.0f} s ({tried.cpu:,.0f} s of CPU), {seen:,} read, {judged:,} judged;"
        f" most memory {tried.memory:,} MB\n  {tried.out.strip()[:600]}",
        flush=True,
    )
    for line in [*_progress(folder / "err")][-3:]:
        print(f"    {line}")


def _progress(file: Path) -> Iterator[str]:
    yield from (line for line in file.read_text().splitlines() if "about" in line)


def _ask(folder: Path, query: str) -> int:
    """0 while the tables are not there yet."""
    try:
        with sqlite3.connect(f"file:{folder / 'import.db'}?mode=ro", uri=True) as connection:
            return int(connection.execute(query).fetchone()[0])
    except sqlite3.Error:
        return 0


def _zoho() -> int:
    """Serve until a line comes; then tell which calls are there."""
    from activity_sync.simulator.zoho import ZohoSimulator

    sim = ZohoSimulator(licences=500)
    sim.add_key_field()
    sim.add_user(REP, "Jo", "Rep")
    for number in range(KNOWN):
        sim.add("Contacts", Last_Name=f"Person {number}", Phone=f"+4477009{number:05d}")
    with sim.serve() as url:
        keys = {"client_id": sim.client_id, "client_secret": sim.client_secret, "refresh_token": sim.refresh_token}
        print(json.dumps({"accounts_url": url, "api_url": url, **keys}), flush=True)
        sys.stdin.readline()
    starts = [datetime.fromisoformat(str(one["Call_Start_Time"])).astimezone(UTC) for one in sim.records("Calls")]
    print(json.dumps({"calls": [one.isoformat() for one in starts], "credits": sim.credits.used()}))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
