"""Zoho's Bulk Read (zoho.md 3.6): an export of up to 200,000 records for about 53 credits, made in the background.

Every step of it is on disk before it is taken, so that a crash at any point costs at most one export.
"""

from __future__ import annotations

import csv
import io
import json
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from itertools import islice
from typing import Any, BinaryIO

from activity_sync.model.failures import TryLater, Uncertain, Unexpected
from activity_sync.model.ports import LoadPage
from activity_sync.model.records import FieldFacts, Module, OrgFacts
from activity_sync.zoho.asking import Asking
from activity_sync.zoho.client import BULK, Call, ScopeMissing
from activity_sync.zoho.coql import MOST_ROWS
from activity_sync.zoho.payloads import to_row
from activity_sync.zoho.refusals import ZohoRefused

JOB, LOOK, DOWNLOAD = 50, 1, 1
"""Credits (zoho.md 2.2)."""

_TRIES = 3
_LOOKS = 60
_WAITS = (5, 10, 20, 30, 60)
_KIND = "bulk:"
_UNDER_WAY = frozenset({"ADDED", "QUEUED", "IN PROGRESS", "IN_PROGRESS"})


class GaveUp(Exception):  # noqa: N818 - no error: the other way is taken
    """Zoho does not make this export for us."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkPlace:
    """How far a bulk read has come.

    `job`: the export under way, "" none; `token`: of the export to ask for next. `rows`: of the present export that
    were used already; `done`: of the exports before it. `looks`: how often the job was looked at; `tries`: exports
    asked for since one was used last. `total`: records expected.
    """

    job: str = ""
    token: str = ""
    rows: int = 0
    done: int = 0
    looks: int = 0
    tries: int = 0
    total: int = 0

    def text(self) -> str:
        """What is kept to resume."""
        return _KIND + json.dumps(asdict(self), separators=(",", ":"))

    def page(self, rows: Any = (), *, wait: float = 0.0) -> LoadPage:
        """A page that ends here."""
        done, rest = self.done + self.rows, timedelta(seconds=wait)
        return LoadPage(rows=rows, after=self.text(), done=done, total=self.total, wait=rest, fresh=False)


def read_place(after: str) -> BulkPlace | None:
    """The place that `text` wrote; None: it is none."""
    if not after.startswith(_KIND):
        return None
    try:
        return BulkPlace(**json.loads(after.removeprefix(_KIND)))
    except (ValueError, TypeError):
        return BulkPlace()


def bulk_load(asking: Asking, module: Module, org: OrgFacts, place: BulkPlace, purpose: str) -> Iterator[LoadPage]:
    """Pages of 2,000 records, with pages between them that only say how long to wait before the next is asked for.

    Raises what `Client.send` raises; GaveUp when the records must be read in another way.
    """
    reading = _Bulk(asking, module, org, purpose)
    while True:
        if not place.job:
            place = _one_more_try(place)
            yield place.page()  # on disk before 50 credits are spent on it
            place = reading.begin(place)
            yield place.page(wait=_WAITS[0])
        result = reading.look(place.job)
        if result is None:
            place = replace(place, looks=place.looks + 1)
            if place.looks > _LOOKS:
                raise GaveUp("the export does not come to an end")
            yield place.page(wait=_WAITS[min(place.looks, len(_WAITS) - 1)])
            continue
        if not result.known:
            place = BulkPlace(tries=place.tries, total=place.total)
            continue
        for reached, page in reading.use(place, result):
            yield page
            if not page.after:
                return
            place = reached


def _one_more_try(place: BulkPlace) -> BulkPlace:
    if place.tries >= _TRIES:
        raise GaveUp(f"{_TRIES} exports were asked for, and none could be used")
    return replace(place, tries=place.tries + 1)


@dataclass(frozen=True, slots=True)
class _Result:
    """A finished job. `known` False: Zoho does not know it any more (an export is kept for a day)."""

    count: int = 0
    token: str = ""
    known: bool = True


@dataclass(frozen=True, slots=True)
class _Bulk:
    asking: Asking
    module: Module
    org: OrgFacts
    purpose: str

    def begin(self, place: BulkPlace) -> BulkPlace:
        """Ask for the next export. A token that is refused (it lives a day) means to begin with the first again."""
        columns = self.asking.columns.of(self.module, self.org)
        fields = [name for name in columns if name != "id"]
        first = {"module": {"api_name": str(self.module)}, "fields": fields, "page": 1}
        query = {"page_token": place.token} if place.token else first
        call = self._call("POST", "/read", JOB, json={"query": query, "file_type": "csv"}, writes=True)
        try:
            rows = self.asking.client.send(call).rows()
        except ScopeMissing as missing:
            raise GaveUp(missing.why) from missing
        except ZohoRefused as refused:
            if place.token:
                return replace(self.begin(BulkPlace(tries=place.tries, total=place.total)), tries=place.tries)
            raise GaveUp(refused.why) from refused
        except Uncertain as lost:  # if it was made, it is not used: the next try makes another
            raise TryLater(lost.why) from lost
        job = _job_id(rows)
        if not job:
            raise GaveUp("Zoho took the export but gave no id")
        return replace(place, job=job, looks=0, rows=0)

    def look(self, job: str) -> _Result | None:
        """The finished job; None: it is under way."""
        try:
            rows = self.asking.client.send(self._call("GET", f"/read/{job}", LOOK)).rows()
        except ZohoRefused as refused:
            if refused.fault.code in {"RESOURCE_NOT_FOUND", "INVALID_DATA"}:
                return _Result(known=False)
            raise GaveUp(refused.why) from refused
        state = str(rows[0].get("state") or "").upper() if rows else ""
        if state in _UNDER_WAY:
            return None
        result = rows[0].get("result") if rows else None
        if state != "COMPLETED" or not isinstance(result, dict):
            raise GaveUp(f"Zoho ended the export with {state or 'no state'}")
        more, token = result.get("more_records"), result.get("next_page_token")
        if more and not isinstance(token, str):
            raise GaveUp("Zoho has more records, but no token for them")
        return _Result(count=int(result.get("count") or 0), token=str(token) if more else "")

    def use(self, place: BulkPlace, result: _Result) -> Iterator[tuple[BulkPlace, LoadPage]]:
        """The file behind the rows that were used already, in pages; then the place of the export after it."""
        with tempfile.TemporaryFile() as file:
            self._download(place.job, file)
            rows = _rows_of(file)
            used = sum(1 for _ in islice(rows, place.rows))
            for some in iter(lambda: list(islice(rows, MOST_ROWS)), []):
                used += len(some)
                place = replace(place, rows=used)
                last = used >= result.count and not result.token
                yield place, self._page(place, some, last=last)
                if last:
                    return
        if used < result.count:
            raise Unexpected(f"Zoho's export of {self.module} holds {used} of {result.count} records")
        place = BulkPlace(token=result.token, done=place.done + used, total=place.total)
        yield place, place.page() if result.token else self._page(place, [], last=True)

    def _page(self, place: BulkPlace, rows: list[dict[str, str]], *, last: bool) -> LoadPage:
        facts = self.org.fields.get(self.module, {})
        records = [to_row(self.module, typed(row, facts), self.asking.how) for row in rows]
        page = place.page(records)
        return replace(page, after="") if last else page

    def _download(self, job: str, file: BinaryIO) -> None:
        try:
            self.asking.client.download(self._call("GET", f"/read/{job}/result", DOWNLOAD), file)
        except ZohoRefused as refused:
            raise GaveUp(refused.why) from refused
        file.seek(0)

    def _call(self, method: str, path: str, credits: int, *, json: Any = None, writes: bool = False) -> Call:
        what = f"bulk read of {self.module}"
        return Call(
            method=method,
            path=path,
            base=BULK,
            what=what,
            purpose=self.purpose,
            credits=credits,
            json=json,
            writes=writes,
        )


def _job_id(rows: list[dict[str, Any]]) -> str:
    details = rows[0].get("details") if rows else None
    found = details.get("id") if isinstance(details, dict) else None
    return found if isinstance(found, str) else ""


def _rows_of(file: BinaryIO) -> Iterator[dict[str, str]]:
    """The records of a zipped CSV, one by one. Raises Unexpected when it is damaged, or none."""
    try:
        with zipfile.ZipFile(file) as archive:
            name = next((one for one in archive.namelist() if one.endswith(".csv")), None)
            if name is None:
                raise Unexpected("Zoho's export holds no CSV file")
            with archive.open(name) as packed, io.TextIOWrapper(packed, encoding="utf-8-sig", newline="") as text:
                for row in csv.DictReader(text):
                    if not row.get("id"):
                        raise Unexpected("Zoho's export has rows without an id")
                    yield row
    except (zipfile.BadZipFile, csv.Error, UnicodeDecodeError, EOFError) as error:
        raise Unexpected(f"Zoho's export is damaged ({type(error).__name__})") from error


_LOOKUPS = frozenset({"lookup", "ownerlookup", "userlookup"})
_NUMBERS = frozenset({"integer", "double", "currency", "percent", "decimal"})


def typed(row: Mapping[str, str], facts: Mapping[str, FieldFacts]) -> dict[str, Any]:
    """A CSV row as COQL would have given it: by the types of the org's metadata."""
    return {name: _value(facts.get(name), name, text) for name, text in row.items() if name}


def _value(fact: FieldFacts | None, name: str, text: str | None) -> Any:
    if not text:
        return None
    kind = fact.data_type if fact is not None else ""
    if kind == "boolean" or name == "Converted__s":
        return text.casefold() == "true"
    if kind in _LOOKUPS:
        return {"id": text}
    if kind in _NUMBERS:
        return _number(text)
    return text.split(";") if kind == "multiselectpicklist" else text


def _number(text: str) -> Any:
    try:
        number = float(text)
    except ValueError:
        return text
    return int(number) if number.is_integer() and "." not in text else number


def is_worth_it(rows: int) -> bool:
    """Whether an export costs less than pages of 2,000 records, three credits each."""
    exports = -(-rows // 200_000)
    return exports * (JOB + 2 * LOOK + DOWNLOAD) < 3 * -(-rows // MOST_ROWS)
