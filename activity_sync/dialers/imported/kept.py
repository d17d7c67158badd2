"""All pushed rows on this disk: those of every import, be it disabled, and of imports that the config names no more."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from activity_sync.dialers.imported import pushed
from activity_sync.dialers.imported.forgetting import Wanted, blank, blank_before
from activity_sync.model.failures import SignInAgain
from activity_sync.model.settings import ImportDialer, Settings


@dataclass(frozen=True, slots=True)
class PushedFiles:
    """Satisfies `model.storing.Storing`."""

    settings: Settings

    def forget(self, words: Collection[str]) -> int:
        """Blanks the rows that name one of these. Raises SignInAgain."""
        return sum(_done(file, partial(blank, file, Wanted(words, region))) for file, region in self._files())

    def shorten(self, before: datetime) -> int:
        """Blanks the rows of calls from before a moment. Raises SignInAgain."""
        return sum(_done(file, partial(blank_before, file, before)) for file, _ in self._files())

    def _files(self) -> Iterator[tuple[Path, str]]:
        """Each file, with the region of its numbers."""
        found: dict[Path, str] = {}
        for dialer in self.settings.dialers:
            file = pushed.place(dialer, self.settings.database) if isinstance(dialer, ImportDialer) else None
            if file is not None:
                found[file] = dialer.region or self.settings.default_region
        for file in pushed.beside(self.settings.database):
            found.setdefault(file, self.settings.default_region)
        yield from found.items()


def _done(file: Path, change: Callable[[], int]) -> int:
    try:
        return change()
    except OSError as error:
        raise SignInAgain(f"{file} cannot be read ({error.strerror}).", "Let this program's user read it.") from None
