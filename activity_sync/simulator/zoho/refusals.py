"""How Zoho says no: for a whole request, or for one row of a write."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a route answers: HTTP status, JSON value (None: empty body), further headers."""

    status: int = 200
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)


class Refusal(Exception):  # noqa: N818 - Zoho's answer, not a mistake of ours
    """The whole request is refused: a top-level object `{"code","details","message","status"}`."""

    def __init__(self, status: int, code: str, message: str, details: Row | None = None) -> None:
        super().__init__(code)
        self.answer = Answer(status, {"code": code, "details": details or {}, "message": message, "status": "error"})


@dataclass(frozen=True, slots=True)
class Fault:
    """Why one row is refused."""

    code: str
    message: str
    details: Row

    def as_row(self) -> Row:
        """The row of the answer."""
        return {"code": self.code, "details": self.details, "message": self.message, "status": "error"}


class RowRefused(Exception):  # noqa: N818 - Zoho's answer, not a mistake of ours
    """One row of a write is refused, for one or several reasons."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__(faults[0].code)
        self.faults = faults

    def as_row(self) -> Row:
        """The row of the answer; several reasons are gathered under MULTIPLE_OR_MULTI_ERRORS."""
        if len(self.faults) == 1:
            return self.faults[0].as_row()
        errors = [fault.as_row() for fault in self.faults]
        return Fault("MULTIPLE_OR_MULTI_ERRORS", "Multiple errors occurred", {"errors": errors}).as_row()


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the request a value stands: the row, or a part of it."""

    path: str

    def missing(self, name: str) -> Fault:
        """A mandatory field is not there."""
        return Fault("MANDATORY_NOT_FOUND", "required field not found", self._at(name))

    def invalid(self, name: str, message: str = "invalid data", **details: Any) -> Fault:
        """A value is wrong."""
        return Fault("INVALID_DATA", message, {**details, **self._at(name)})

    def fault(self, code: str, name: str, message: str, **details: Any) -> Fault:
        """Any other reason, with the field it is about."""
        return Fault(code, message, {**details, **self._at(name)})

    def _at(self, name: str) -> Row:
        return {"api_name": name, "json_path": f"{self.path}.{name}"}


BAD_ID = "the id given seems to be invalid"
