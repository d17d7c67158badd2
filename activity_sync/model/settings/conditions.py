"""The conditions of an activity type or a follow-up."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from activity_sync.model.settings.section import Section
from activity_sync.model.settings.values import (
    Address,
    AnyOf,
    Direction,
    Domain,
    Kind,
    Module,
    NonEmpty,
    Outcome,
    Pattern,
    Value,
)

Count = Annotated[int, Field(ge=0)]


class Span(Section):
    """From `min` to `max`, both included; None: no bound."""

    min: Count | None = None
    max: Count | None = None


class When(Section):
    """All that are given must hold; of a list, any one. An empty tuple, an empty dict or None is not given.

    title, notes: plain words or `re:…`, as written. minutes, outsiders: a span.
    record: {module: {field API name: values}}.
    """

    source: AnyOf[NonEmpty] = ()
    kind: AnyOf[Kind] = ()
    direction: AnyOf[Direction] = ()
    outcome: AnyOf[Outcome] = ()
    title: AnyOf[Pattern] = ()
    notes: AnyOf[Pattern] = ()
    minutes: Span | None = None
    outsiders: Span | None = None
    domains: AnyOf[Domain] = ()
    calendar: AnyOf[NonEmpty] = ()
    rep: AnyOf[Address] = ()
    role: AnyOf[NonEmpty] = ()
    target: AnyOf[Module] = ()
    stage: AnyOf[NonEmpty] = ()
    pipeline: AnyOf[NonEmpty] = ()
    record: dict[Module, dict[NonEmpty, AnyOf[Value]]] = Field({})
