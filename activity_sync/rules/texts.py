"""Text in the form in which values are compared, and in which it may go into a Zoho field."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_UNWANTED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_MANY_BREAKS = re.compile(r"\n{3,}")


@lru_cache(maxsize=1_000)
def comparable(text: str) -> str:
    """Text in which only case, width and spacing of the same letters differ becomes equal."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def one_line(text: str, length: int) -> str:
    """`text` on one line, without control characters, at most `length` long."""
    return cut(" ".join(_cleaned(text, " ").split()), length)


def several_lines(text: str, length: int) -> str:
    """`text` with its line breaks, without control characters and needless space, at most `length` long."""
    if not text.isprintable():  # else it is one line, and nothing in it to tidy
        text = text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
        text = text if text.replace("\n", "").isprintable() else _UNWANTED.sub("", text)
        if " \n" in text or "\t\n" in text:
            text = "\n".join([line.rstrip(" \t") for line in text.split("\n")])
        text = _MANY_BREAKS.sub("\n\n", text) if "\n\n\n" in text else text
    return cut(text.strip(), length)


def _cleaned(text: str, instead: str) -> str:
    # Nearly every text is printable, and that is told much faster than it is searched.
    return text if text.isprintable() else _UNWANTED.sub(instead, text)


def cut(text: str, length: int) -> str:
    """The beginning of `text`, ending in an ellipsis where something is missing."""
    if 2 * len(text) <= length or _units(text) <= length:
        return text
    kept = text[: length - 1]
    while _units(kept) >= length:
        kept = kept[:-1]
    return f"{kept.rstrip()}…"


def _units(text: str) -> int:
    # Java counts an emoji as two; whoever counts it as one accepts what is shorter.
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2
