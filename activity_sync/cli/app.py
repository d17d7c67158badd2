"""The command line's root: the options before the command. The commands hang themselves on `app`.

Nothing heavy is imported here or at the top of a command's file: `activity-sync --help` answers at once.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
import typer.core

_VARIABLE = "ACTIVITY_SYNC_CONFIG"
_HELP = "Logs every customer meeting and every customer call in Zoho CRM by itself, once, on the right record."

_ORDER = (
    "init", "check", "preview", "sync", "run", "status", "log", "explain", "review", "retry", "undo", "backfill",
    "reapply", "coverage", "credits", "types", "import", "erase", "db", "web", "demo",
)  # fmt: skip


class _InOrder(typer.core.TyperGroup):
    """Commands in the order in which a person meets them."""

    def list_commands(self, ctx: typer.Context) -> list[str]:  # type: ignore[override]
        """Those of the list first."""
        names = super().list_commands(ctx)
        return sorted(names, key=lambda name: _ORDER.index(name) if name in _ORDER else len(_ORDER))


app = typer.Typer(
    name="activity-sync",
    cls=_InOrder,
    help=_HELP,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@dataclass(frozen=True, slots=True)
class Invocation:
    """What stood before the command. `debug`: show the details of an unexpected error."""

    config: Path
    debug: bool = False


def invocation(context: typer.Context) -> Invocation:
    """The options before the command."""
    found = context.find_object(Invocation)
    assert found is not None
    return found


@app.callback(invoke_without_command=True)
def root(
    context: typer.Context,
    config: Annotated[
        Path | None,
        typer.Option("--config", metavar="FILE", help=f"The config. Else ${_VARIABLE}, else ./config.yaml."),
    ] = None,
    debug: Annotated[bool, typer.Option("--debug", help="Show the details of an unexpected error.")] = False,
    version: Annotated[bool, typer.Option("--version", help="Print the version and exit.", is_eager=True)] = False,
) -> None:
    """Read the options before the command."""
    if version:
        typer.echo(f"activity-sync {_version()}")
        raise typer.Exit
    given = config or os.environ.get(_VARIABLE) or "config.yaml"
    context.obj = Invocation(Path(given), debug)
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())
        raise typer.Exit


def _version() -> str:
    from importlib.metadata import version

    return version("activity-sync")
