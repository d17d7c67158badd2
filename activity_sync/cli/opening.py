"""What stands between a command and the work: the config read, the log set up, the store open, failures told.

Exit statuses as in commands.md. What an exception says goes to standard error in one line.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import typer

from activity_sync.cli.app import Invocation, invocation
from activity_sync.cli.output import complain
from activity_sync.model.results import Exit

if TYPE_CHECKING:
    from activity_sync.model.settings import Settings
    from activity_sync.store.database import Database
    from activity_sync.wiring import App

_INTERRUPTED = 130
"""What a shell expects of a program that Ctrl-C ended."""


@dataclass(frozen=True, slots=True)
class Desk:
    """Enough for a question: the config and the store, without any connection."""

    settings: Settings
    database: Database


@contextmanager
def opened(context: typer.Context, *, json: bool, stopping: threading.Event | None = None) -> Iterator[App]:
    """The App of this config, closed at the end. Failures inside the block end the command with their line.

    `json`: the result is for a program, so that progress is told only where a person sits at standard error.
    `stopping`: ends a wait of the steps early.
    """
    with told(context):
        from activity_sync.wiring import open_app

        settings = configured(context)
        folder = invocation(context).config.absolute().parent
        app = open_app(settings, folder, _progress(json=json), stopping)
        try:
            yield app
        finally:
            app.close()


@contextmanager
def asked(context: typer.Context) -> Iterator[Desk]:
    """Config and store of this config, for a command that only asks: no connection is opened."""
    with told(context):
        from activity_sync.store.database import open_database

        settings = configured(context)
        database = open_database(settings.database)
        database.upgrade()
        try:
            yield Desk(settings, database)
        finally:
            database.dispose()


@contextmanager
def told(context: typer.Context) -> Iterator[None]:
    """End the command with one line and the fitting status when the block raises."""
    try:
        yield
    except (typer.Exit, typer.Abort, typer.BadParameter, BrokenPipeError):
        raise
    except KeyboardInterrupt:
        raise typer.Exit(_INTERRUPTED) from None
    except Exception as error:  # noqa: BLE001 - the last place to say it in one line
        status, text = _verdict(error, invocation(context))
        complain(text)
        raise typer.Exit(status) from None


def configured(context: typer.Context) -> Settings:
    """The settings of the config file, with the program's log set up. Raises ConfigError."""
    from activity_sync import logs
    from activity_sync.config import load

    path = invocation(context).config
    settings = load(path, os.environ, _secrets(invocation(context)))
    logs.configure(settings)
    return settings


def unusable(text: str) -> typer.Exit:
    """Say on standard error what is wrong with the arguments; to be raised: exit status 2."""
    complain(text)
    return typer.Exit(Exit.UNUSABLE)


def _verdict(error: Exception, how: Invocation) -> tuple[Exit, str]:
    """The exit status and the line for what went wrong."""
    from activity_sync.config import ConfigError
    from activity_sync.model.failures import ConnectionFailure, OutOfCredits
    from activity_sync.store.failures import StoreFailure

    match error:
        case ConfigError():
            return Exit.UNUSABLE, str(error)
        case StoreFailure():
            return Exit.FAILED, _sentence(error.why, error.next_step)
        case OutOfCredits():
            return Exit.OUT_OF_CREDITS, _sentence(error.why, error.next_step)
        case ConnectionFailure():
            return Exit.REFUSED, _sentence(error.why, error.next_step)
        case _:
            return Exit.FAILED, _unexpected(error, how)


def _unexpected(error: Exception, how: Invocation) -> str:
    from activity_sync.logs import struck

    if how.debug:
        import traceback

        return struck("".join(traceback.format_exception(error)).rstrip())
    text = struck(" ".join(str(error).split()))[:300]
    return f"Unexpected: {type(error).__name__}: {text}. `activity-sync --debug …` shows where it comes from."


def _sentence(why: str, next_step: str) -> str:
    first = why if why.endswith((".", "!", "?")) else f"{why}."
    rest = next_step[:1].upper() + next_step[1:]
    return f"{first} {rest}".rstrip()


def _secrets(how: Invocation) -> Callable[[str], str | None]:
    """`${secret:NAME}` from the store's secrets; the store is opened on first use, and only if it exists."""

    def secret(name: str) -> str | None:
        from activity_sync.config import database_url
        from activity_sync.store.database import open_database
        from activity_sync.store.secrets import StoredTokens, key_file_for

        database = open_database(database_url(how.config, os.environ))
        try:
            if database.file is not None and not database.file.exists():
                return None
            database.upgrade()
            return StoredTokens(database, key_file_for(database, how.config.absolute().parent)).get(name)
        finally:
            database.dispose()

    return secret


def _progress(*, json: bool) -> Callable[[str], None]:
    """Progress for a person; a program that reads our output is left alone, unless somebody watches."""
    if json and not sys.stderr.isatty():
        return lambda _: None
    return complain
