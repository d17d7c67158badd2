"""The fifth place of a refresh: one list each time. Changed and deleted activities come twice as often as the others:
users, deleted records, converted leads. At a refresh every half hour all activities are looked at in 4.5 hours.

Converted leads have a list of their own because they leave the usual lists without being deleted (zoho.md 6.7), and
whether COQL shows them is not confirmed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import cycle, islice
from typing import Any

from activity_sync.model.failures import ConnectionFailure, SignInAgain
from activity_sync.model.records import ACTIVITIES, SHADOWED, Module, OrgFacts
from activity_sync.zoho.asking import Asking, readable
from activity_sync.zoho.client import Answer, Call, Client
from activity_sync.zoho.columns import Columns
from activity_sync.zoho.composite import Part, PartAnswer
from activity_sync.zoho.coql import COMPOSITE_ROWS
from activity_sync.zoho.marks import Mark, read_mark
from activity_sync.zoho.news import News
from activity_sync.zoho.others import STARTS, to_other, told_of
from activity_sync.zoho.payloads import bare, moment_of, to_row, to_user
from activity_sync.zoho.refusals import ZohoRefused
from activity_sync.zoho.users import read_users

NEXT = "fifth"
MANY_USERS = "users.many"
_PER_PAGE = 200
_MOST_PAGES = 500
_GET_FIELDS = 50
_BEFORE = timedelta(hours=2)
_CONVERSION = ("Converted__s", "Converted_Account", "Converted_Contact")


@dataclass(frozen=True, slots=True, kw_only=True)
class ListAsk:
    """One list of changes. `name`: `users`, `converted`, `deleted.Contacts`, `changed.Events`, ...

    `whole`: all of it is asked for, not only what changed since the mark. `key_field`: where an activity bears our key;
    what does is ours, also when our database does not know it (any more).
    """

    name: str
    mark: Mark
    path: str
    member: str = "data"
    time: str = "Modified_Time"
    credits: int = 1
    whole: bool = False
    key_field: str = ""
    params: Mapping[str, str]

    @property
    def kind(self) -> str:
        """`users`, `converted`, `deleted` or `changed`."""
        return self.name.partition(".")[0]

    @property
    def module(self) -> Module:
        """Whose deleted or changed records these are."""
        return Module(self.name.partition(".")[2])

    def part(self) -> Part:
        """As the part of a Composite."""
        params = {**self.params, "per_page": str(COMPOSITE_ROWS)}
        return Part(name="fifth", method="GET", path=self.path, params=params, headers=self._headers())

    def all_rows(self, client: Client) -> Iterator[dict[str, Any]]:
        """All pages, asked for directly. Raises what `Client.send` raises."""
        place = {"page": "1"}
        for page in range(1, _MOST_PAGES + 1):
            params = {**self.params, **place, "per_page": str(_PER_PAGE)}
            call = Call(
                method="GET",
                path=self.path,
                params=params,
                headers=self._headers(),
                credits=self.credits,
                what=f"changes: {self.name}",
            )
            answer = client.send(call)
            yield from answer.rows(self.member)
            if not answer.more():
                return
            token = answer.body["info"].get("next_page_token")  # without it lists end after 2,000 rows
            place = {"page_token": token} if isinstance(token, str) and token else {"page": str(page + 1)}

    def time_of(self, row: Mapping[str, Any]) -> datetime | None:
        """When this change happened."""
        return moment_of(row.get(self.time))

    def _headers(self) -> dict[str, str]:
        return (
            {} if self.whole else {"If-Modified-Since": self.mark.floor.astimezone(UTC).isoformat(timespec="seconds")}
        )


def choose(
    cursors: Mapping[str, str], loaded: Mapping[Module, Mark], org: OrgFacts, columns: Columns, now: datetime
) -> tuple[ListAsk, str]:
    """The list whose turn it is, and the turn after it. `loaded`: the marks of the loaded modules, not empty."""
    names = rotation([module for module in SHADOWED if module in loaded or _once(cursors, module)], org)
    turn = cursors.get(NEXT, "")
    at = int(turn) % len(names) if turn.isdecimal() else 0
    return _ask(names[at], cursors, loaded, org, columns, now), str((at + 1) % len(names))


def rotation(followed: Collection[Module], org: OrgFacts) -> list[str]:
    """The names of the lists in the order of their turns, each before two of activities. `followed`: the modules whose
    deletions are asked for: of one whose changes are not followed just now they are the only proof of what has gone."""
    slow = ["users", *(f"deleted.{module}" for module in SHADOWED if module in followed)]
    slow += ["converted"] if Module.LEADS in followed else []
    ours = [module for module in ACTIVITIES if readable(module, org)]
    quick = cycle([name for module in ours for name in (f"changed.{module}", f"deleted.{module}")])
    return [name for one in slow for name in (one, *islice(quick, 2))]


def first_marks(
    cursors: Mapping[str, str], loaded: Mapping[Module, Mark], org: OrgFacts, now: datetime
) -> dict[str, str]:  # fmt: skip
    """Where the lists begin that were never read, kept from the first refresh on: when their turn comes, hours later,
    changes have been followed further. Those of activities begin at what is ours, which begins now; those of what has
    gone from a loaded module where its changes do. A little earlier, for a clock that is ahead of Zoho's."""
    ours = [module for module in ACTIVITIES if readable(module, org)]
    begins = {f"{kind}.{module}": now for module in ours for kind in ("changed", "deleted")}
    begins |= {f"deleted.{module}": mark.floor for module, mark in loaded.items()}
    begins |= {"converted": loaded[Module.LEADS].floor} if Module.LEADS in loaded else {}
    return {name: (at - _BEFORE).isoformat() for name, at in begins.items() if name not in cursors}


def _ask(
    name: str,
    cursors: Mapping[str, str],
    loaded: Mapping[Module, Mark],
    org: OrgFacts,
    columns: Columns,
    now: datetime,
) -> ListAsk:
    kind, _, module = name.partition(".")
    begin = min(mark.floor for mark in loaded.values())
    match kind:
        case "users":
            whole = not cursors.get(MANY_USERS)
            params = {"type": "AllUsers"}
            mark = _mark(cursors, name, now, begin)
            return ListAsk(name=name, mark=mark, path="/users", member="users", whole=whole, params=params)
        case "deleted":
            mark = _mark(cursors, name, now, _floor(cursors, loaded, Module(module)) or begin)
            path, params = f"/{module}/deleted", {"type": "all"}
            return ListAsk(name=name, mark=mark, path=path, time="deleted_time", credits=2, params=params)
        case "changed":
            mark = _mark(cursors, name, now, begin)
            key_field = columns.key_of(Module(module), org)
            told = _told(Module(module), key_field)
            params = {"fields": told, "sort_by": "Modified_Time", "sort_order": "desc"}
            return ListAsk(name=name, mark=mark, path=f"/{module}", key_field=key_field, params=params)
        case _:
            mark = _mark(cursors, name, now, _floor(cursors, loaded, Module.LEADS) or begin)
            selected = dict.fromkeys((*_CONVERSION, *columns.of(Module.LEADS, org)))
            fields = [field for field in selected if field != "id"][:_GET_FIELDS]
            params = {"converted": "true", "fields": ",".join(fields)}
            return ListAsk(name=name, mark=mark, path="/Leads", params=params)


def _told(module: Module, key_field: str) -> str:
    """What the list tells of an activity, for the same price: enough to know one that somebody else logged."""
    return ",".join(told_of(module, key_field)) if module in STARTS else "Modified_Time"


def _once(cursors: Mapping[str, str], module: Module) -> datetime | None:
    """How far the changes of a module had been read when they were followed last."""
    return moment_of(cursors.get(f"{module}.seen", "").partition(" ")[0])


def _floor(cursors: Mapping[str, str], loaded: Mapping[Module, Mark], module: Module) -> datetime | None:
    return loaded[module].floor if module in loaded else _once(cursors, module)


def _mark(cursors: Mapping[str, str], name: str, now: datetime, begin: datetime) -> Mark:
    mark = read_mark(cursors, name, now, begin)
    assert mark is not None
    return mark


@dataclass(slots=True)
class ListReading:
    """What became of the fifth part."""

    asking: Asking
    ask: ListAsk
    news: News
    now: datetime

    def take(self, answer: PartAnswer) -> None:
        """Use the answer, and ask directly for what did not fit into it. A failure is noted, and the mark stays."""
        try:
            if answer.fault:
                raise ZohoRefused(answer.fault, answer.status)
            if self.ask.whole:
                self._whole(answer.answer)
            else:
                self._changes(answer.answer)
        except SignInAgain:
            raise
        except ConnectionFailure as failure:
            self.news.notes.append(f"{self.ask.name} could not be read: {failure.why}")

    def _whole(self, answer: Answer) -> None:
        """All users, if they fit; else from now on only whether they changed is asked."""
        rows = answer.rows(self.ask.member)
        if answer.more() or len(rows) > COMPOSITE_ROWS:
            self.news.cursors[MANY_USERS] = "yes"
        elif rows:
            self.news.users = [to_user(row) for row in rows]

    def _changes(self, answer: Answer) -> None:
        rows, mark = answer.rows(self.ask.member), self.ask.mark
        newest = self._newest(rows)
        full = answer.more() or len(rows) >= COMPOSITE_ROWS
        read_all = not full or bool(newest and newest > mark.at) or mark.is_due(self.now)
        if self.ask.name == "users":
            if newest and newest > mark.at:
                self.news.users = read_users(self.asking.client)
        else:
            rows = list(self.ask.all_rows(self.asking.client)) if full and read_all else rows
            self._use([row for row in rows if isinstance(row.get("id"), str)])
        self.news.cursors.update(mark.moved(self._newest(rows), self.now, complete=read_all).cursors())

    def _newest(self, rows: Sequence[Mapping[str, Any]]) -> datetime | None:
        return max((at for row in rows if (at := self.ask.time_of(row))), default=None)

    def _use(self, rows: Sequence[dict[str, Any]]) -> None:
        match self.ask.kind:
            case "deleted":
                self.news.deleted[self.ask.module] = [row["id"] for row in rows]
            case "changed":
                self.news.changed[self.ask.module] = {row["id"]: at for row in rows if (at := self.ask.time_of(row))}
                told = rows if self.ask.module in STARTS else ()
                found = (to_other(self.ask.module, row, self.ask.key_field) for row in told)
                self.news.others += [one for one in found if one is not None]
            case _:
                converted = [to_row(Module.LEADS, {**bare(row), "Converted__s": True}, self.asking.how) for row in rows]
                self.news.add(Module.LEADS, converted)
