"""`${NAME}`, `${NAME:-default}`, `${file:PATH}` and `${secret:NAME}` in values; never in keys.

`$${` stands for a plain `${`, and `${{` is left alone: a currency sign before a template.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from activity_sync.config.document import Document
from activity_sync.config.problems import Finding, Place

_REFERENCE = re.compile(r"\$(?P<plain>\$\{)|\$\{(?!\{)(?P<body>[^{}]*)(?P<end>\}?)")
_NAME = re.compile(r"(?P<name>[A-Za-z_][A-Za-z0-9_]*)(?::-(?P<default>.*))?", re.DOTALL)
_KIND = re.compile(r"(?P<kind>file|secret):(?P<what>.+)")
_FALSE = {"false", "no", "off", "0", "f", "n"}
_SYNTAX = "must read ${NAME}, ${NAME:-default}, ${file:PATH} or ${secret:NAME}"


class _Absent:
    """What `${NAME:-}` is when nothing is set."""


ABSENT = _Absent()


class _UnsetError(Exception):
    """A reference leads nowhere. Its text says why; hint: what to do."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


@dataclass(frozen=True, slots=True)
class Origins:
    """Where references lead. folder: the config file's, for `${file:…}`. secret: name to text, None when unknown."""

    environ: Mapping[str, str]
    folder: Path
    secret: Callable[[str], str | None]


@dataclass(slots=True)
class Expanded:
    """document: with all references replaced. unset: places in disabled connections that kept their reference."""

    document: Document
    findings: list[Finding] = field(default_factory=list)
    unset: list[Place] = field(default_factory=list)


def is_off(enabled: object) -> bool:
    """Whether the value of an `enabled` key means false."""
    return str(enabled).lower() in _FALSE


def expand(document: Document, origins: Origins) -> Expanded:
    """Replaces every reference. What leads nowhere is a finding, except in a connection with `enabled: false`."""
    expansion = _Expansion(document, origins)
    expansion.out.document.data = expansion.value(document.data, (), ())
    return expansion.out


class _Expansion:
    """One walk. Places are told apart as they were (for lines) and as they become: absent list items move the rest."""

    def __init__(self, document: Document, origins: Origins) -> None:
        self._lines, self._origins = document.lines, origins
        self.out = Expanded(Document(None, {}, document.repeated))
        self._disabled = False

    def value(self, value: object, was: Place, now: Place) -> object:
        if was in self._lines:
            self.out.document.lines[now] = self._lines[was]
        if isinstance(value, dict):
            return self._mapping(value, was, now)
        if isinstance(value, list):
            return self._list(value, was, now)
        return self._text(value, now) if isinstance(value, str) else value

    def _mapping(self, value: dict[str, object], was: Place, now: Place) -> dict[str, object]:
        connection = len(was) == 2 and was[0] in {"calendars", "dialers"}
        if connection:
            self._disabled = self._off(value.get("enabled"))
        items = ((key, self.value(item, (*was, key), (*now, key))) for key, item in value.items())
        found = {key: item for key, item in items if item is not ABSENT}
        if connection:
            self._disabled = False
        return found

    def _list(self, value: list[object], was: Place, now: Place) -> list[object]:
        found: list[object] = []
        for index, item in enumerate(value):
            expanded = self.value(item, (*was, index), (*now, len(found)))
            if expanded is not ABSENT:
                found.append(expanded)
        return found

    def _off(self, enabled: object) -> bool:
        if isinstance(enabled, str):
            try:
                enabled = _replaced(enabled, self._origins)
            except (_UnsetError, ValueError):
                return False
        return is_off(enabled)

    def _text(self, text: str, now: Place) -> object:
        try:
            return _replaced(text, self._origins)
        except ValueError as error:
            self.out.findings.append(Finding(now, str(error)))
        except _UnsetError as error:
            if self._disabled:
                self.out.unset.append(now)
            else:
                self.out.findings.append(Finding(now, str(error), error.hint))
        return text


def _replaced(text: str, origins: Origins) -> str | _Absent:
    """Raises ValueError for a reference that is none, _UnsetError for one that leads nowhere."""
    whole = _REFERENCE.fullmatch(text)
    if whole and whole["end"] and whole["body"].endswith(":-") and not _resolved(whole["body"], origins):
        return ABSENT
    return _REFERENCE.sub(lambda found: _one(found, origins), text)


def _one(found: re.Match[str], origins: Origins) -> str:
    if found["plain"]:
        return "${"
    if not found["end"]:
        raise ValueError("holds a ${ without its }")
    return _resolved(found["body"], origins)


def _resolved(body: str, origins: Origins) -> str:
    if special := _KIND.fullmatch(body):
        lookup = _from_file if special["kind"] == "file" else _from_store
        return lookup(special["what"].strip(), origins)
    found = _NAME.fullmatch(body)
    if not found:
        raise ValueError(_SYNTAX)
    name, default = found["name"], found["default"]
    value = origins.environ.get(name, "") or default
    if value is None:
        state = "empty" if name in origins.environ else "not set"
        raise _UnsetError(
            f"environment variable {name} is {state}", f"set it, or write ${{{name}:-}} to leave this out"
        )
    return value


def _from_file(path: str, origins: Origins) -> str:
    try:
        return (origins.folder / path).read_text(encoding="utf-8").strip()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "is no UTF-8 text"
        raise _UnsetError(
            f"cannot read the file {path}: {reason}", "correct the path; it starts at the config file"
        ) from None


def _from_store(name: str, origins: Origins) -> str:
    value = origins.secret(name)
    if value is None:
        raise _UnsetError(f"the secret store has no entry {name}", "store it, or take it from an environment variable")
    return value
