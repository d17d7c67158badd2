"""What every settings class inherits."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Section(BaseModel):
    """One part of the config: frozen, unknown keys refused, given values never shown in errors."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        coerce_numbers_to_str=True,  # an unquoted 201 is a fine name for an extension
        hide_input_in_errors=True,  # the value may be a secret
    )
