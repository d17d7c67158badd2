"""`import check`: an import file, line by line, before anything is imported."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, cast

import typer

from activity_sync.cli.app import app
from activity_sync.cli.opening import unusable
from activity_sync.cli.output import Output
from activity_sync.model.results import Exit

if TYPE_CHECKING:
    from activity_sync.dialers.imported import RowReport

_MOST_SHOWN = 50

imports = typer.Typer(help="Files with calls of any telephone system.", rich_markup_mode=None)
app.add_typer(imports, name="import")


@imports.callback()
def _root() -> None:
    """Files with calls of any telephone system."""


@imports.command("check")
def check(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="JSON Lines or CSV.")],
    form: Annotated[str | None, typer.Option("--format", help="jsonl or csv; without it the file tells.")] = None,
    json: Annotated[bool, typer.Option("--json", help="For a program.")] = False,
) -> None:
    """Say of each line of an import file whether it can be read. Changes nothing, and needs no config.

    The exit status is 1 when a line would be refused.
    """
    from activity_sync.dialers.imported import check_rows

    if form not in {None, "jsonl", "csv"}:
        raise unusable("--format is jsonl or csv.")
    try:
        report = check_rows(file, cast("Literal['jsonl', 'csv']", form or _form_of(file)))
    except OSError as error:
        raise unusable(f"{file} cannot be read: {error.strerror}.") from None
    output = Output(json=json)
    if json:
        rejected = [{"line": one.line, "reason": one.reason} for one in report.rejected]
        output.emit({"ok": report.ok, "rows": report.rows, "rejected": rejected})
    else:
        _say(report, output)
    raise typer.Exit(Exit.DONE if report.ok else Exit.FAILED)


def _form_of(file: Path) -> str:
    """By the name, else by how it begins. Raises OSError."""
    if file.suffix.casefold() in {".csv", ".tsv"}:
        return "csv"
    with file.open("rb") as stream:
        begins = stream.read(4096).removeprefix(b"\xef\xbb\xbf").lstrip()
    return "jsonl" if file.suffix.casefold() in {".jsonl", ".ndjson", ".json"} or begins[:1] in b"{[" else "csv"


def _say(report: RowReport, output: Output) -> None:
    for one in report.rejected[:_MOST_SHOWN]:
        output.say(f"line {one.line}: {one.reason}", "red")
    if len(report.rejected) > _MOST_SHOWN:
        output.say(f"and {len(report.rejected) - _MOST_SHOWN} more; --json lists all.")
    output.say(f"{report.rows} rows, {len(report.rejected)} would be refused.")
