"""What is wrong with a config file, and where."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

Place = tuple[str | int, ...]
"""The way to a value: the keys and list positions from the root of the file."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A mistake before it has its line. `message` never holds the value: that may be a secret."""

    place: Place
    message: str
    hint: str | None = None


@dataclass(frozen=True, slots=True)
class ConfigProblem:
    """One mistake. line: from 1; None when the file has none. key: `calendars[0].kind`, "" for the whole file."""

    file: str
    line: int | None
    key: str
    message: str
    hint: str | None = None

    def __str__(self) -> str:
        where = self.file if self.line is None else f"{self.file}:{self.line}"
        what = f"{self.key}: {self.message}" if self.key else self.message
        return f"{where}: {what}; {self.hint}" if self.hint else f"{where}: {what}"


class ConfigError(Exception):
    """The config cannot be used. Its text is one line for each problem, in the order of the file."""

    def __init__(self, problems: Sequence[ConfigProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


def key_text(place: Place) -> str:
    """A place as a person writes it: `calendars[0].kind`, `team.aliases["jo@acme.example"]`."""
    text = "".join(_part(part) for part in place)
    return text.removeprefix(".")


def _part(part: str | int) -> str:
    if isinstance(part, int):
        return f"[{part}]"
    return f".{part}" if re.fullmatch(r"[\w-]+", part) else f'["{part}"]'


def nearest(word: object, known: Iterable[str]) -> str | None:
    """`did you mean "kind"?` for the most alike of the known words; None when none is alike."""
    plain = {name.lower(): name for name in known}
    found = get_close_matches(str(word).lower(), sorted(plain), n=1, cutoff=0.6)
    return f'did you mean "{plain[found[0]]}"?' if found else None
