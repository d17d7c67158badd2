"""A 3CX as a source."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from activity_sync.dialers.cdr.files import probe_files, read_files
from activity_sync.dialers.cdr.growing import Line
from activity_sync.dialers.cdr.threecx.records import named, names_in, to_call_leg
from activity_sync.model.interactions import CallLeg
from activity_sync.model.our_ends import OurEnds, ends_of
from activity_sync.model.ports import Changes, Span, Unreadable
from activity_sync.model.settings import Settings, ThreeCxDialer
from activity_sync.model.whole_account import WholeAccount
from activity_sync.model.wire import NoCall


@dataclass(slots=True)
class ThreeCx(WholeAccount):
    """Each line is a leg; those with one history id are one conversation. A line is there when its stretch is over."""

    dialer: ThreeCxDialer
    whole: Settings
    ends: OurEnds = field(init=False)
    zone: ZoneInfo = field(init=False)

    def __post_init__(self) -> None:
        self.zone = ZoneInfo(self.whole.timezone)
        self.ends = ends_of(self.dialer, self.whole)

    def read(self, part: str, cursor: str, span: Span) -> Changes:
        """Lines that came since. Raises SignInAgain, StartOver."""
        del part
        return read_files(self.dialer.cdr, cursor, span, self._told)

    def again(self, part: str, native_ids: Sequence[str]) -> Changes:
        """Nothing: a line is written once."""
        del part, native_ids
        return Changes()

    def probe(self, part: str) -> str:
        """Looks at the files."""
        del part
        return probe_files(self.dialer.cdr)

    def close(self) -> None:
        """Nothing is held open."""

    def _told(self, lines: Iterable[Line]) -> Iterator[CallLeg | Unreadable]:
        for line in lines:
            if names_in(line.cells):
                continue
            try:
                row = named(line.cells, line.head, self.dialer.columns)
                yield to_call_leg(row, source=self.name, ends=self.ends, zone=self.zone)
            except NoCall as reason:
                yield Unreadable(line.where, str(reason))
