"""The first load of a module: pages of 2,000 by COQL, in the order of ids, resumable at any page (zoho.md 2.6)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from activity_sync.model.failures import Unexpected
from activity_sync.model.ports import LoadPage
from activity_sync.model.records import Module, OrgFacts
from activity_sync.zoho.asking import Asking, need_readable
from activity_sync.zoho.coql import MOST_ROWS, Page, Query, quoted
from activity_sync.zoho.refusals import ZohoRefused

_MOST_OFFSET = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """How far a load has come: behind the row `last`, the `count`-th. `by_id`: whether ids can be compared."""

    last: str = ""
    count: int = 0
    limit: int = MOST_ROWS
    by_id: bool = True

    def text(self) -> str:
        return f"{'id' if self.by_id else 'offset'}:{self.last}:{self.count}:{self.limit}"

    def query(self, module: Module) -> Query:
        by_id = self.by_id and bool(self.last)
        where = f"id > {quoted(self.last)}" if by_id else "id is not null"
        offset = 0 if by_id else self.count
        return Query(module=module, columns=(), where=where, order="id asc", limit=self.limit, offset=offset)


def load(asking: Asking, module: Module, org: OrgFacts, after: str) -> Iterator[LoadPage]:
    """Pages from `after` ("": the beginning) on; at least one, though it may be empty.

    Raises what `Client.send` raises, Refused for a module that cannot be read, Unexpected when the pages do not end.
    """
    need_readable(module, org)
    place = _read_place(after)
    while True:
        page, place = _next(asking, module, org, place)
        yield LoadPage(rows=asking.rows(module, page), after=place.text() if page.more else "")
        if not page.more:
            return


def _read_place(after: str) -> _Place:
    kind, _, rest = after.partition(":")
    last, _, numbers = rest.partition(":")
    count, _, limit = numbers.partition(":")
    if not (count.isdecimal() and limit.isdecimal()):
        return _Place()
    return _Place(last=last, count=int(count), limit=int(limit), by_id=kind == "id")


def _next(asking: Asking, module: Module, org: OrgFacts, place: _Place) -> tuple[Page, _Place]:
    """The page behind `place`. Whether ids can be compared is not known (zoho.md 11): if not, rows are counted."""
    if not place.by_id and place.count > _MOST_OFFSET:
        raise Unexpected(f"Zoho shows only the first {_MOST_OFFSET} {module} when ids cannot be compared")
    what = f"load {module}"
    try:
        page, limit = asking.page(module, org, place.query(module), what)
    except ZohoRefused:
        if not place.by_id or not place.last:
            raise
        return _next(asking, module, org, replace(place, by_id=False))
    if place.by_id and place.last and _went_back(page, place.last):
        return _next(asking, module, org, replace(place, by_id=False))
    last = page.rows[-1]["id"] if page.rows else place.last
    return page, replace(place, last=last, count=place.count + len(page.rows), limit=limit)


def _went_back(page: Page, last: str) -> bool:
    """Whether the comparison was not heeded, or was made by letters: ids are numbers."""
    return any(_number(row["id"]) <= _number(last) for row in page.rows)


def _number(record_id: str) -> tuple[int, str]:
    return (len(record_id), record_id)
