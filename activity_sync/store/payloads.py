"""Sightings, Zoho records and org facts as JSON text, and back exactly as they were.

Members that a later version adds get their defaults when an older text is read; those it dropped are ignored.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from pydantic import TypeAdapter

from activity_sync.model.interactions import CallLeg, Kind, MeetingCopy, Sighting
from activity_sync.model.learned import Learned
from activity_sync.model.records import OrgFacts


def sighting_payload(sighting: Sighting) -> dict[str, Any]:
    """A sighting as JSON values: times as ISO 8601 text, enums by value, tuples as lists."""
    adapter: TypeAdapter[Any] = _meetings() if isinstance(sighting, MeetingCopy) else _calls()
    return dict(adapter.dump_python(sighting, mode="json"))


def sighting_from(kind: str, payload: dict[str, Any]) -> Sighting:
    """The sighting behind a payload; `kind` is a `Kind` value."""
    return _meetings().validate_python(payload) if kind == Kind.MEETING else _calls().validate_python(payload)


def org_payload(org: OrgFacts) -> dict[str, Any]:
    """Org facts as JSON values."""
    return dict(_orgs().dump_python(org, mode="json"))


def org_from(payload: dict[str, Any]) -> OrgFacts:
    """The org facts behind a payload."""
    return _orgs().validate_python(payload)


def learned_payload(learned: Learned) -> dict[str, Any]:
    """What a self-test learned as JSON values."""
    return dict(_lessons().dump_python(learned, mode="json"))


def learned_from(payload: dict[str, Any]) -> Learned:
    """What was learned, from a payload."""
    return _lessons().validate_python(payload)


@cache
def _meetings() -> TypeAdapter[MeetingCopy]:
    return TypeAdapter(MeetingCopy)


@cache
def _calls() -> TypeAdapter[CallLeg]:
    return TypeAdapter(CallLeg)


@cache
def _lessons() -> TypeAdapter[Learned]:
    return TypeAdapter(Learned)


@cache
def _orgs() -> TypeAdapter[OrgFacts]:
    return TypeAdapter(OrgFacts)
