"""Words and tables for a person, JSON for a program. With `--json` a person's words go to standard error."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console


_WIDTH_ELSEWHERE = 160
"""Columns of a table that goes to a file or another program."""


class Output:
    """Where one command prints."""

    def __init__(self, *, json: bool = False) -> None:
        """`json`: the result is for a program."""
        self.json = json
        self._console: Console | None = None

    @property
    def console(self) -> Console:
        """A rich console on the stream for a person; made on first use, because rich takes its time to import."""
        if self._console is None:
            from rich.console import Console

            stream = sys.stderr if self.json else sys.stdout
            width = None if stream.isatty() or "COLUMNS" in os.environ else _WIDTH_ELSEWHERE
            self._console = Console(file=stream, highlight=False, width=width)
        return self._console

    def say(self, text: str = "", style: str = "") -> None:
        """A sentence for a person. What looks like markup in it is text."""
        self.console.print(text, style=style or None, markup=False, soft_wrap=True)

    def table(self, title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
        """A table that fits the terminal: long cells are folded."""
        from rich.table import Table
        from rich.text import Text

        listed = list(rows)
        if not listed:
            self.say(f"{title}: nothing." if title else "Nothing.")
            return
        table = Table(
            title=title or None, title_justify="left", expand=False, box=None, pad_edge=False, header_style="bold"
        )
        for column in columns:
            table.add_column(column, overflow="fold")
        for row in listed:
            table.add_row(*(Text("" if cell is None else str(cell)) for cell in row))
        self.console.print(table)

    def emit(self, value: Any) -> None:
        """The result for a program: one JSON document."""
        import orjson

        sys.stdout.write(orjson.dumps(value, option=orjson.OPT_INDENT_2, default=str).decode() + "\n")

    def line(self, value: Any) -> None:
        """One JSON document on one line."""
        import orjson

        sys.stdout.write(orjson.dumps(value, default=str).decode() + "\n")
        sys.stdout.flush()


def complain(text: str) -> None:
    """A sentence on standard error, whatever the form of the result."""
    sys.stderr.write(text + "\n")
