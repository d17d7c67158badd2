"""Whose line, whose extension: what the config says of a dialer's ends, however a number is written there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from activity_sync.model.addresses import NumberKind, read_number
from activity_sync.model.settings import Settings
from activity_sync.model.settings.dialers import DialerCommon


@dataclass(frozen=True, slots=True)
class OurEnds:
    """`lines`: our number to a rep's address. `extensions`: an extension, a device or a rep's own telephone to it.

    `region` stands in where a number has no country.
    """

    region: str
    lines: Mapping[str, str] = field(default_factory=dict)
    extensions: Mapping[str, str] = field(default_factory=dict)

    def line_rep(self, number: str, region: str = "") -> str:
        """Whose line this is; "" when nobody's. `region`: the line's own, where the vendor tells it."""
        return _found(self.lines, number, region or self.region) or ""

    def extension_rep(self, name: str) -> str:
        """Whose extension, device or telephone this is; "" when nobody's."""
        return _found(self.extensions, name, self.region) or ""

    def has(self, number: str) -> bool:
        """Whether a line or an extension is this number."""
        ends = (self.lines, self.extensions)
        return any(_found(written, number, self.region) is not None for written in ends)


def ends_of(dialer: DialerCommon, whole: Settings, also: Iterable[str] = ()) -> OurEnds:
    """What the config says of this dialer. `also`: further lines, of which nobody said whose they are."""
    lines = {**dict.fromkeys(also, ""), **dialer.lines}
    return OurEnds(dialer.region or whole.default_region, lines, dialer.extensions)


def _found(written: Mapping[str, str], wanted: str, region: str) -> str | None:
    if not wanted or not written:
        return None
    folded = wanted.casefold()
    number = read_number(wanted, region)
    for key, rep in written.items():
        if key.casefold() == folded:
            return rep
        if number.kind is NumberKind.E164 and read_number(key, region).e164 == number.e164:
            return rep
    return None
