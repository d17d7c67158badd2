"""Partial responses: `fields=kind,nextPageToken,items(id,start/dateTime)`."""

from __future__ import annotations

import re
from typing import Any

from activity_sync.simulator.google.failures import bad_parameter

Selection = dict[str, "Selection"]
"""What to keep: a name and, below it, what to keep of it; empty means everything."""

EVENTS = frozenset(
    [
        "kind",
        "etag",
        "summary",
        "description",
        "updated",
        "timeZone",
        "accessRole",
        "defaultReminders",
        "items",
        "nextPageToken",
        "nextSyncToken",
    ]
)
_TOKEN = re.compile(r"[A-Za-z0-9_*$-]+|[(),/]")


def read_selection(text: str) -> Selection:
    """The selection that `fields` spells; 400 when it is no selection."""
    tokens = _TOKEN.findall(text)
    if "".join(tokens) != text.replace(" ", ""):
        raise _invalid(text)
    selection, left = _group(tokens, text)
    if left:
        raise _invalid(text)
    return selection


def _group(tokens: list[str], text: str) -> tuple[Selection, list[str]]:
    selection: Selection = {}
    while tokens:
        tokens = _one(tokens, selection, text)
        if not tokens or tokens[0] == ")":
            break
        if tokens[0] != ",":
            raise _invalid(text)
        tokens = tokens[1:]
    return selection, tokens


def _one(tokens: list[str], into: Selection, text: str) -> list[str]:
    if not tokens or tokens[0] in "(),/":
        raise _invalid(text)
    below, tokens = into.setdefault(tokens[0], {}), tokens[1:]
    if tokens[:1] == ["/"]:
        return _one(tokens[1:], below, text)
    if tokens[:1] == ["("]:
        group, tokens = _group(tokens[1:], text)
        if tokens[:1] != [")"]:
            raise _invalid(text)
        below.update(group)
        return tokens[1:]
    return tokens


def check_names(selection: Selection, known: frozenset[str]) -> None:
    """400 for a name that the answer never has, as Google says it."""
    for name in selection:
        if name != "*" and name not in known:
            raise _invalid(name)


def keep(value: Any, selection: Selection) -> Any:
    """The part of a JSON value that the selection names."""
    if not selection or "*" in selection:
        return value
    if isinstance(value, list):
        return [keep(one, selection) for one in value]
    if isinstance(value, dict):
        return {name: keep(inner, selection[name]) for name, inner in value.items() if name in selection}
    return value


def _invalid(text: str) -> Exception:
    return bad_parameter("fields", f"Invalid field selection {text}", "invalidParameter")
