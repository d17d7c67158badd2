"""What lies in files of our own beside the database."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Protocol


class Storing(Protocol):
    """What vendors pushed lies in files until it is read, and a while longer."""

    def forget(self, words: Collection[str]) -> int:
        """Removes what names one of these: e-mail addresses, numbers (E.164), names, all in lower case; how much that
        was. Raises SignInAgain when the files refuse it."""

    def shorten(self, before: datetime) -> int:
        """Removes what tells of calls that started before a moment; how much that was. Raises SignInAgain."""
