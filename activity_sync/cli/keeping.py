"""What is kept: db backup, db restore, erase."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from activity_sync.cli.app import app
from activity_sync.cli.opening import configured, opened, told, unusable
from activity_sync.cli.output import Output
from activity_sync.cli.setup import db
from activity_sync.cli.work import TURN, Json, at_work

if TYPE_CHECKING:
    from activity_sync.model.settings import Settings
    from activity_sync.store.database import Database


@db.command()
def backup(
    context: typer.Context, file: Annotated[Path, typer.Argument(help="Where to; one that is there is replaced.")]
) -> None:
    """Write the whole database into one file, while the daemon goes on."""
    with _database(context) as (database, _):
        from activity_sync.store.backups import back_up

        database.upgrade()
        size = back_up(database, file)
    typer.echo(f"Wrote {file}: {size:,} bytes, checked. The key that its secrets need is not in it: keep that too.")


@db.command()
def restore(context: typer.Context, file: Annotated[Path, typer.Argument(help="What `db backup` wrote.")]) -> None:
    """Replace the database by a backup, if that is whole. What was written since is not written again."""
    with _database(context) as (database, settings):
        from activity_sync.store.backups import restore as bring_back
        from activity_sync.store.leases import alone
        from activity_sync.wiring import clock

        with alone(database, wait=TURN):
            kept = bring_back(database, file, clock(), settings.meetings.horizon)
    typer.echo(f"Restored {file}." + (f" The database as it was is {kept}." if kept else ""))
    typer.echo("What was written to Zoho since the backup is looked for before anything is written.")


@app.command()
def erase(
    context: typer.Context,
    address: Annotated[str, typer.Argument(help="An e-mail address or a telephone number.")],
    json: Json = False,
) -> None:
    """Forget a person: interactions, log texts, shadow entry. Zoho is left as it is. Cannot be undone."""
    out = Output(json=json)
    with opened(context, json=json) as running:
        from activity_sync.steps.erase import CannotErase
        from activity_sync.steps.erase import erase as forget

        with at_work(running.means) as means:
            try:
                gone = forget(means, address)
            except CannotErase as error:
                raise unusable(str(error)) from None
    if json:
        out.emit({"erased": gone})
        return
    listed = ", ".join(f"{count} {table}" for table, count in gone.items())
    out.say(f"Erased: {listed}." if listed else "Nothing was stored about this person.")


@contextmanager
def _database(context: typer.Context) -> Iterator[tuple[Database, Settings]]:
    with told(context):
        from activity_sync.store.database import open_database

        settings = configured(context)
        database = open_database(settings.database)
        try:
            yield database, settings
        finally:
            database.dispose()
