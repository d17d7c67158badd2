"""A JustCall account as a source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from activity_sync.dialers.justcall.client import ROOT, Client
from activity_sync.dialers.justcall.translation import to_call_leg
from activity_sync.model import call_window
from activity_sync.model.addresses import comparable_email
from activity_sync.model.interactions import CallLeg
from activity_sync.model.lasting import Lasting
from activity_sync.model.our_ends import OurEnds, ends_of
from activity_sync.model.ports import Changes, Clock, Span, Unreadable
from activity_sync.model.settings import JustCallDialer, Settings
from activity_sync.model.whole_account import WholeAccount
from activity_sync.model.wire import NoCall, identity, text
from activity_sync.net.api_key import ApiKey


@dataclass(slots=True)
class JustCall(WholeAccount):
    """Reads from a little before the newest call seen; repeats stop at the fingerprint. One record is one call."""

    dialer: JustCallDialer
    whole: Settings
    clock: Clock
    client: Client = field(init=False)
    ends: OurEnds = field(init=False)
    _agents: Lasting[Mapping[str, str]] = field(default_factory=Lasting)

    def __post_init__(self) -> None:
        auth = ApiKey(f"{self.dialer.api_key.get_secret_value()}:{self.dialer.api_secret.get_secret_value()}")
        self.client = Client(self.dialer.api_url or ROOT, auth, self.clock)
        self.ends = ends_of(self.dialer, self.whole)

    def read(self, part: str, cursor: str, span: Span) -> Changes:
        """Calls that are over. Raises SignInAgain, TryLater, StartOver, Refused, Unexpected."""
        del part
        since, seen = call_window.begin(call_window.read_cursor(cursor), span)
        self.client.vendor.begin()
        calls: dict[Any, object] = {}
        for number, call in enumerate(self.client.calls(since, call_window.until(span))):
            calls[_name(call) or number] = call  # a page may repeat what came before
        return call_window.changes(map(self._read_one, calls.values()), span, seen)

    def again(self, part: str, native_ids: Sequence[str]) -> Changes:
        """These calls, one by one."""
        del part
        self.client.vendor.begin()
        found = {native: self.client.one(native) for native in native_ids}
        read = [self._read_one(call) for call in found.values() if call is not None]
        return Changes(
            sightings=[one for one in read if isinstance(one, CallLeg) and one.final],
            gone=[native for native, call in found.items() if call is None],
            unreadable=[one for one in read if isinstance(one, Unreadable)],
        )

    def probe(self, part: str) -> str:
        """Asks for one call."""
        del part
        self.client.vendor.begin()
        self.client.probe()
        return "JustCall lets us read the account's calls"

    def close(self) -> None:
        """End all connections."""
        self.client.vendor.close()

    def _agent(self, number: str) -> str:
        """The address of an agent whom a call names without it; asked for only then."""
        return self._agents.told(self.clock(), self._asked).get(number, "") if number else ""

    def _asked(self) -> Mapping[str, str]:
        people = (one for one in self.client.users() if isinstance(one, Mapping))
        return {text(one, "id"): comparable_email(text(one, "email")) for one in people}

    def _read_one(self, call: object) -> CallLeg | Unreadable:
        if not isinstance(call, Mapping):
            return Unreadable("a call", "it is no call")
        try:
            return to_call_leg(call, source=self.name, ends=self.ends, agent=self._agent)
        except NoCall as reason:
            return Unreadable(_name(call) or "a call", str(reason))


def _name(call: object) -> str:
    try:
        return f"call {identity(call, 'id')}"
    except NoCall:
        return ""
