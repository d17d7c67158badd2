"""What waits for a person, and what a person answered."""

from __future__ import annotations

import hashlib
from datetime import datetime
from enum import StrEnum

from activity_sync.model.light import light_dataclass
from activity_sync.model.records import Module
from activity_sync.model.trace import Candidate


class Answer(StrEnum):
    """What a rule says. DEAL: activities with this person go on that deal while it is one of those in question; who
    is not certain is of its account."""

    RECORD = "record"
    DEAL = "deal"
    ACCOUNT = "account"
    IGNORE = "ignore"


@light_dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """An address that nobody can place. `kind`: `email` or `number`; `candidates` say what speaks for each."""

    kind: str
    address: str
    name: str = ""
    because: str = ""
    candidates: tuple[Candidate, ...] = ()

    @property
    def id(self) -> str:
        """The same for the same address, in whatever interaction it is met."""
        return question_id(self.kind, self.address)


def question_id(kind: str, address: str) -> str:
    """What `review` calls an address."""
    return f"q-{hashlib.sha256(f'{kind}:{address}'.encode()).hexdigest()[:8]}"


@light_dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """An answer that was kept. `kind`: `email`, `number` or `domain`; `module`, `record_id`, `name`: the record."""

    number: int = 0
    kind: str
    value: str
    answer: Answer
    module: Module | None = None
    record_id: str = ""
    name: str = ""
    at: datetime | None = None

    @property
    def id(self) -> str:
        """As `review rules` lists it."""
        return f"K{self.number}"
