"""PostgreSQL: every table by COPY, at one moment, in a zip with its digests. No program of the server is needed."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlmodel import SQLModel

from activity_sync.store.database import Database
from activity_sync.store.engines import plain_complaints
from activity_sync.store.failures import StoreFailure
from activity_sync.store.schema import known, migrate_to

if TYPE_CHECKING:
    import psycopg

_FORMAT = "activity-sync 1"
_MANIFEST = "manifest.json"
_AT_ONCE = 1 << 20


class Postgresql:
    """A dump of our own tables."""

    @staticmethod
    def dump(database: Database, target: Path) -> None:
        """All tables as they are at one moment."""
        with _connection(database) as connection, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as file:
            connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            tables = {name: _out(connection, file, name) for name in _tables()}
            (revision,) = connection.execute("SELECT version_num FROM alembic_version").fetchone() or ("",)
            manifest = {"format": _FORMAT, "schema": revision, "tables": tables}
            file.writestr(_MANIFEST, json.dumps(manifest, indent=1))

    @staticmethod
    def prove(database: Database, source: Path) -> None:
        """Raises StoreFailure unless it is whole, of this program, and not of a newer one."""
        del database
        try:
            with zipfile.ZipFile(source) as file:
                manifest = _manifest(file)
                damaged = [name for name, told in manifest["tables"].items() if _digest(file, name) != told["sha256"]]
        except (OSError, zipfile.BadZipFile, KeyError, ValueError) as error:
            why = f"{source} is no backup of Activity Sync ({error})."
            raise StoreFailure(why, "Nothing was changed. Name a file that `activity-sync db backup` made.") from error
        if damaged:
            raise StoreFailure(f"{source} is damaged: {', '.join(damaged)}.", "Nothing was changed. Take another one.")
        if not known(manifest["schema"]):
            raise StoreFailure(f"{source} was made by a newer Activity Sync.", "Install that version first.")

    @staticmethod
    def keep_present(database: Database, now: datetime) -> Path | None:
        """Nothing: what is replaced, is replaced in one transaction; the server has backups of its own."""
        del database, now
        return None

    @staticmethod
    def load(database: Database, source: Path) -> None:
        """Replace all tables by those of the backup, in one transaction; `upgrade` brings them up to date."""
        with (
            zipfile.ZipFile(source) as file,
            plain_complaints(database.engine),
            database.engine.begin() as connection,
        ):
            manifest = _manifest(file)
            for name in (*reversed(_tables()), "alembic_version"):
                connection.exec_driver_sql(f'DROP TABLE IF EXISTS "{name}" CASCADE')
            migrate_to(connection, manifest["schema"])
            driver: psycopg.Connection[Any] = connection.connection.driver_connection  # type: ignore[assignment]
            for name, told in manifest["tables"].items():
                _in(driver, file, name, told["columns"])
                _go_on_counting(driver, name, told["columns"])


def _tables() -> list[str]:
    return [table.name for table in SQLModel.metadata.sorted_tables]


@contextmanager
def _connection(database: Database) -> Iterator[psycopg.Connection[Any]]:
    """One transaction, committed at the end of the block."""
    with plain_complaints(database.engine):
        raw = database.engine.raw_connection()
        try:
            connection: psycopg.Connection[Any] = raw.driver_connection  # type: ignore[assignment]
            with connection.transaction():
                yield connection
        finally:
            raw.close()


def _sql(text: str) -> Any:
    return text.encode()


def _out(connection: psycopg.Connection[Any], file: zipfile.ZipFile, name: str) -> dict[str, Any]:
    rows = connection.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_name = %s AND table_schema = current_schema()"
        " ORDER BY ordinal_position",
        (name,),
    )
    columns = [row[0] for row in rows]
    digest = hashlib.sha256()
    listed = ", ".join(f'"{column}"' for column in columns)
    with (
        file.open(f"{name}.copy", "w", force_zip64=True) as part,
        connection.cursor() as cursor,
        cursor.copy(_sql(f'COPY "{name}" ({listed}) TO STDOUT')) as rows_out,
    ):
        for piece in rows_out:
            digest.update(piece)
            part.write(piece)
    return {"columns": columns, "sha256": digest.hexdigest()}


def _in(connection: psycopg.Connection[Any], file: zipfile.ZipFile, name: str, columns: list[str]) -> None:
    listed = ", ".join(f'"{column}"' for column in columns)
    with (
        file.open(f"{name}.copy") as part,
        connection.cursor() as cursor,
        cursor.copy(_sql(f'COPY "{name}" ({listed}) FROM STDIN')) as rows_in,
    ):
        while piece := part.read(_AT_ONCE):
            rows_in.write(piece)


def _go_on_counting(connection: psycopg.Connection[Any], name: str, columns: list[str]) -> None:
    """A number that was given before is not given again."""
    for column in {"id", "number"} & set(columns):
        has = f"SELECT pg_get_serial_sequence('\"{name}\"', '{column}')"
        row = connection.execute(_sql(has)).fetchone()
        if row is not None and row[0] is not None:
            top = f'(SELECT max("{column}") FROM "{name}")'  # noqa: S608 - our own names
            connection.execute(_sql(f"SELECT setval('{row[0]}', coalesce({top}, 1), {top} IS NOT NULL)"))


def _manifest(file: zipfile.ZipFile) -> dict[str, Any]:
    manifest: dict[str, Any] = json.loads(file.read(_MANIFEST))
    if manifest["format"] != _FORMAT:
        raise ValueError("another format")
    return manifest


def _digest(file: zipfile.ZipFile, name: str) -> str:
    digest = hashlib.sha256()
    with file.open(f"{name}.copy") as part:
        while piece := part.read(_AT_ONCE):
            digest.update(piece)
    return digest.hexdigest()
