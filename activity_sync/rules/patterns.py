"""The two ways in which the admin describes a text: plain words, or `re:` and a regular expression."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from activity_sync.rules.texts import comparable

_LONGEST = 500
"""Characters of a text that a regular expression sees: outsiders write titles, and effort must stay bounded."""

_UNSPACED = ("CJK", "HIRAGANA", "KATAKANA", "THAI", "LAO", "KHMER", "MYANMAR")
"""Scripts without spaces between words, where a word has no edges to look for."""


def fits(pattern: str, text: str) -> bool:
    """Whether `text` has the pattern in it. Plain: whole words, any case. `re:…`: as written, in the first 500
    characters."""
    if pattern.startswith("re:"):
        return _expression(pattern[3:]).search(text[:_LONGEST]) is not None
    return _words(comparable(pattern)).search(comparable(text)) is not None


@lru_cache(maxsize=1_000)
def _expression(source: str) -> re.Pattern[str]:
    return re.compile(source)


@lru_cache(maxsize=1_000)
def _words(words: str) -> re.Pattern[str]:
    before = r"(?<!\w)" if _has_edges(words[:1]) else ""
    after = r"(?!\w)" if _has_edges(words[-1:]) else ""
    return re.compile(f"{before}{re.escape(words)}{after}")


def _has_edges(character: str) -> bool:
    return not unicodedata.name(character or " ", "").startswith(_UNSPACED)
