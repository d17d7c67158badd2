"""The two ways in which the admin describes a text: plain words, or `re:` and a regular expression."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_LONGEST = 500
"""Characters of a text that a regular expression sees: outsiders write titles, and effort must stay bounded."""


def fits(pattern: str, text: str) -> bool:
    """Whether `text` has the pattern in it. Plain: whole words, any case. `re:…`: as written, in the first 500
    characters."""
    if pattern.startswith("re:"):
        return _expression(pattern[3:]).search(text[:_LONGEST]) is not None
    return _words(pattern).search(_plain(text)) is not None


def holds(mark: str, text: str) -> bool:
    """Whether `text` has these very characters in it, in any case."""
    return _plain(mark) in _plain(text)


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


@lru_cache(maxsize=1_000)
def _expression(source: str) -> re.Pattern[str]:
    return re.compile(source)


@lru_cache(maxsize=1_000)
def _words(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(_plain(words))}(?!\w)")
