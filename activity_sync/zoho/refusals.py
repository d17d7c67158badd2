"""Zoho's error objects: `{"code", "details", "message", "status": "error"}`, and what they mean in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from activity_sync.model.failures import Refused

THROTTLED = frozenset({"TOO_MANY_REQUESTS", "RATE_LIMIT_EXCEEDED"})
BROKEN = frozenset({"INTERNAL_ERROR", "INTERNAL_SERVER_ERROR"})
PASSING = frozenset({"RECORD_LOCKED", "NOT_APPROVED", "NOT_REVIEWED", "ALREADY_MODIFIED"}) | THROTTLED

_WORDS = {
    "MANDATORY_NOT_FOUND": "is mandatory in Zoho and has no value",
    "DUPLICATE_DATA": "must be unique in Zoho and another record has this value already",
    "DEPENDENT_FIELD_MISSING": "needs another field beside it",
    "EXPECTED_FIELD_MISSING": "needs another field beside it",
    "DEPENDENT_MISMATCH": "does not fit another field",
    "MAPPING_MISMATCH": "is not in the pipeline of this deal",
    "LIMIT_EXCEEDED": "holds too much",
    "RECORD_LOCKED": "is locked in Zoho at the moment",
    "NOT_APPROVED": "waits for approval in Zoho",
    "NOT_REVIEWED": "waits for review in Zoho",
    "AUTHORIZATION_FAILED": "may not be written by the connected Zoho user",
    "NO_PERMISSION": "is not allowed for the profile of the connected Zoho user",
    "ALREADY_MODIFIED": "was changed in Zoho at the same moment",
    "INVALID_MODULE": "is not a module of this organisation",
    "NOT_SUPPORTED": "is not supported by this organisation",
    "NOT_ALLOWED": "is not allowed in its present state",
    "OAUTH_SCOPE_MISMATCH": "is not covered by the permissions (scopes) that were granted",
    "ID_ALREADY_CONVERTED": "is a lead that has been converted",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One error object, of a whole request or of one row."""

    code: str
    message: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)

    @property
    def about(self) -> str:
        """The field, column or parameter it is about, "" when Zoho did not say."""
        for name in ("api_name", "column_name", "param_name", "column"):
            value = self.details.get(name)
            if isinstance(value, str) and value:
                return value
        return ""

    def causes(self) -> tuple[Fault, ...]:
        """The single reasons: this one, or those gathered under it."""
        gathered = self.details.get("errors")
        found = [fault_of(one) for one in gathered] if isinstance(gathered, list) else []
        return tuple(fault for fault in found if fault) or (self,)

    def words(self) -> str:
        """What is wrong, for a person: field and reason."""
        return "; ".join(_said(cause) for cause in self.causes())


class ZohoRefused(Refused):
    """Zoho answered a request with an error object that will not pass."""

    def __init__(self, fault: Fault, status: int, next_step: str = "") -> None:
        super().__init__(f"Zoho refused: {fault.words()}", next_step)
        self.fault = fault
        self.status = status


def fault_of(body: object) -> Fault | None:
    """The error object that a body is, or None."""
    if not isinstance(body, dict) or not isinstance(body.get("code"), str) or body.get("status") == "success":
        return None
    if body["code"] == "SUCCESS":
        return None
    details = body.get("details")
    return Fault(body["code"], str(body.get("message") or ""), details if isinstance(details, dict) else {})


def _said(fault: Fault) -> str:
    reason = _WORDS.get(fault.code) or _invalid(fault)
    return f"{fault.about or 'this'} {reason} ({fault.code})"


def _invalid(fault: Fault) -> str:
    if "maximum_length" in fault.details:
        return f"is longer than the {fault.details['maximum_length']} characters that Zoho keeps"
    if "expected_data_type" in fault.details:
        return f"is no {fault.details['expected_data_type']} as Zoho wants it"
    return f"was not accepted: {fault.message or 'no reason given'}"
