"""web hash: what stands in the config in the place of a password."""

from __future__ import annotations

import os
import sys

import typer

from activity_sync.cli.app import app
from activity_sync.cli.output import complain
from activity_sync.model.results import Exit

web = typer.Typer(help="The login of the listener.", rich_markup_mode=None)
app.add_typer(web, name="web")


@web.callback()
def _root() -> None:
    """The login of the listener."""


@web.command("hash")
def hash_() -> None:
    """Print the hash of a password, for `web.login` in the config. It is asked for, or is a line on standard input."""
    from activity_sync.model.passwords import SALT, hash_of

    password = _asked() if sys.stdin.isatty() else sys.stdin.readline().rstrip("\r\n")
    if not password:
        complain("No password: type one, or give it as a line on standard input.")
        raise typer.Exit(Exit.UNUSABLE)
    typer.echo(hash_of(password, os.urandom(SALT)))


def _asked() -> str:
    """Typed twice, unseen."""
    return str(typer.prompt("Password", hide_input=True, confirmation_prompt="The same again", err=True))
