"""One line of `check`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from activity_sync.model.failures import ConnectionFailure, OutOfCredits
from activity_sync.model.results import Exit

ZOHO = "zoho"
SOURCES = ("calendar", "dialer")


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """What was tried and what came of it, in plain words. `about`: config, database, zoho, calendar, dialer."""

    name: str
    ok: bool
    detail: str
    hint: str = ""
    about: str = "config"
    exit: Exit = Exit.FAILED

    def as_json(self) -> dict[str, object]:
        """The members that commands.md names."""
        return {"name": self.name, "ok": self.ok, "detail": self.detail, "hint": self.hint or None}


def good(name: str, detail: str, hint: str = "", about: str = "config") -> Check:
    """It is as it should be."""
    return Check(name=name, ok=True, detail=detail, hint=hint, about=about)


def bad(name: str, detail: str, hint: str = "", about: str = "config") -> Check:
    """It is not; `hint`: what to do."""
    return Check(name=name, ok=False, detail=detail, hint=hint, about=about)


def refused(name: str, failure: ConnectionFailure, about: str) -> Check:
    """A connection did not let us in, or did not answer."""
    status = Exit.OUT_OF_CREDITS if isinstance(failure, OutOfCredits) else Exit.REFUSED
    hint = failure.next_step or "Nothing to change: try again later."
    return Check(name=name, ok=False, detail=failure.why, hint=hint, about=about, exit=status)


def verdict(checks: Sequence[Check]) -> Exit:
    """0: all fine. 3: Zoho refused us, or every calendar and dialer did. 4: no credits. 1: something else is wrong."""
    wrong = [one for one in checks if not one.ok]
    sources = [one for one in checks if one.about in SOURCES]
    if any(one.about == ZOHO and one.exit is Exit.REFUSED for one in wrong):
        return Exit.REFUSED
    if sources and all(not one.ok and one.exit is Exit.REFUSED for one in sources):
        return Exit.REFUSED
    if any(one.exit is Exit.OUT_OF_CREDITS for one in wrong):
        return Exit.OUT_OF_CREDITS
    return Exit.FAILED if wrong else Exit.DONE
