"""What every dialer connection says of itself."""

from __future__ import annotations

from collections.abc import Sequence

from activity_sync.model.records import User
from activity_sync.model.settings import Dialer


class WholeAccount:
    """A dialer whose calls are read all together, whoever had them: it has one part."""

    __slots__ = ()

    dialer: Dialer

    @property
    def name(self) -> str:
        """The connection's name in the config."""
        return self.dialer.name

    @property
    def kind(self) -> str:
        """As the config has it."""
        return self.dialer.kind

    def parts(self, users: Sequence[User]) -> Sequence[str]:
        """One: the account."""
        del users
        return ("",)
