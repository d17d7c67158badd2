"""What `check` and `connect zoho` ask Zoho beyond the daily work."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from activity_sync.model.learned import SelfTest
from activity_sync.model.records import Module, OrgFacts


@dataclass(frozen=True, slots=True)
class Permission:
    """A permission (scope) that the access should have. `needed` False: without it something is dearer or left out."""

    name: str
    why: str
    needed: bool = True


@dataclass(frozen=True, slots=True)
class Demanded:
    """A field that a layout demands of every record of a module. `label`: its name on the screen."""

    module: Module
    layout: str
    field: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Foreign:
    """A recent activity that another tool may have logged. `owner_id`: its rep. `by`: what gives it away."""

    module: Module
    id: str
    owner_id: str
    by: str


@dataclass(frozen=True, slots=True)
class KeyFieldMade:
    """What became of one module's key field. `why`: "" when it is there and unique now."""

    module: Module
    why: str = ""


class Checkup(Protocol):
    """Zoho as `check` and `connect` see it. Raises the failures of model/failures.py."""

    def permissions(self) -> Sequence[Permission]:
        """All that this config asks for."""

    def missing(self) -> Sequence[Permission]:
        """Those that the access lacks: from what Zoho said of its token, else by trying each (about 25 credits)."""

    def demanded(self, modules: Sequence[Module]) -> Sequence[Demanded]:
        """Fields that the layouts of these modules demand: a credit each."""

    def foreign(self, since: datetime, key_field: Collection[str]) -> Sequence[Foreign]:
        """Activities since then that look like another tool's: two credits. `key_field`: where ours bear a key."""

    def self_test(self, org: OrgFacts, pause: Callable[[float], bool]) -> SelfTest:
        """Try what the documents leave open, on records of its own which it removes: about 25 credits."""

    def make_key_field(self, modules: Sequence[Module]) -> Sequence[KeyFieldMade]:
        """Make the configured key field in these modules: a credit each."""
