"""What can go wrong with another system, named by what happens next. Nobody else looks at status codes."""

from __future__ import annotations

from datetime import timedelta


class ConnectionFailure(Exception):  # noqa: N818 - the subclasses say what to do, not that it is an error
    """Something another system did. `next_step`: what a person does about it; usual for its kind, or more.

    "" only where the line that is printed has a next step of its own.
    """

    usual = ""

    def __init__(self, why: str, next_step: str = "") -> None:
        """`why`: one plain sentence without secrets."""
        super().__init__(why)
        self.why = why
        self.next_step = next_step or self.usual


class TryLater(ConnectionFailure):
    """It will pass: busy, down, unreachable. Nothing was done."""

    usual = "Nothing to do: the next round tries again."

    def __init__(self, why: str, after: timedelta | None = None) -> None:
        """`after`: how long the other side asked us to wait."""
        super().__init__(why)
        self.after = after


class SignInAgain(ConnectionFailure):
    """The credentials are refused; only a person can mend that."""


class StartOver(ConnectionFailure):
    """The cursor is refused: read all of the window again, delete nothing."""


class Refused(ConnectionFailure):
    """This request is refused for good (bad data, no permission); others may pass."""


class Unexpected(ConnectionFailure):
    """An answer that is none of the vendor's: HTML for JSON, a truncated body, a foreign shape."""

    usual = "The next round tries again. If it stays so: is its address in the config right, is a proxy in between?"


class Uncertain(ConnectionFailure):
    """A write whose answer was lost or unclear: it may have happened. Prove it before sending it again."""


class OutOfCredits(ConnectionFailure):
    """The credit budget does not allow this call now; work is left."""

    usual = "Credits come back within 24 hours; `zoho.credits` in the config says how many may be spent."
