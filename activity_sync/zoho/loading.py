"""All records of a module, resumable at any page, in the cheapest way for its size (zoho.md 2.6).

COQL gives 2,000 rows for three credits, in the order of ids. When the first page was not all, the number of records
is asked for (one credit), and from about 34,000 on Zoho is asked for an export instead. Where the number cannot be
had, that many are read by COQL before an export is tried.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from activity_sync.model.failures import ConnectionFailure, OutOfCredits, SignInAgain, Unexpected
from activity_sync.model.ports import LoadPage
from activity_sync.model.records import Module, OrgFacts
from activity_sync.zoho.asking import Asking, need_readable
from activity_sync.zoho.bulk import BulkPlace, GaveUp, bulk_load, is_worth_it, read_place
from activity_sync.zoho.client import Call, ScopeMissing
from activity_sync.zoho.coql import MOST_ROWS, Page, Query, quoted
from activity_sync.zoho.refusals import ZohoRefused

_MOST_OFFSET = 100_000
_UNTOLD = 40_000
"""So many records are read by COQL before an export is tried where Zoho does not tell how many there are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """How far a reading by COQL has come: behind the row `last`, the `count`-th of `total` (0: not known).

    `limit`: of a page, 0: the most. `by_id`: whether ids can be compared. `bulk`: whether an export may be tried still.
    `asked`: whether the number of records was asked for.
    """

    last: str = ""
    count: int = 0
    limit: int = 0
    by_id: bool = True
    total: int = 0
    bulk: bool = True
    asked: bool = False

    def text(self) -> str:
        how = f"{'id' if self.by_id else 'offset'}"
        return f"{how}:{self.last}:{self.count}:{self.limit}:{self.total}:{self.bulk:d}:{self.asked:d}"

    def query(self, module: Module) -> Query:
        by_id = self.by_id and bool(self.last)
        where = f"id > {quoted(self.last)}" if by_id else "id is not null"
        offset = 0 if by_id else self.count
        return Query(
            module=module, columns=(), where=where, order="id asc", limit=self.limit or MOST_ROWS, offset=offset
        )


def load(asking: Asking, module: Module, org: OrgFacts, after: str, purpose: str = "reading") -> Iterator[LoadPage]:
    """Pages from `after` ("": the beginning) on; at least one, though it may be empty.

    Raises what `Client.send` raises, Refused for a module that cannot be read, Unexpected when the pages do not end.
    """
    need_readable(module, org)
    exporting = read_place(after)
    place = _read_place(after)
    if exporting is None:
        for page in _by_query(asking, module, org, place, purpose):
            yield page
            exporting = read_place(page.after)
    if exporting is not None:
        yield from _by_export(asking, module, org, exporting, purpose)


def _by_export(
    asking: Asking, module: Module, org: OrgFacts, place: BulkPlace, purpose: str
) -> Iterator[LoadPage]:  # fmt: skip
    """The export; where there is none to be had, everything by COQL, from the beginning."""
    try:
        yield from bulk_load(asking, module, org, place, purpose)
    except GaveUp:
        yield from _by_query(asking, module, org, _Place(total=place.total, bulk=False, asked=True), purpose)


def _by_query(asking: Asking, module: Module, org: OrgFacts, place: _Place, purpose: str) -> Iterator[LoadPage]:
    """Pages by COQL; the last one names an export to go on with, or nothing."""
    while True:
        page, place = _next(asking, module, org, place, purpose)
        rows = asking.rows(module, page)
        if not page.more:
            yield LoadPage(rows=rows, after="", done=place.count, total=place.count)
            return
        place = _sized(asking, module, place, purpose)
        export = BulkPlace(total=place.total) if _exports(place) else None
        after = export.text() if export else place.text()
        yield LoadPage(rows=rows, after=after, done=place.count, total=max(place.total, place.count))
        if export:
            return


def _exports(place: _Place) -> bool:
    if not place.bulk:
        return False
    # The export brings all of it, also what was read already: only what is left is saved.
    return is_worth_it(place.total - place.count) if place.total else place.count >= _UNTOLD


def _sized(asking: Asking, module: Module, place: _Place, purpose: str) -> _Place:
    """With the number of records, asked for once (zoho.md 3.4); 0 when Zoho does not tell it."""
    if place.asked:
        return place
    call = Call(method="GET", path=f"/{module}/actions/count", what=f"number of {module}", purpose=purpose)
    try:
        body = asking.client.send(call).body
    except (ZohoRefused, ScopeMissing):
        body = None
    except (OutOfCredits, SignInAgain):
        raise
    except ConnectionFailure:
        body = None  # a number that is nice to have; the pages will tell what ails Zoho
    said = body.get("count") if isinstance(body, dict) else None
    return replace(place, asked=True, total=said if isinstance(said, int) else 0)


def _read_place(after: str) -> _Place:
    kind, _, rest = after.partition(":")
    pieces = rest.split(":")
    if len(pieces) < 3 or not all(piece.isdecimal() for piece in pieces[1:]):
        return _Place()
    last, count, limit = pieces[0], int(pieces[1]), int(pieces[2])
    place = _Place(last=last, count=count, limit=limit, by_id=kind == "id")
    if len(pieces) < 6:
        return place
    return replace(place, total=int(pieces[3]), bulk=pieces[4] == "1", asked=pieces[5] == "1")


def _next(asking: Asking, module: Module, org: OrgFacts, place: _Place, purpose: str) -> tuple[Page, _Place]:
    """The page behind `place`. Whether ids can be compared is not known (zoho.md 11): if not, rows are counted."""
    if not place.by_id and place.count > _MOST_OFFSET:
        raise Unexpected(f"Zoho shows only the first {_MOST_OFFSET} {module} when ids cannot be compared")
    what = f"load {module}"
    try:
        page, limit = asking.page(module, org, place.query(module), what, purpose)
    except ZohoRefused:
        if not place.by_id or not place.last:
            raise
        return _next(asking, module, org, replace(place, by_id=False), purpose)
    if place.by_id and place.last and _went_back(page, place.last):
        return _next(asking, module, org, replace(place, by_id=False), purpose)
    last = page.rows[-1]["id"] if page.rows else place.last
    return page, replace(place, last=last, count=place.count + len(page.rows), limit=limit)


def _went_back(page: Page, last: str) -> bool:
    """Whether the comparison was not heeded, or was made by letters: ids are numbers."""
    return any(_number(row["id"]) <= _number(last) for row in page.rows)


def _number(record_id: str) -> tuple[int, str]:
    return (len(record_id), record_id)
