"""Who is who in a Quo workspace: users and numbers by their ids (dialers.md 8.3, 8.4). Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from activity_sync.model.addresses import comparable_email
from activity_sync.model.our_ends import OurEnds
from activity_sync.model.wire import text


@dataclass(frozen=True, slots=True)
class Line:
    """One of the workspace's numbers."""

    number: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class People:
    """`emails`: by the user's id; `lines`: by the number's id."""

    ends: OurEnds
    emails: Mapping[str, str] = field(default_factory=dict)
    lines: Mapping[str, Line] = field(default_factory=dict)

    def rep(self, user: str) -> str:
        """The rep's address; "" when it is nobody's. What the config says of an id goes first."""
        return self.ends.extension_rep(user) or self.emails.get(user, "")

    def is_line(self, number: str) -> bool:
        """Whether it is a number of the workspace."""
        return any(line.number == number for line in self.lines.values())


def to_people(ends: OurEnds, users: Iterable[object], numbers: Iterable[object]) -> People:
    """The lists as they came; what cannot be read is as good as none."""
    people = [user for user in users if isinstance(user, Mapping)]
    lines = [number for number in numbers if isinstance(number, Mapping)]
    return People(
        ends,
        {text(user, "id"): comparable_email(text(user, "email")) for user in people if text(user, "id")},
        {
            text(line, "id"): Line(text(line, "phoneNumber") or text(line, "number"), text(line, "name"))
            for line in lines
            if text(line, "id")
        },
    )
