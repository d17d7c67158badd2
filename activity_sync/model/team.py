"""Who is ours: Zoho users and their aliases, the team's domains, our own numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from activity_sync.model.addresses import domain_of, folded_email, is_gmail
from activity_sync.model.records import User


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """Our people. `aliases`: another address of ours to the one that Zoho knows. `numbers`: E.164, our own lines."""

    users: Mapping[str, User] = field(default_factory=dict)
    aliases: Mapping[str, str] = field(default_factory=dict)
    domains: frozenset[str] = frozenset()
    numbers: frozenset[str] = frozenset()
    default_owner: str = ""
    _homes: dict[str, str] = field(default_factory=dict, init=False, repr=False, compare=False)
    _by_id: dict[str, User] = field(default_factory=dict, init=False, repr=False, compare=False)
    _mailboxes: dict[str, str] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Users are asked for by id more often than there are any; at Gmail one mailbox has many spellings."""
        self._by_id.update({user.id: user for user in reversed(list(self.users.values()))})
        known = {**{email: email for email in self.users}, **self.aliases}
        self._mailboxes.update({folded_email(email): home for email, home in known.items() if is_gmail(email)})

    def is_ours(self, email: str) -> bool:
        """Whether an address (comparable) belongs to our side."""
        return domain_of(email) in self.domains or self.home(email) in self.users

    def home(self, email: str) -> str:
        """The address under which Zoho knows this person of ours; the address itself when it knows none."""
        known = self._homes.get(email)
        if known is None:
            known = self._homes[email] = self._found(email)
        return known

    def _found(self, email: str) -> str:
        for form in (email, folded_email(email)):
            if form in self.aliases:
                return self.aliases[form]
            if form in self.users:
                return form
        return self._mailboxes.get(folded_email(email), email)

    def user(self, email: str) -> User | None:
        """The Zoho user with this address or alias, active or not."""
        return self.users.get(self.home(email))

    def active(self, email: str) -> User | None:
        """The Zoho user with this address or alias, if he or she can own records."""
        user = self.user(email)
        return user if user is not None and user.active else None

    def by_id(self, user_id: str) -> User | None:
        """The Zoho user with this id."""
        return self._by_id.get(user_id)
