"""A scene and what it must come to. The expectations are taken from the product's description, not from the program."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from activity_sync.simulator.scenes.actions import Action, When

Row = Literal["there", "none", "either"]
"""Is the interaction listed? Yes; no (it is never handed over, or cannot be read); or as its source has it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What becomes of one interaction, from round `since` on (until a later expectation of the same name).

    `at`: its start in that round. `state` "": any. `target`: (module, name) of the record it is on. `who`: name of
    the contact in Who_Id. `owner`: e-mail. `type`: the activity type. `tasks`: follow-ups in Zoho, `activities`:
    Events or Calls in Zoho (-1: one if logged). `reason`: words that the given reason holds. `holds`: texts that
    the record's fields hold. Contacts are named as in the world: twins with their number in brackets.
    """

    name: str
    kind: Literal["meeting", "call"]
    at: When
    state: str
    title: str | None = None
    since: int = 1
    row: Row = "there"
    target: tuple[str, str] | None = None
    who: str = ""
    owner: str = ""
    type: str = ""
    tasks: int = 0
    activities: int = -1
    reason: str = ""
    holds: Mapping[str, str] = field(default_factory=dict)
    number: str = ""

    @property
    def in_zoho(self) -> int:
        """How many Events or Calls there are for it."""
        return (self.state == "logged") if self.activities < 0 else self.activities


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """`name`: a plain sentence. `script`: (round, action), in order."""

    name: str
    script: tuple[tuple[int, Action], ...]
    expected: tuple[Expected, ...]

    def after(self, round_number: int) -> tuple[Expected, ...]:
        """What holds after this round, one for each interaction."""
        latest = {one.name: one for one in self.expected if one.since <= round_number}
        return tuple(latest.values())
