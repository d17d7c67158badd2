"""The bulk reads of an organisation. A job holds the rows as they were when it was made."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class BulkJob:
    """One job: its query as sent, the page, the rows found, the token of the next page, whom to tell of its end."""

    id: str
    query: Row
    module: str
    columns: tuple[str, ...]
    page: int
    at: datetime
    rows: tuple[Row, ...]
    next_token: str | None
    callback: str = ""


@dataclass(slots=True)
class BulkJobs:
    """All jobs, the page tokens given out, the times of downloads, the jobs whose end was told."""

    jobs: dict[str, BulkJob] = field(default_factory=dict)
    tokens: dict[str, tuple[Row, int]] = field(default_factory=dict)
    downloads: deque[datetime] = field(default_factory=deque)
    called: set[str] = field(default_factory=set)
