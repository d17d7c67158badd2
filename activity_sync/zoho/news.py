"""What a refresh gathers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from activity_sync.model.activities import OtherActivity
from activity_sync.model.ports import Refreshed, ShadowRow
from activity_sync.model.records import Module, User


@dataclass(slots=True)
class News:
    """Rows by module and id: what is seen twice is kept as it was seen last."""

    rows: dict[Module, dict[str, ShadowRow]] = field(default_factory=dict)
    deleted: dict[Module, list[str]] = field(default_factory=dict)
    changed: dict[Module, dict[str, datetime]] = field(default_factory=dict)
    others: list[OtherActivity] = field(default_factory=list)
    users: list[User] | None = None
    cursors: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def add(self, module: Module, rows: Sequence[ShadowRow]) -> None:
        """Records that were seen."""
        self.rows.setdefault(module, {}).update((row.record.id, row) for row in rows)

    def refreshed(self) -> Refreshed:
        """A record that was seen alive in the same breath is not deleted."""
        rows = {module: list(found.values()) for module, found in self.rows.items()}
        deleted = {
            module: [one for one in dict.fromkeys(ids) if one not in self.rows.get(module, {})]
            for module, ids in self.deleted.items()
        }
        return Refreshed(
            rows=rows,
            deleted=deleted,
            changed=self.changed,
            others=tuple(self.others),
            users=self.users,
            cursors=self.cursors,
            notes=tuple(self.notes),
        )
