"""A Zoom Phone account as a source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeGuard

import orjson

from activity_sync.dialers.zoom_phone.client import ROOT, Client
from activity_sync.dialers.zoom_phone.elements import Element, to_elements
from activity_sync.dialers.zoom_phone.memory import Plain, is_fresh, is_plain, taken_apart
from activity_sync.dialers.zoom_phone.people import People, to_emails, to_end
from activity_sync.dialers.zoom_phone.sign_in import AccountDesk
from activity_sync.dialers.zoom_phone.translation import needs_path, our_end, record_id, to_call_leg
from activity_sync.model import call_window
from activity_sync.model.call_records import each_once, looked_up, read_each
from activity_sync.model.failures import Refused
from activity_sync.model.interactions import CallLeg
from activity_sync.model.lasting import Lasting
from activity_sync.model.our_ends import ends_of
from activity_sync.model.ports import Changes, Clock, Span, TokenStore
from activity_sync.model.settings import Settings, ZoomPhoneDialer
from activity_sync.model.whole_account import WholeAccount
from activity_sync.model.wire import NoCall, Wire
from activity_sync.net.sign_in import TokenSignIn

ACCOUNTS = "https://zoom.us"
_PATHS_KEPT = 20_000

Paths = Mapping[str, Sequence[Element]]


@dataclass(slots=True)
class ZoomPhone(WholeAccount):
    """Reads the account's history from a little before the newest call seen; repeats stop at the fingerprint.

    The path of a call that a customer had with somebody is asked for once, and again only when its record has
    changed, or while the call is young and has none: the list alone does not tell who took it from a queue or after a
    transfer.
    """

    dialer: ZoomPhoneDialer
    whole: Settings
    tokens: TokenStore = field(repr=False)
    clock: Clock
    client: Client = field(init=False)
    _emails: Lasting[Mapping[str, str]] = field(default_factory=Lasting)
    _plain: Plain = field(default_factory=Plain)
    _paths: dict[str, tuple[bytes, Sequence[Element]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        root = self.dialer.api_url or ROOT
        accounts = self.dialer.accounts_url or self.dialer.api_url or ACCOUNTS
        auth = TokenSignIn(AccountDesk(self.dialer, accounts, self.clock), self.tokens, self.clock)
        self.client = Client(root, auth, self.clock)

    def read(self, part: str, cursor: str, span: Span) -> Changes:
        """Calls that are over. Raises SignInAgain, TryLater, StartOver, Refused, Unexpected."""
        del part
        bare, self._plain = taken_apart(cursor)
        since, seen = call_window.begin(call_window.read_cursor(bare), span)
        self.client.vendor.begin()
        until = call_window.until(span)
        found = self.client.calls(since, until + call_window.OVERLAP if until else None)
        records = list(each_once(found, record_id))
        changes = call_window.changes(read_each(records, record_id, self._with(records)), span, seen)
        return replace(changes, cursor=self._plain.beside(changes.cursor, span.now))

    def again(self, part: str, native_ids: Sequence[str]) -> Changes:
        """These records, one by one."""
        del part
        self.client.vendor.begin()
        found = {native: self.client.path(native) for native in native_ids}
        return looked_up(found, record_id, self._with([one for one in found.values() if one is not None]))

    def probe(self, part: str) -> str:
        """Asks for one record, its path, and the users: each needs a permission of its own."""
        del part
        self.client.vendor.begin()
        for record in self.client.probe():
            if _is_worth(record):
                self.client.path(record_id(record))
        self._emails.forget()
        reps = sum(1 for email in set(self._directory().values()) if email)
        return f"Zoom lets us read the account's call history; {reps} users have an e-mail address"

    def close(self) -> None:
        """End all connections."""
        self.client.vendor.close()

    def _with(self, records: Sequence[object]) -> _Translated:
        paths = {record_id(one): self._path(one) for one in records if _is_worth(one)}
        read = [one for one in records if isinstance(one, Mapping)]
        ends = [to_end(one, side) for one in read for side in ("caller", "callee")]
        ends += [element.ours for elements in paths.values() for element in elements]
        emails = self._directory() if any(end.is_nameless for end in ends) else {}
        people = People(ends_of(self.dialer, self.whole), emails)
        return _Translated(self.name, people, paths)

    def _path(self, record: Wire) -> Sequence[Element]:
        """Out of memory where the record is as it was."""
        if self._plain.knows(record):
            return ()
        uuid, mark = record_id(record), orjson.dumps(record, option=orjson.OPT_SORT_KEYS)
        held = self._paths.get(uuid)
        if held is not None and held[0] == mark:
            return held[1]
        path = record if "call_elements" in record else self.client.path(uuid)
        elements = to_elements(path or {})
        if not elements and is_fresh(record, self.clock()):
            return ()
        if is_plain(our_end(record), elements):
            self._plain.add(record)
            return ()
        if len(self._paths) >= _PATHS_KEPT:
            self._paths.pop(next(iter(self._paths)))
        self._paths[uuid] = (mark, elements)
        return elements

    def _directory(self) -> Mapping[str, str]:
        return self._emails.told(self.clock(), lambda: to_emails(self._listed()))

    def _listed(self) -> Sequence[object]:
        """Nobody where there is no such list: the records name their people as a rule."""
        try:
            return list(self.client.users())
        except Refused:
            return ()


@dataclass(frozen=True, slots=True)
class _Translated:
    source: str
    people: People
    paths: Paths

    def __call__(self, record: Wire) -> CallLeg:
        elements = self.paths.get(record_id(record), ())
        return to_call_leg(record, elements, source=self.source, people=self.people)


def _is_worth(record: object) -> TypeGuard[Wire]:
    """Whether a request for its path is."""
    try:
        record_id(record)
    except NoCall:
        return False
    return isinstance(record, Mapping) and needs_path(record)
