"""Relative paths in the config start at the config file, wherever the daemon was started."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

_SQLITE = re.compile(r"sqlite:///(?!/|:memory:|file:)(?P<path>[^?]+)(?P<rest>.*)")


def resolve_paths(data: dict[str, Any], folder: Path) -> None:
    """Makes the paths in the data absolute, in place. What is no text is left for the validation."""
    if isinstance(data.get("database", ""), str):
        data["database"] = _database(data.get("database", "sqlite:///activity-sync.db"), folder)
    _each(data.get("calendars"), ("service_account_file", "certificate_file"), folder)
    _each(data.get("dialers"), ("cdr", "path"), folder)


def _each(connections: object, keys: tuple[str, ...], folder: Path) -> None:
    if not isinstance(connections, list):
        return
    for connection in connections:
        for key in keys:
            if isinstance(connection, dict) and isinstance(connection.get(key), str):
                connection[key] = _absolute(connection[key], folder)


def _absolute(text: str, folder: Path) -> str:
    if "://" in text or not text:
        return _database(text, folder)
    return str(folder / text)


def _database(url: str, folder: Path) -> str:
    found = _SQLITE.fullmatch(url)
    return f"sqlite:///{folder / found['path']}{found['rest']}" if found else url
