"""A CloudTalk company as a source."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

import httpx

from activity_sync.dialers.cloudtalk.client import ROOT, Client
from activity_sync.dialers.cloudtalk.translation import agent_id, call_id, to_call_leg
from activity_sync.model import call_window
from activity_sync.model.addresses import comparable_email
from activity_sync.model.call_records import Translated, looked_up, read_each
from activity_sync.model.failures import Refused
from activity_sync.model.lasting import Lasting
from activity_sync.model.our_ends import OurEnds, ends_of
from activity_sync.model.ports import Changes, Clock, Span
from activity_sync.model.settings import CloudTalkDialer, Settings
from activity_sync.model.whole_account import WholeAccount
from activity_sync.model.wire import inner, text


@dataclass(slots=True)
class CloudTalk(WholeAccount):
    """Reads from a little before the newest call seen; repeats stop at the fingerprint.

    Whoever was rung is inside the one record of a call. The agents are asked for only where a call names one by
    number alone: sixty requests a minute are all that the company has.
    """

    dialer: CloudTalkDialer
    whole: Settings
    clock: Clock
    client: Client = field(init=False)
    ends: OurEnds = field(init=False)
    _agents: Lasting[Mapping[str, str]] = field(default_factory=Lasting)

    def __post_init__(self) -> None:
        auth = httpx.BasicAuth(self.dialer.api_id, self.dialer.api_key.get_secret_value())
        self.client = Client(self.dialer.api_url or ROOT, auth, self.clock)
        self.ends = ends_of(self.dialer, self.whole)

    def read(self, part: str, cursor: str, span: Span) -> Changes:
        """Calls that are over. Raises SignInAgain, TryLater, StartOver, Refused, Unexpected."""
        del part
        since, seen = call_window.begin(call_window.read_cursor(cursor), span)
        self.client.vendor.begin()
        calls = list(self.client.calls(since, call_window.until(span)))
        return call_window.changes(read_each(calls, call_id, self._with(calls)), span, seen)

    def again(self, part: str, native_ids: Sequence[str]) -> Changes:
        """These calls, one by one."""
        del part
        self.client.vendor.begin()
        found = {native: self.client.one(native) for native in native_ids}
        return looked_up(found, call_id, self._with(found.values()))

    def probe(self, part: str) -> str:
        """Asks for one call and for the agents."""
        del part
        self.client.vendor.begin()
        self.client.probe()
        self._agents.forget()
        reps = sum(1 for email in self._directory().values() if email)
        return f"CloudTalk lets us read the company's calls; {reps} agents have an e-mail address"

    def close(self) -> None:
        """End all connections."""
        self.client.vendor.close()

    def _with(self, calls: Iterable[object]) -> Translated:
        named_by_id = any(isinstance(call, Mapping) and agent_id(call) for call in calls)
        agents = self._directory() if named_by_id else {}
        return partial(to_call_leg, source=self.name, ends=self.ends, agent=lambda number: agents.get(number, ""))

    def _directory(self) -> Mapping[str, str]:
        return self._agents.told(self.clock(), self._asked)

    def _asked(self) -> Mapping[str, str]:
        found = (inner(agent, "Agent") or agent for agent in self._listed() if isinstance(agent, Mapping))
        return {text(agent, "id"): comparable_email(text(agent, "email")) for agent in found}

    def _listed(self) -> Sequence[object]:
        """Nobody where there is no such list: the calls name their people as a rule."""
        try:
            return list(self.client.agents())
        except Refused:
            return ()
