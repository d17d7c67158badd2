"""Migrations: where they lie, and which of them a database has had."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

import activity_sync
from activity_sync.store.engines import READING, plain_complaints, shown
from activity_sync.store.failures import StoreFailure


def upgrade(engine: Engine) -> None:
    """Run the missing migrations, all in one transaction. Raises StoreFailure for a database of a newer program."""
    with plain_complaints(engine):
        with engine.connect().execution_options(**{READING: True}) as connection:
            if _revision(connection) == _scripts().get_current_head():
                return
        with engine.begin() as connection:
            _upgrade(connection)


def check(engine: Engine) -> None:
    """Raises StoreFailure unless the database has had exactly this program's migrations."""
    with plain_complaints(engine), engine.connect().execution_options(**{READING: True}) as connection:
        revision = _revision(connection)
        _refuse_newer(connection, revision)
    if revision != _scripts().get_current_head():
        why = "has no tables yet" if revision is None else f"has the older schema {revision}"
        raise StoreFailure(f"The database {shown(engine)} {why}.", "Run `activity-sync db upgrade`.")


def known(revision: str) -> bool:
    """Whether this program can bring a database of this schema up to date."""
    return revision in {script.revision for script in _scripts().walk_revisions()}


def migrate_to(connection: Connection, revision: str) -> None:
    """Make the tables as they were at a revision, in a database without any."""
    config = configured()
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def configured() -> Config:
    """Alembic's configuration, without a file."""
    config = Config()
    config.set_main_option("script_location", str(_folder()).replace("%", "%%"))
    return config


def _upgrade(connection: Connection) -> None:
    _refuse_newer(connection, _revision(connection))
    config = configured()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _refuse_newer(connection: Connection, revision: str | None) -> None:
    if revision is not None and not known(revision):
        raise StoreFailure(
            f"The database {shown(connection.engine)} was made by a newer Activity Sync (schema {revision}).",
            "Install that version again, or restore a backup from before.",
        )


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(configured())


def _folder() -> Path:
    """Inside the package when it was installed from a wheel, beside it in a working copy."""
    package = Path(activity_sync.__file__).parent
    for folder in (package / "_migrations", package.parent / "migrations"):
        if (folder / "env.py").is_file():
            return folder
    raise StoreFailure("The database migrations are missing from this installation.", "Install the package again.")
