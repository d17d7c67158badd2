"""The admin's playbook: what an interaction is recognised by, and what is written for it."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from activity_sync.model.settings.conditions import When
from activity_sync.model.settings.section import Section
from activity_sync.model.settings.values import AnyOf, FieldValue, NonEmpty


class DealStage(Section):
    """Move a deal from one of these stages to that one."""

    from_: Annotated[AnyOf[NonEmpty], Field(alias="from", min_length=1)]
    to: NonEmpty


class TypeFields(Section):
    """Values for further fields, by module; a text may be a template."""

    Events: dict[NonEmpty, FieldValue] = Field({})
    Calls: dict[NonEmpty, FieldValue] = Field({})


class Then(Section):
    """What is written. subject, description: templates; None: the raw title, the plain notes."""

    subject: NonEmpty | None = None
    description: str | None = None
    fields: TypeFields = TypeFields()
    follow_ups: AnyOf[NonEmpty] = ()
    deal_stage: DealStage | None = None
    tags: AnyOf[NonEmpty] = ()
    skip: bool = False


class ActivityType(Section):
    """One rule; the first that fits wins."""

    name: NonEmpty
    when: When = When()
    then: Then = Then()


CATCH_ALL = ActivityType(name="Other", then=Then(subject="{{ title }}", description="{{ notes }}"))
