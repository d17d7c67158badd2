"""A record or a person as a template sees it, and what stands for a value in a text."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any


class Part:
    """A record or a person as a template sees it. One that is absent is false and has every field, empty."""

    __slots__ = ("_beside", "_known", "_values")

    def __init__(self, values: Mapping[str, Any] | None = None, beside: Mapping[str, Any] | None = None) -> None:
        """`values`: by name; None: absent. `beside`: what there is under further names."""
        self._known = values is not None
        self._values, self._beside = values or {}, beside or {}

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or not self._offers(name):
            raise AttributeError(name)
        return self._get(name)

    def __getitem__(self, name: str) -> Any:
        if not self._offers(name):
            raise KeyError(name)
        return self._get(name)

    def _offers(self, name: str) -> bool:
        return not self._known or self._has(name)

    def _has(self, name: str) -> bool:
        return name in self._values or name in self._beside

    def _get(self, name: str) -> Any:
        return printable(self._values[name] if name in self._values else self._beside.get(name))

    def __bool__(self) -> bool:
        return self._known

    def __str__(self) -> str:
        return str(self._values.get("full_name") or self._values.get("email") or "")


def printable(value: Any) -> Any:
    """What stands for a Zoho value in a text: a lookup's name, "" for nothing."""
    if isinstance(value, Mapping):
        return value.get("name") or ""
    return "" if value is None else value


def shown(value: Any) -> Any:
    """What a template writes for a value: a list with commas, a time to the minute."""
    if type(value) is str:
        return value
    if isinstance(value, list | tuple):
        return ", ".join(str(printable(one)) for one in value)
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    return printable(value)
