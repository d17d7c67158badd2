"""3CX's call-detail records: the columns in their usual order, no quotes, a line for each stretch of a call."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from activity_sync.simulator.dialers.cdr.log_file import LogFile

COLUMNS = (
    "historyid", "callid", "duration", "time-start", "time-answered", "time-end", "reason-terminated", "from-no",
    "to-no", "from-dn", "to-dn", "dial-no", "reason-changed", "final-number", "final-dn", "bill-code", "chain",
    "from-type", "to-type", "final-type", "from-dispname", "to-dispname", "final-dispname", "missed-queue-calls",
)  # fmt: skip

Told = dict[str, str]


@dataclass(slots=True)
class ThreeCxWriter:
    """Makes lines and writes them."""

    file: LogFile
    zone: tzinfo = field(default_factory=lambda: ZoneInfo("Europe/London"))
    columns: tuple[str, ...] = COLUMNS
    _ids: count[int] = field(default_factory=lambda: count(1))

    def record(
        self,
        at: datetime,
        caller: str,
        called: str,
        *,
        ring: int = 10,
        talk: int | None = None,
        history: str = "",
        **more: Any,
    ) -> Told:
        """A line by column names; hyphens of the names are written as underscores in `more`."""
        number = next(self._ids)
        ended = at + timedelta(seconds=ring + (talk or 0))
        told = dict.fromkeys(COLUMNS, "") | {
            "historyid": history or f"{number:016X}_{number}",
            "callid": f"{number:016X}_{number}",
            "duration": str(timedelta(seconds=talk or 0)).rjust(8, "0"),
            "time-start": self._local(at),
            "time-answered": "" if talk is None else self._local(at + timedelta(seconds=ring)),
            "time-end": self._local(ended),
            "reason-terminated": "dst_participant_terminated" if talk else "src_participant_terminated",
            "from-no": caller,
            "to-no": called,
            "final-number": called,
        }
        return told | {name.replace("_", "-"): str(value) for name, value in more.items()}

    def write(self, *records: Told) -> None:
        """Each as a line."""
        for told in records:
            self.file.add(self.line(told))

    def line(self, told: Told) -> str:
        """As it stands in the file."""
        return ",".join(told[name] for name in self.columns)

    def _local(self, at: datetime) -> str:
        return at.astimezone(self.zone).strftime("%Y/%m/%d %H:%M:%S")
