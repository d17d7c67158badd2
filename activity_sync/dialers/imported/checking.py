"""An import file checked line by line, before anything is imported."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from activity_sync.dialers.imported.readings import NoRow
from activity_sync.dialers.imported.records import Format, records
from activity_sync.dialers.imported.rows import Directory, read_row


@dataclass(frozen=True, slots=True)
class Rejected:
    """One bad line, counted from 1, and what is wrong with it."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class RowReport:
    """How many rows were found, and which of them would be refused."""

    rows: int
    rejected: tuple[Rejected, ...]

    @property
    def ok(self) -> bool:
        """Whether every row would be taken."""
        return not self.rejected


def check_rows(path: Path, form: Format) -> RowReport:
    """What an import of this file would say of each row. Changes nothing. Raises OSError."""
    nobody = Directory(source="", region="")
    rows, rejected = 0, list[Rejected]()
    with path.open("rb") as stream:
        for record in records(stream, form):
            rows += record.row is not None
            try:
                if isinstance(record.row, NoRow):
                    raise record.row
                if record.row is not None:
                    read_row(record.row, nobody)
            except NoRow as reason:
                rejected.append(Rejected(record.line, str(reason)))
    return RowReport(rows, tuple(rejected))
