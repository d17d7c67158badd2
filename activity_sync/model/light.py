"""Values that nobody changes, made cheaply.

A frozen dataclass sets each field of a new value by a call of its own, which takes three times as long. Thousands of
values are made for each batch that is judged, so these are frozen for the type checker only.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dataclasses import dataclass as light_dataclass
else:
    from dataclasses import dataclass

    def light_dataclass(*, frozen: bool, **how: bool) -> Callable[[type], type]:
        """As `dataclass`: slots, keywords and all. Equal values have the same hash."""
        return dataclass(unsafe_hash=frozen, **how)


__all__ = ["light_dataclass"]
