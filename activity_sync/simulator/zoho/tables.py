"""Where the records of a module are kept: found by id, in order of id, in order of Modified_Time."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

Row = dict[str, Any]
Undo = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Binned:
    """A deleted record and how it went."""

    row: Row
    by: str | None
    at: datetime
    permanent: bool = False


@dataclass(slots=True)
class Table:
    """Rows are never changed in place: each change puts a new dict, so that it can be undone."""

    rows: dict[str, Row] = field(default_factory=dict)
    bin: dict[str, Binned] = field(default_factory=dict)
    unique: dict[str, dict[str, str]] = field(default_factory=dict)
    written: dict[str, datetime] = field(default_factory=dict)
    """When a record was last written through the API or by a person: search and COQL may lag behind."""
    undo: list[Undo] | None = None
    _ids: list[str] = field(default_factory=list)
    _modified: list[tuple[datetime, str]] | None = None

    def put(self, row: Row) -> None:
        """Add a row, or replace the one with its id."""
        old = self.rows.get(row["id"])
        self._forget(old)
        self.rows[row["id"]] = row
        self._remember(row, fresh=old is None)
        if self.undo is not None:
            self.undo.append(lambda: self._set_back(row["id"], old))

    def remove(self, record_id: str, binned: Binned | None) -> None:
        """Take a row out, into the bin when `binned` is given."""
        old = self.rows.pop(record_id)
        self._forget(old, whole=True)
        if binned:
            self.bin[record_id] = binned
        if self.undo is not None:
            self.undo.append(lambda: self._set_back(record_id, old))

    def add_unique(self, name: str) -> None:
        """From now on the values of this field are told apart."""
        values = ((row.get(name), row["id"]) for row in self.rows.values())
        self.unique[name] = {value.lower(): record_id for value, record_id in values if value}

    def holder(self, name: str, value: str) -> str | None:
        """The id of the record that holds this value of a unique field."""
        return self.unique[name].get(value.lower())

    def by_id(self) -> list[str]:
        """All ids, ascending."""
        return self._ids

    def by_modified(self) -> list[tuple[datetime, str]]:
        """All (Modified_Time, id), ascending."""
        if self._modified is None:
            self._modified = sorted((row["Modified_Time"], record_id) for record_id, row in self.rows.items())
        return self._modified

    def modified_since(self, moment: datetime) -> Iterator[Row]:
        """The rows modified at or after a moment, oldest change first."""
        order = self.by_modified()
        return (self.rows[record_id] for _, record_id in order[bisect_left(order, (moment, "")) :])

    def _remember(self, row: Row, *, fresh: bool) -> None:
        if fresh:
            insort(self._ids, row["id"])
        if self._modified is not None:
            insort(self._modified, (row["Modified_Time"], row["id"]))
        for name, holders in self.unique.items():
            if row.get(name):
                holders[row[name].lower()] = row["id"]

    def _forget(self, row: Row | None, *, whole: bool = False) -> None:
        if row is None:
            return
        if whole:
            del self._ids[bisect_left(self._ids, row["id"])]
        if self._modified is not None:
            del self._modified[bisect_left(self._modified, (row["Modified_Time"], row["id"]))]
        for name, holders in self.unique.items():
            if row.get(name) and holders.get(row[name].lower()) == row["id"]:
                del holders[row[name].lower()]

    def _set_back(self, record_id: str, old: Row | None) -> None:
        self.undo = None
        if record_id in self.rows and old is None:
            self.remove(record_id, None)
        if old is not None:
            self.bin.pop(record_id, None)
            self.put(old)
