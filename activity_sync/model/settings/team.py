"""Who is ours."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from activity_sync.model.settings.section import Section
from activity_sync.model.settings.values import Address, Domain, NonEmpty


class Team(Section):
    """Our own people and lines. Addresses and domains are lower case; numbers are as written."""

    domains: Annotated[tuple[Domain, ...], Field(min_length=1)]
    aliases: dict[Address, Address] = Field({})
    numbers: tuple[NonEmpty, ...] = ()
    default_owner: Address | None = None
