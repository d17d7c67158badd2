"""The database as the rest of the program holds it: transactions, schema, end. Light to import."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from sqlmodel import Session


class Database:
    """One database. Safe to share between threads; a Session is not."""

    def __init__(self, engine: Engine) -> None:
        """Use `open_database`."""
        self.engine = engine
        self._writing = threading.local()

    @property
    def kind(self) -> str:
        """`sqlite` or `postgresql`."""
        return self.engine.dialect.name

    @property
    def file(self) -> Path | None:
        """The SQLite file; None for PostgreSQL and in memory."""
        name = self.engine.url.database if self.kind == "sqlite" else None
        return Path(name) if name else None

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A transaction that may write: committed at the end of the block, undone by an exception.

        It waits (up to 30 s) for its turn before the block starts: one writes at a time, on both databases, so that
        nothing read in the block can be overtaken. Never start one inside another, nor call the network in it.
        Raises StoreFailure when the database cannot be used.
        """
        from sqlmodel import Session

        from activity_sync.store.engines import plain_complaints

        with (
            self._no_other(),
            plain_complaints(self.engine),
            Session(self.engine, expire_on_commit=False) as session,
            session.begin(),
        ):
            session.connection()  # takes the writer's turn now, not at the first query
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A transaction that only reads, and waits for nobody. What it changes is thrown away."""
        from sqlmodel import Session

        from activity_sync.store.engines import READING, plain_complaints

        with (
            plain_complaints(self.engine),
            Session(self.engine.execution_options(**{READING: True}), expire_on_commit=False) as session,
        ):
            yield session

    @contextmanager
    def _no_other(self) -> Iterator[None]:
        # It would wait for itself until the time is up, and then blame another process.
        if getattr(self._writing, "now", False):
            raise RuntimeError("a transaction was started inside another one of the same thread")
        self._writing.now = True
        try:
            yield
        finally:
            self._writing.now = False

    def upgrade(self) -> None:
        """Bring the tables up to this program's schema; nothing to do costs one query.

        Raises StoreFailure when a newer program made the database.
        """
        from activity_sync.store.schema import upgrade

        upgrade(self.engine)

    def scrub(self, *tables: str) -> None:
        """Write these tables (SQLite, or none named: all) anew, so that no byte of what was deleted is left.

        Waits for whoever writes, and takes long where they are big. Raises StoreFailure.
        """
        from activity_sync.store.scrubbing import scrub

        scrub(self.engine, tables)

    def empty_journal(self) -> None:
        """Have SQLite's journal written to the file, which has zeros for what was deleted; it is quick.

        Raises StoreFailure while another process reads for long.
        """
        from activity_sync.store.scrubbing import empty_journal

        empty_journal(self.engine)

    def check_schema(self) -> None:
        """Raises StoreFailure unless the tables are those of this program."""
        from activity_sync.store.schema import check

        check(self.engine)

    def dispose(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def open_database(url: str) -> Database:
    """The database behind `sqlite:///FILE`, `sqlite://` or `postgresql+psycopg://...`. Nothing is contacted yet.

    Raises StoreFailure for a URL of another kind.
    """
    from activity_sync.store.engines import make_engine

    return Database(make_engine(url))
