"""Ends a run of the command at a chosen moment of its writing."""

from __future__ import annotations

import random
import threading
import time
from dataclasses import dataclass

import orjson

from activity_sync.simulator.mishaps import Mishaps
from activity_sync.simulator.network import Dropped, Handler, Request, Response
from tests.journeys.company import Company, is_write
from tests.journeys.nursery import Done

MOMENTS = ("unsent", "late", "unanswered", "unsettled")
"""Before Zoho has it; Zoho does it a moment after the end; done but not answered; answered but perhaps not noted."""


@dataclass(slots=True)
class Blow:
    """At the `nth` write request, at this of `MOMENTS`, and some seconds later."""

    nth: int
    moment: str
    delay: float


class Killer(Mishaps):
    """Stands before the pretend Zoho and ends the run at the moment it was told."""

    def strike(self, company: Company, blow: Blow, *arguments: str) -> Done:
        """Run the command until the blow falls, or to its end when it writes less than that."""
        company.stage.zoho._gate.mishaps = self
        self._blow, self._seen, self._ready = blow, 0, threading.Event()
        try:
            self._run = company.start(*arguments)
            self._ready.set()
            return self._run.done()
        finally:
            company.stage.zoho._gate.mishaps = company.stage.zoho.mishaps

    def around(self, handler: Handler) -> Handler:
        """Counts the writes; the chosen one is the run's last."""

        def wrapped(request: Request) -> Response:
            if not _writes(request):
                return handler(request)
            self._seen += 1
            return handler(request) if self._seen != self._blow.nth else self._fall(request, handler)

        return wrapped

    def _fall(self, request: Request, handler: Handler) -> Response:
        match self._blow.moment:
            case "unsent":
                self._kill()
            case "late":
                self._kill()
                time.sleep(0.1)
                handler(request)
            case "unanswered":
                handler(request)
                self._kill()
            case _:
                threading.Thread(target=self._kill, daemon=True).start()
                return handler(request)
        raise Dropped

    def _kill(self) -> None:
        time.sleep(self._blow.delay)
        self._ready.wait(10)
        self._run.kill()


def _writes(request: Request) -> bool:
    composite = request.path.endswith("composite_requests")
    return is_write(request.method, request.path, orjson.loads(request.body) if composite else None)


def a_blow(dice: random.Random) -> Blow:
    """Any moment of the next few writes."""
    return Blow(dice.choice((1, 1, 2, 3)), dice.choice(MOMENTS), dice.uniform(0, 0.02))
