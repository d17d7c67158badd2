"""Whose extension it is: by the config, else by the record's address, else by Zoom's users (dialers.md 5.7). Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from activity_sync.model.addresses import comparable_email
from activity_sync.model.our_ends import OurEnds
from activity_sync.model.wire import Wire, text


@dataclass(frozen=True, slots=True)
class End:
    """One end of a call or of a part of it. `kind`: user, call_queue, auto_receptionist, ...; "" outside."""

    number: str
    kind: str
    name: str
    email: str
    extension_id: str
    extension: str

    @property
    def is_user(self) -> bool:
        """Whether it is a person of ours; some records tell only the address."""
        return self.kind == "user" or (not self.kind and bool(self.email))

    @property
    def is_nameless(self) -> bool:
        """Whether only the list of users tells who it is."""
        return self.is_user and not self.email


@dataclass(frozen=True, slots=True)
class People:
    """`emails`: by the extension's id and by its number."""

    ends: OurEnds
    emails: Mapping[str, str] = field(default_factory=dict)

    def rep(self, end: End) -> str:
        """The rep's address; "" when it is nobody's."""
        if not end.is_user:
            return ""
        told = self.ends.extension_rep(end.extension) or self.ends.extension_rep(end.extension_id)
        return told or end.email or self.emails.get(end.extension_id, "") or self.emails.get(end.extension, "")


def to_end(record: Wire, side: str) -> End:
    """`side`: caller or callee."""
    return End(
        number=text(record, f"{side}_did_number"),
        kind=text(record, f"{side}_ext_type"),
        name=text(record, f"{side}_name"),
        email=comparable_email(text(record, f"{side}_email")),
        extension_id=text(record, f"{side}_ext_id"),
        extension=text(record, f"{side}_ext_number"),
    )


def to_emails(users: Iterable[object]) -> dict[str, str]:
    """The list as it came; users that cannot be read are as good as none."""
    found: dict[str, str] = {}
    for user in users:
        if isinstance(user, Mapping):
            email = comparable_email(text(user, "email"))
            found |= {key: email for name in ("extension_id", "extension_number") if (key := text(user, name))}
    return found
