"""What changed in Zoho, for one credit when little did (zoho.md 2.6, 3.8).

1. One Composite asks each loaded module for its 25 latest changes, and one further list in the fifth place.
2. A module with more than fits is asked directly, all since its mark, oldest first.
3. What fails is noted, and its mark stays. Nothing is ever taken for deleted that Zoho does not list as deleted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from activity_sync.model.failures import ConnectionFailure, SignInAgain, Unexpected
from activity_sync.model.ports import Clock, Refreshed
from activity_sync.model.records import SHADOWED, Module, OrgFacts
from activity_sync.zoho import composite
from activity_sync.zoho.asking import Asking, readable
from activity_sync.zoho.client import Call, ScopeMissing
from activity_sync.zoho.composite import Part, PartAnswer
from activity_sync.zoho.coql import COMPOSITE_ROWS, FEW_ROWS, MOST_ROWS, Query, is_limit, moment, page_of
from activity_sync.zoho.lists import NEXT, ListAsk, ListReading, choose, first_marks
from activity_sync.zoho.marks import Mark, read_mark
from activity_sync.zoho.news import News
from activity_sync.zoho.payloads import moment_of, to_row
from activity_sync.zoho.refusals import Fault, ZohoRefused

_WITHOUT_COMPOSITE = timedelta(hours=6)


class Changes:
    """Reads changes. Remembers for some hours that this organisation refuses Composites."""

    def __init__(self, asking: Asking, clock: Clock) -> None:
        self._asking = asking
        self._clock = clock
        self._composite_after: datetime | None = None

    def since(self, cursors: Mapping[str, str], org: OrgFacts) -> Refreshed:
        """Everything since these cursors; a module without a cursor is not loaded, and left alone.

        Raises SignInAgain, TryLater, OutOfCredits, Unexpected when nothing could be read at all.
        """
        now = self._clock()
        news = News()
        known = {module: mark for module in SHADOWED if (mark := read_mark(cursors, module, now))}
        marks = {module: mark for module, mark in known.items() if readable(module, org)}
        news.notes += [f"{module} cannot be read by the connected Zoho user" for module in known if module not in marks]
        if not marks:
            return news.refreshed()
        begun = first_marks(cursors, marks, org, now)
        news.cursors.update(begun)
        ask, following = choose({**begun, **cursors}, marks, org, self._asking.columns, now)
        parts = [_part(module, mark, self._asking.columns.of(module, org)) for module, mark in marks.items()]
        *answers, fifth = self._answers([*parts, ask.part()], ask, now)
        for (module, mark), answer in zip(marks.items(), answers, strict=True):
            _ModuleReading(self._asking, org, module, mark, news, now).take(answer)
        ListReading(self._asking, ask, news, now).take(fifth)
        news.cursors[NEXT] = following
        return news.refreshed()

    def _answers(self, parts: Sequence[Part], ask: ListAsk, now: datetime) -> list[PartAnswer]:
        if self._composite_after is None or now >= self._composite_after:
            try:
                answers = composite.send(self._asking.client, parts, "changes")
            except (ZohoRefused, ScopeMissing):
                self._composite_after = now + _WITHOUT_COMPOSITE
            else:
                if answers is None:
                    raise Unexpected("Zoho's answer to a Composite has not as many parts as were asked")
                return answers
        credits = [1] * (len(parts) - 1) + [ask.credits]
        return list(self._one_by_one(parts, credits))

    def _one_by_one(self, parts: Sequence[Part], credits: Sequence[int]) -> Iterator[PartAnswer]:
        any_good = False
        for part, price in zip(parts, credits, strict=True):
            try:
                answer = self._alone(part, price)
            except SignInAgain:
                raise
            except ConnectionFailure as failure:
                if not any_good:
                    raise
                answer = PartAnswer(0, fault=Fault("NOT_CARRIED_OUT", failure.why))
            any_good = any_good or answer.is_good
            yield answer

    def _alone(self, part: Part, price: int) -> PartAnswer:
        call = Call(
            method=part.method,
            path=part.path,
            params=part.params,
            headers=part.headers,
            json=part.body,
            credits=price,
            what="changes",
        )
        try:
            answer = self._asking.client.send(call)
        except ZohoRefused as refused:
            return PartAnswer(refused.status, fault=refused.fault)
        except ScopeMissing as missing:
            return PartAnswer(401, fault=Fault("OAUTH_SCOPE_MISMATCH", missing.why))
        return PartAnswer(answer.status, answer.body)


def _part(module: Module, mark: Mark, columns: tuple[str, ...]) -> Part:
    return Part(name=module.lower(), method="POST", path="/coql", body=_latest(module, mark, columns).body())


def _latest(module: Module, mark: Mark, columns: tuple[str, ...]) -> Query:
    """Latest first: whether something is new shows at the top, however many changes the overlap holds."""
    order = "Modified_Time desc, id desc"
    return Query(module=module, columns=columns, where=mark.condition(), order=order, limit=COMPOSITE_ROWS)


@dataclass(slots=True)
class _ModuleReading:
    asking: Asking
    org: OrgFacts
    module: Module
    mark: Mark
    news: News
    now: datetime

    def take(self, answer: PartAnswer) -> None:
        """The module's part of the Composite, and directly what did not fit into it."""
        if answer.fault and not self._mendable(answer.fault, answer.status):
            self.news.notes.append(f"{self.module} could not be read: {answer.fault.words()}")
            return
        try:
            newest, whole = self._latest(answer) if answer.is_good else (None, False)
        except Unexpected as failure:
            self.news.notes.append(f"{self.module} could not be read: {failure.why}")
            return
        if whole:
            self._keep(self.mark.moved(newest, self.now, complete=True))
        elif answer.fault or (newest and newest > self.mark.at) or self.mark.is_due(self.now):
            self._all()
        else:
            self._keep(self.mark)

    def _latest(self, answer: PartAnswer) -> tuple[datetime | None, bool]:
        page = page_of(answer.answer, COMPOSITE_ROWS)
        self.news.add(self.module, self.asking.rows(self.module, page))
        return _newest(page.rows), not page.more

    def _mendable(self, fault: Fault, status: int) -> bool:
        """A refused column is left out; a direct query has no limit of 25."""
        refused = ZohoRefused(fault, status)
        query = _latest(self.module, self.mark, self.asking.columns.of(self.module, self.org))
        return is_limit(refused) or self.asking.drop_refused(self.module, query, refused)

    def _all(self) -> None:
        """All since the mark. After a failure in the middle the mark stands where the reading ended."""
        mark = self.mark
        try:
            for rows in _oldest_first(self.asking, self.module, self.org, mark.condition()):
                self.news.add(self.module, [to_row(self.module, row, self.asking.how) for row in rows])
                mark = mark.moved(_newest(rows), self.now, complete=False)
        except SignInAgain:
            raise
        except ConnectionFailure as failure:
            self.news.notes.append(f"{self.module} was read in part: {failure.why}")
        else:
            mark = mark.moved(None, self.now, complete=True)
        self._keep(mark)

    def _keep(self, mark: Mark) -> None:
        self.news.cursors.update(mark.cursors())


def _oldest_first(asking: Asking, module: Module, org: OrgFacts, where: str) -> Iterator[list[dict[str, Any]]]:
    """Pages by key: each begins at the last time of the one before, whose rows come twice; a time that fills a page is
    counted through."""
    query = Query(module=module, columns=(), where=where, order="Modified_Time asc, id asc", limit=FEW_ROWS)
    first_page = True
    while True:
        page, limit = asking.page(module, org, query, f"changes of {module}")
        yield page.rows
        if not page.more:
            return
        first, last = (moment_of(row.get("Modified_Time")) for row in (page.rows[0], page.rows[-1]))
        limit, first_page = (MOST_ROWS if first_page else limit), False
        if first == last or last is None:
            query = _further(query, query.where, query.offset + len(page.rows), limit)
        else:
            query = _further(query, f"Modified_Time >= {moment(last)}", 0, limit)


def _further(query: Query, where: str, offset: int, limit: int) -> Query:
    return Query(module=query.module, columns=(), where=where, order=query.order, limit=limit, offset=offset)


def _newest(rows: Sequence[Mapping[str, Any]]) -> datetime | None:
    return max((at for row in rows if (at := moment_of(row.get("Modified_Time")))), default=None)
