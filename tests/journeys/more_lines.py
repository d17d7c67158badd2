"""JustCall and RingCentral at the same switchboard, without the vendors' limits: a day's requests come in a minute."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from activity_sync.simulator.clock import Clock
from activity_sync.simulator.dialers.justcall import JustCallSimulator
from activity_sync.simulator.dialers.ringcentral import RingCentralSimulator

_ENOUGH = 10**9


class JustCallLine:
    """One record for a call; notes come late, and an answer too."""

    has_legs, has_notes, has_late_answers = False, True, True

    def __init__(self, people: list[str]) -> None:
        self.vendor = JustCallSimulator()
        for window in self.vendor.rates.windows:
            window.limit = _ENOUGH
        self.agents = [self.vendor.add_user(email, email) for email in people]

    def config(self, url: str) -> dict[str, Any]:
        keys = {name: getattr(self.vendor, name) for name in ("api_key", "api_secret")}
        return {"name": "justcall", "kind": "justcall", "api_url": url, **keys}

    def ring(self, one: Any, customer: str, line: str) -> str:
        agent = self.agents[0] if one.talk is not None else None
        return str(self.vendor.add_call("Incoming", customer, one.start, line=line, agent=agent, talk=one.talk))

    def note(self, one: Any) -> None:
        self.vendor.change_call(int(one.name), notes="\n".join(one.notes))

    def answered(self, one: Any, talk: int) -> None:
        call = self.vendor.calls[int(one.name)]
        call |= {"agent_id": self.agents[0], "agent_email": self.vendor.users[self.agents[0]]["email"]}
        self.vendor.finish_call(int(one.name), talk=talk)


class RingCentralLine:
    """A transfer is a second record of the same session."""

    has_legs, has_notes, has_late_answers = True, False, False

    def __init__(self, people: list[str]) -> None:
        self.vendor = RingCentralSimulator(Clock())
        limits = self.vendor.limits
        for group in (limits.heavy, limits.medium, limits.light, limits.auth):
            group.limit = _ENOUGH
        numbers = ("101", "102")
        self.extensions = [self.vendor.add_extension(*told, told[1]) for told in zip(numbers, people, strict=True)]

    def config(self, url: str) -> dict[str, Any]:
        keys = {name: getattr(self.vendor, name) for name in ("client_id", "client_secret", "jwt")}
        return {"name": "ringcentral", "kind": "ringcentral", "api_url": url, **keys}

    def ring(self, one: Any, customer: str, line: str) -> str:
        self._ends = customer, line
        return self._add(one, 0)

    def another_leg(self, one: Any) -> None:
        session = self.vendor.records[one.name]["telephonySessionId"]
        self._add(one, len(one.legs) - 1, session=session)

    def _add(self, one: Any, number: int, session: str = "") -> str:
        (customer, line), talk = self._ends, one.legs[number]
        result = "Missed" if talk is None else "Accepted"
        at = one.start + timedelta(seconds=100 * number)
        told = {"extension": self.extensions[bool(number)], "line": line, "result": result, "lasting": talk or 5}
        return self.vendor.add_call("Inbound", customer, at, session=session, **told)
