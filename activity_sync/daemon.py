"""The daemon: a round whenever something is due. Ends within 10 s of SIGTERM; SIGHUP reads the config again."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from activity_sync.checks.alarm import sound
from activity_sync.model.results import Exit, RunResult
from activity_sync.model.settings import Settings
from activity_sync.schedule import Schedule, Turn
from activity_sync.steps.progress import progress
from activity_sync.steps.pushing import keep_channels
from activity_sync.steps.round import sync
from activity_sync.store import interactions, outbox
from activity_sync.store.failures import StoreFailure
from activity_sync.store.leases import alone
from activity_sync.wiring import App

TICK = timedelta(seconds=2)
"""How often the daemon looks what is due; a look costs two small queries."""

LAST_SECONDS = 7.0
"""How long a round may go on after SIGTERM. What is cut off then is uncertain, and proved at the next start."""

_SHUT = (Exit.REFUSED, Exit.OUT_OF_CREDITS)
_OF_ZOHO = ("Zoho", "credits")

Open = Callable[[Settings], App]
Load = Callable[[], Settings]


class Listening(Protocol):
    """What the daemon needs of a listener."""

    def start(self) -> None:
        """Listen, in a thread of its own."""

    def use(self, app: App, schedule: Schedule) -> None:
        """The config was read again."""

    def stop(self) -> None:
        """End within two seconds."""


class Deaf:
    """Listens to nobody."""

    def start(self) -> None:
        """Nothing."""

    def use(self, app: App, schedule: Schedule) -> None:
        """Nothing."""

    def stop(self) -> None:
        """Nothing."""


Listen = Callable[[App, Schedule], Listening]


class Daemon:
    """Runs rounds in one thread of APScheduler until it is told to stop."""

    def __init__(
        self, load: Load, open_app: Open, stopping: threading.Event, listen: Listen = lambda *_: Deaf()
    ) -> None:
        """`load` reads the config (raises when it is broken), `open_app` wires it; `stopping` ends every wait.

        `listen`: makes what lets pushes bring turns forward.
        """
        self._load = load
        self._open = open_app
        self._stopping = stopping
        self._again = threading.Event()
        self._app = open_app(load())
        self._schedule = Schedule(self._app.settings)
        self._listener = listen(self._app, self._schedule)
        sound(self._app)
        self._said = ""
        self._shut = False
        self._log = structlog.get_logger("daemon")

    def run(self) -> None:
        """Work until SIGTERM or SIGINT."""
        from apscheduler.executors.pool import ThreadPoolExecutor
        from apscheduler.schedulers.background import BackgroundScheduler

        self._listen()
        scheduler = BackgroundScheduler(executors={"default": ThreadPoolExecutor(1)}, timezone="UTC")
        every, now = TICK.total_seconds(), self._app.means.now()
        options = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        scheduler.add_job(self._tick, "interval", seconds=every, next_run_time=now, **options)
        scheduler.start()
        self._listener.start()
        self._log.info("started", connections=[source.name for source in self._app.means.sources])
        while not self._stopping.wait(0.2):
            pass
        self._end(scheduler.shutdown)

    def _listen(self) -> None:
        signal.signal(signal.SIGTERM, lambda *_: self._stopping.set())
        signal.signal(signal.SIGINT, lambda *_: self._stopping.set())
        if hasattr(signal, "SIGHUP"):
            signal.signal(signal.SIGHUP, lambda *_: self._again.set())

    def _end(self, shutdown: Callable[[], None]) -> None:
        """Let the write in hand finish; a round that hangs on the network is left behind, the outbox knows it."""
        self._listener.stop()
        ending = threading.Thread(target=shutdown, daemon=True)
        ending.start()
        ending.join(LAST_SECONDS)
        self._log.info("stopped", clean=not ending.is_alive())
        if ending.is_alive():
            os._exit(0)
        self._app.close()

    def _tick(self) -> None:
        try:
            self._reload()
            self._round()
        except StoreFailure as failure:
            if failure.why != self._said:  # once, not at every tick until it is over
                self._log.error("store", why=failure.why, next_step=failure.next_step)
            self._said = failure.why
        except Exception:  # noqa: BLE001 - the daemon outlives a round that fails; the log has the whole of it
            self._log.exception("round failed")

    def _round(self) -> None:
        means = self._app.means
        now = means.now()
        with self._app.database.reading() as session:
            loaded = progress(session).loaded
        turn = self._schedule.turn(now, loaded=loaded)
        # What Zoho does not take now waits for a turn: asking at every tick would lock us out and eat the credits.
        if not (turn.sources or turn.refreshing or (loaded and not self._shut and self._work_is_waiting())):
            return
        try:
            result = self._alone(turn, now)
        except StoreFailure:
            self._schedule.again(turn)
            raise
        self._said = ""
        self._shut = any(one.exit in _SHUT and one.where in _OF_ZOHO for one in result.problems)
        if turn.refreshing:
            self._schedule.refreshed(well=not self._shut)
        self._log.info("round", **result.as_json())

    def _alone(self, turn: Turn, now: datetime) -> RunResult:
        means = self._app.means
        with alone(means.database) as still_alone:
            result = sync(
                replace(means, still_alone=still_alone),
                command="run",
                wait=False,
                thorough=turn.thorough,
                only=turn.sources,
                refreshing=turn.refreshing,
            )
            for problem in keep_channels(means, now) if turn.sources else ():
                self._log.warning(problem.what, where=problem.where, why=problem.why, next_step=problem.next)
        return result

    def _work_is_waiting(self) -> bool:
        now = self._app.means.now()
        with self._app.database.reading() as session:
            turn = outbox.next_turn(session)
            return bool(interactions.due(session, now, 1)) or (turn is not None and turn <= now)

    def _reload(self) -> None:
        """After SIGHUP: a broken config is refused and the old one stays."""
        if not self._again.is_set():
            return
        self._again.clear()
        try:
            fresh = self._open(self._load())
        except Exception as error:  # noqa: BLE001 - whatever is wrong with the new config, the old one goes on
            self._log.error("config refused, the old one stays", why=str(error))
            return
        before, self._app = self._app, fresh
        self._schedule = Schedule(fresh.settings, self._schedule.done, self._schedule.hurried)
        self._shut = False
        self._listener.use(fresh, self._schedule)
        before.close()
        self._log.info("config read again")
