"""A file that grows by lines and is rotated, as logrotate does it."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path


@dataclass(slots=True)
class LogFile:
    """Opened anew for each line, as Asterisk does: whoever holds the old file open sees nothing more."""

    path: Path
    rotated: int = 0

    def add(self, line: str) -> None:
        """A whole line."""
        self.add_part(f"{line}\n")

    def add_part(self, text: str) -> None:
        """What a buffer that was flushed too early leaves: some of a line."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("a", encoding="utf-8", newline="") as file:
            file.write(text)

    def rename_away(self) -> Path:
        """Rotated: the file gets another name, and the next line begins a new one."""
        return self.path.rename(self._next())

    def copy_and_empty(self) -> Path:
        """Rotated by `copytruncate`: the file stays, its lines are in a copy."""
        target = self._next()
        shutil.copyfile(self.path, target)
        with self.path.open("w"):
            pass
        return target

    def _next(self) -> Path:
        self.rotated += 1
        return self.path.with_name(f"{self.path.name}.{self.rotated}")
