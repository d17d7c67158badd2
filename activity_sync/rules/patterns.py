"""The two ways in which the admin describes a text: plain words, or `re:` and a regular expression."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import regex  # type: ignore[import-untyped]  # as `re`, but it can be told when to give up

from activity_sync.rules.texts import comparable

# Outsiders write titles, and one title must not stop the daemon: an expression sees only so many characters, and one
# that tries every way to split them is given up, as one that does not fit.
_LONGEST = 500
_SECONDS = 0.1

_UNSPACED = ("CJK", "HIRAGANA", "KATAKANA", "THAI", "LAO", "KHMER", "MYANMAR")
"""Scripts without spaces between words, where a word has no edges to look for."""


def fits(pattern: str, text: str) -> bool:
    """Whether `text` has the pattern in it. Plain: whole words, any case. `re:…`: as written, in the first 500
    characters."""
    return finder(pattern)(text)


@lru_cache(maxsize=1_000)
def finder(pattern: str) -> Callable[[str], bool]:
    """What tells of a text whether it `fits`."""
    if pattern.startswith("re:"):
        return lambda text: _is_found(pattern[3:], text[:_LONGEST])
    words = comparable(pattern)
    search = _words(words).search
    return lambda text: words in (said := comparable(text)) and search(said) is not None


def explodes(pattern: str) -> bool:
    """Whether a regular expression is given up on a text that somebody could write: much of one character."""
    if not pattern.startswith("re:"):
        return False
    expression = _expression(pattern[3:])
    for character in sorted({*"a0 -", *(one for one in pattern[3:] if one.isalnum())}):
        try:
            expression.search(character * (_LONGEST - 1) + "\N{SECTION SIGN}", timeout=_SECONDS)
        except TimeoutError:
            return True
    return False


@lru_cache(maxsize=5_000)  # what was given up once is not tried again for each of a series of meetings
def _is_found(source: str, text: str) -> bool:
    try:
        return _expression(source).search(text, timeout=_SECONDS) is not None
    except TimeoutError:
        return False


@lru_cache(maxsize=1_000)
def _expression(source: str) -> Any:
    return regex.compile(source)


def _words(words: str) -> re.Pattern[str]:
    before = r"(?<!\w)" if _has_edges(words[:1]) else ""
    after = r"(?!\w)" if _has_edges(words[-1:]) else ""
    return re.compile(f"{before}{re.escape(words)}{after}")


def _has_edges(character: str) -> bool:
    return not unicodedata.name(character or " ", "").startswith(_UNSPACED)
