"""Commands of later versions: not in `--help`, but told apart from a typing mistake."""

from __future__ import annotations

from collections.abc import Callable

import typer

from activity_sync.cli.app import app
from activity_sync.cli.output import complain
from activity_sync.model.results import Exit

LATER = {
    "worker": "One `activity-sync run` does all the work.",
}
"""Command to what a person can do instead."""


def not_yet(what: str, instead: str = "") -> typer.Exit:
    """Say on standard error that something is not available yet; to be raised: exit status 2."""
    complain(f"{what}: not available yet. {instead}".rstrip())
    return typer.Exit(Exit.UNUSABLE)


def _command(name: str) -> Callable[[], None]:
    def refuse() -> None:
        raise not_yet(f"activity-sync {name}", LATER[name])

    return refuse


for _name in LATER:
    app.command(
        _name,
        hidden=True,
        add_help_option=False,
        context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
    )(_command(_name))
