"""Reads members of JSON objects of which nothing is promised: a missing or foreign member is an empty one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from activity_sync.model.invitations import clean, one_line

Holder = Mapping[str, Any]
"""A JSON object as it came."""


def text(holder: object, name: str) -> str:
    """A text member in one line; "" when it is missing or no text."""
    value = holder.get(name) if isinstance(holder, Mapping) else None
    return one_line(value) if isinstance(value, str) else ""


def long_text(holder: object, name: str) -> str:
    """A text member as it is."""
    value = holder.get(name) if isinstance(holder, Mapping) else None
    return value if isinstance(value, str) else ""


def identity(holder: object, name: str) -> str:
    """A text member that names something: whole, only what cannot be stored is taken out."""
    return clean(long_text(holder, name)).strip()


def flag(holder: object, name: str) -> bool:
    """A yes-or-no member; missing means no."""
    return isinstance(holder, Mapping) and holder.get(name) is True


def items(holder: object, name: str) -> Sequence[Holder]:
    """The objects in a list member; whatever else is in it is passed over."""
    value = holder.get(name) if isinstance(holder, Mapping) else None
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []
