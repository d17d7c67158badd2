"""How far the shadow is: what is loaded, where reading goes on, what is held back. Kept as facts of the store."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime

from sqlmodel import Session

from activity_sync.model.records import SHADOWED
from activity_sync.store import facts

_FACT = "shadow"
_HELD = "shadow.held"
_AGREED = "shadow.agreed"

USERS = "Users"
"""How Zoho's users are called beside the modules."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far the shadow is.

    `loading`: where each unfinished first load stopped. `begun`: when it began by our clock, and `newest`: the latest
    Modified_Time that it saw; the earlier of the two is where reading changes begins, so that neither a record changed
    during the load nor a clock that is ahead of Zoho's loses a change. `cursors`: of the loaded modules.
    """

    loading: Mapping[str, str] = field(default_factory=dict)
    begun: Mapping[str, str] = field(default_factory=dict)
    newest: Mapping[str, str] = field(default_factory=dict)
    cursors: Mapping[str, str] = field(default_factory=dict)
    refused: tuple[str, ...] = ()

    @property
    def loaded(self) -> bool:
        """Whether every module is there, or is known to be closed to us."""
        return all(module in self.cursors or module in self.refused for module in SHADOWED)


def progress(session: Session) -> Progress:
    """How far the shadow is."""
    kept = facts.fact(session, _FACT) or {}
    return Progress(**{**kept, "refused": tuple(kept.get("refused", ()))})


def keep_progress(session: Session, state: Progress, now: datetime) -> None:
    """Keep it; its time is that of the last reading."""
    facts.keep_fact(session, _FACT, asdict(state), now)


def last_read(session: Session) -> datetime | None:
    """When the shadow was read last."""
    return facts.fact_at(session, _FACT)


def held(session: Session) -> dict[str, str]:
    """The modules whose refresh is stopped (and USERS), each with the reason in a sentence."""
    return dict(facts.fact(session, _HELD) or {})


def hold(session: Session, module: str, why: str | None, now: datetime) -> None:
    """Stop the refresh of a module, or (None) let it go on."""
    _keep_one(session, _HELD, module, why, now)


def agreed(session: Session) -> dict[str, str]:
    """The held modules of which a person said that what is not shown has gone; when, ISO in UTC."""
    return dict(facts.fact(session, _AGREED) or {})


def agree(session: Session, module: str, now: datetime) -> None:
    """A person says so."""
    _keep_one(session, _AGREED, module, now.isoformat(), now)


def withdraw(session: Session, module: str, now: datetime) -> None:
    """It has been done; the next time a person is asked again."""
    _keep_one(session, _AGREED, module, None, now)


def _keep_one(session: Session, name: str, module: str, text: str | None, now: datetime) -> None:
    before = dict(facts.fact(session, name) or {})
    after = {key: value for key, value in before.items() if key != module} | ({str(module): text} if text else {})
    if after != before:
        facts.keep_fact(session, name, after, now)
