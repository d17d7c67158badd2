"""A source that keeps files of its own beside the database."""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol, runtime_checkable

from activity_sync.model.ports import Source


@runtime_checkable
class Storing(Source, Protocol):
    """What vendors pushed lies in files until it is read, and a while longer."""

    def forget(self, words: Collection[str]) -> int:
        """Removes what names one of these: e-mail addresses, numbers (E.164), names, all in lower case; how much that
        was. Raises SignInAgain when the files refuse it."""
