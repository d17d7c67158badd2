"""A first load that is killed twice and goes on: `python -m bench.first_load [--contacts 1000000]`.

The made-up Zoho runs in a process of its own, and each try of the program in another, whose memory is measured.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from activity_sync.store.database import open_database

_POLL = 2.0


def main() -> int:
    """The parent: starts the made-up Zoho, then the program three times."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--contacts", type=int, default=1_000_000)
    arguments.add_argument("--zoho", action="store_true", help=argparse.SUPPRESS)
    arguments.add_argument("--load", default="", help=argparse.SUPPRESS)
    given = arguments.parse_args()
    if given.zoho:
        return _zoho(given.contacts)
    if given.load:
        return _load(json.loads(given.load))
    return _measured(given.contacts)


def _measured(contacts: int) -> int:
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "bench.first_load", "--zoho", "--contacts", str(contacts)]
        zoho = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert zoho.stdout is not None
        job = {**json.loads(zoho.stdout.readline()), "database": f"sqlite:///{Path(folder) / 'load.db'}"}
        print(f"{contacts:,} contacts; the program is killed at a third and at two thirds", flush=True)
        try:
            for share in (1 / 3, 2 / 3, 2):
                _try(job, round(contacts * share), Path(folder))
            return 0 if _count(job) == contacts else 1
        finally:
            told, _ = zoho.communicate("\n", timeout=60)
            print(f"credits charged: {told.strip()}")


def _try(job: dict[str, Any], until: int, folder: Path) -> None:
    """Let the program work until it has so many records, then kill it; it may end before. One that ends because Zoho
    did not answer is started again, as the daemon's next round would."""
    begun, most, code = time.monotonic(), 0, 1
    while code > 0:
        code, memory = _one_run(job, until)
        most = max(most, memory)
    size = sum(file.stat().st_size for file in folder.iterdir()) // 2**20
    print(
        f"  {'killed' if code else 'ended'} after {time.monotonic() - begun:,.0f} s with {_count(job):,} records;"
        f" most memory {most // 1024:,} MB; database {size:,} MB",
        flush=True,
    )


def _one_run(job: dict[str, Any], until: int) -> tuple[int, int]:
    """The exit code, below 0 when it was killed, and the most memory in KB."""
    program = subprocess.Popen([sys.executable, "-m", "bench.first_load", "--load", json.dumps(job)])
    while True:
        pid, status, used = os.wait4(program.pid, os.WNOHANG)
        if pid:
            break
        if _count(job) >= until:
            program.send_signal(signal.SIGKILL)
            _, status, used = os.wait4(program.pid, 0)
            break
        time.sleep(_POLL)
    program.returncode = os.waitstatus_to_exitcode(status)
    return program.returncode, used.ru_maxrss


def _count(job: dict[str, Any]) -> int:
    database = open_database(job["database"])
    try:
        with database.engine.connect() as connection:
            rows = connection.exec_driver_sql("SELECT count(*) FROM record WHERE module = 'Contacts' AND gone = 0")
            return int(rows.scalar() or 0)
    except Exception:  # noqa: BLE001 - the tables are not there yet, or it is being written
        return 0
    finally:
        database.dispose()


def _zoho(contacts: int) -> int:
    """Serve until a line comes; then tell what was charged."""
    from activity_sync.simulator.zoho import ZohoSimulator

    sim, old = ZohoSimulator(licences=100), datetime(2025, 6, 2, 9, 0, tzinfo=UTC)
    for number in range(contacts):
        phone = f"+44 20 7946 {number % 1000:04d}"
        sim.add(
            "Contacts",
            First_Name="Jo",
            Last_Name=f"Person {number}",
            Email=f"p{number}@c{number % 50_000}.example",
            Phone=phone,
            Modified_Time=old,
            Created_Time=old,
        )
    with sim.serve() as url:
        told = {"url": url, "id": sim.client_id, "secret": sim.client_secret, "refresh": sim.refresh_token}
        print(json.dumps(told), flush=True)
        sys.stdin.readline()
    print(sum(asked.credits for asked in sim.requests))
    return 0


def _load(job: dict[str, Any]) -> int:
    """One try of the program."""
    from activity_sync.model.records import OrgFacts
    from activity_sync.steps.means import Means
    from activity_sync.steps.refresh import refresh
    from activity_sync.zoho import open_zoho
    from bench.company import Tokens, settings_for

    database = open_database(job["database"])
    database.upgrade()
    settings = settings_for(job["url"], job["id"], job["secret"], job["refresh"])
    crm = open_zoho(settings, Tokens(), _Books(), _now, OrgFacts)
    means = Means(
        settings=settings, database=database, crm=crm, sources=(), now=_now, pause=_wait, tell=lambda _: None
    )  # fmt: skip
    refresh(means, None, _now())
    crm.close()
    database.dispose()
    return 0


class _Books:
    def book(self, _purpose: str, _credits: int, _what: str) -> None:
        """Nobody counts here: the made-up Zoho does."""

    def reported(self, _remaining: int) -> None:
        """Not needed."""


def _now() -> datetime:
    return datetime.now(UTC)


def _wait(seconds: float) -> bool:
    time.sleep(seconds)
    return False


if __name__ == "__main__":
    raise SystemExit(main())
