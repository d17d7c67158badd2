"""Whose extension it is: by the config, else by RingCentral's own directory (dialers.md 3.9). Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from activity_sync.model.addresses import comparable_email
from activity_sync.model.our_ends import OurEnds
from activity_sync.model.wire import Wire, inner, text

_MACHINES = frozenset({"IvrMenu", "Announcement", "ApplicationExtension", "Voicemail", "Bot"})
_QUEUES = frozenset({"Department"})


@dataclass(frozen=True, slots=True)
class Extension:
    """An entry of the directory. `kind`: User, Department (a queue), IvrMenu, ..."""

    number: str
    kind: str
    email: str
    name: str


@dataclass(frozen=True, slots=True)
class People:
    """Everybody with an extension."""

    ends: OurEnds
    by_id: Mapping[str, Extension] = field(default_factory=dict)

    def rep(self, extension_id: str, number: str = "") -> str:
        """The rep's address; "" when it is nobody's. What the config says of an extension number goes first."""
        entry = self.by_id.get(extension_id) or self._by_number(number)
        told = self.ends.extension_rep(number or (entry.number if entry else ""))
        return told or self.ends.extension_rep(extension_id) or (entry.email if entry else "")

    def queue(self, extension_id: str) -> str:
        """The name of the queue; "" when it is none."""
        entry = self.by_id.get(extension_id)
        return entry.name if entry and entry.kind in _QUEUES else ""

    def is_machine(self, extension_id: str) -> bool:
        """Whether a menu or an announcement answers there, no person."""
        entry = self.by_id.get(extension_id)
        return entry is not None and entry.kind in _MACHINES

    def _by_number(self, number: str) -> Extension | None:
        return next((one for one in self.by_id.values() if number and one.number == number), None)


def to_people(ends: OurEnds, entries: Iterable[object]) -> People:
    """The directory as it came; entries that cannot be read are as good as none."""
    read = [entry for entry in entries if isinstance(entry, Mapping)]
    return People(ends, {text(entry, "id"): _extension(entry) for entry in read if text(entry, "id")})


def _extension(entry: Wire) -> Extension:
    return Extension(
        number=text(entry, "extensionNumber"),
        kind=text(entry, "type"),
        email=comparable_email(text(inner(entry, "contact"), "email")) if text(entry, "type") not in _QUEUES else "",
        name=text(entry, "name"),
    )
