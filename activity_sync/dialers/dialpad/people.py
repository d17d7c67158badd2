"""Whose number it is: by the config, else by Dialpad's list of users (dialers.md 4.6). Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from activity_sync.model.addresses import comparable_email
from activity_sync.model.our_ends import OurEnds
from activity_sync.model.wire import Wire, text


@dataclass(frozen=True, slots=True)
class People:
    """`emails`: by the user's id. `numbers`: each user's own numbers, to whom they belong."""

    ends: OurEnds
    emails: Mapping[str, str] = field(default_factory=dict)
    numbers: Mapping[str, str] = field(default_factory=dict)

    def rep(self, target: Wire) -> str:
        """The rep's address; "" when it is nobody's. What the config says of a number or an id goes first."""
        if text(target, "type") != "user":
            return ""
        told = self.ends.extension_rep(text(target, "id")) or self.ends.extension_rep(text(target, "phone"))
        return told or comparable_email(text(target, "email")) or self.emails.get(text(target, "id"), "")

    def line_rep(self, number: str, target: Wire) -> str:
        """Whose line it is: by the config, else whose own number it is."""
        own = self.rep(target) if number and text(target, "phone") == number else ""
        return self.ends.line_rep(number) or own or self.numbers.get(number, "")

    def is_colleague(self, number: str) -> bool:
        """Whether the other side is one of our users."""
        return number in self.numbers


def to_people(ends: OurEnds, users: Iterable[object]) -> People:
    """The list as it came; users that cannot be read are as good as none."""
    read = [user for user in users if isinstance(user, Mapping)]
    emails = {text(user, "id"): _email(user) for user in read if text(user, "id")}
    numbers = {number: _email(user) for user in read for number in _texts(user, "phone_numbers")}
    return People(ends, emails, numbers)


def _email(user: Wire) -> str:
    return next((email for email in map(comparable_email, _texts(user, "emails")) if email), "")


def _texts(user: Wire, name: str) -> list[str]:
    value = user.get(name)
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []
