"""The table `cdr` of FreePBX, read through SQLAlchemy; any database that it knows (dialers.md 10.2)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, Any

from activity_sync.model.failures import ConnectionFailure, SignInAgain, TryLater

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

LONGER = timedelta(hours=6)
"""A row is written when its call ends, however long that took."""

_NEXT = "Give the URL as in mysql+pymysql://USER:PASSWORD@HOST/asteriskcdrdb, for a user who may read the table cdr."
_COLUMNS = "Give it the columns of FreePBX's table under their names; a view named cdr can do that."
_INSTALL = "Install it. pip install 'activity-sync[mysql]' brings the one for MySQL and MariaDB."
_AWAY = ("refused", "timed out", "timeout", "can't connect", "could not connect", "lost connection", "gone away",
         "no route", "unreachable", "name or service", "could not translate host", "too many connections",
         "is starting up", "locked")  # fmt: skip
_REFUSALS = (
    (("access denied", "authentication failed", "permission denied", "command denied"),
     "refuses the user or the password, or does not let this user read the table cdr"),
    (("unknown database", "does not exist", "doesn't exist", "no such table", "unknown column", "no such column"),
     "has no table cdr with a column calldate, as FreePBX makes it"),
)  # fmt: skip
_NEEDED = ("calldate", "src", "dst", "channel", "dstchannel", "duration", "billsec", "disposition")
"""Without one of them an answered call would look missed, or a customer like one of ours."""

_PLAIN = {"mysql": "mysql+pymysql", "mariadb": "mariadb+pymysql"}
"""Schemes that name no driver; the one that comes with this program's extra is meant."""


@dataclass(slots=True)
class Table:
    """One database. `zone`: of the machine that writes it."""

    url: str = field(repr=False)
    zone: tzinfo
    _engine: Engine | None = None

    def rows(self, since: datetime, until: datetime | None) -> Iterator[Mapping[str, Any]]:
        """The rows of calls that began in this time, and some from around it. Raises SignInAgain, TryLater."""
        from sqlalchemy import text

        asked = {"since": self._earliest(since - LONGER)}
        where = "calldate >= :since"
        if until is not None:
            asked["until"] = _written(until + timedelta(hours=15), UTC)
            where += " AND calldate <= :until"
        with _plain_complaints(), self._opened().connect() as connection:
            _check_columns(connection)
            found = connection.execution_options(yield_per=1000).execute(
                text(f"SELECT * FROM cdr WHERE {where} ORDER BY calldate"),  # noqa: S608 - only our own words
                asked,
            )
            for row in found.mappings():
                yield {name.casefold(): value for name, value in row.items()}

    def probe(self) -> None:
        """Asks for one row. Raises SignInAgain, TryLater."""
        with _plain_complaints(), self._opened().connect() as connection:
            _check_columns(connection)

    def close(self) -> None:
        """End all connections."""
        if self._engine is not None:
            self._engine.dispose()
            self._engine = None

    def _opened(self) -> Engine:
        if self._engine is None:
            from sqlalchemy import create_engine
            from sqlalchemy.pool import NullPool

            scheme, rest = self.url.split("://", 1)
            self._engine = create_engine(f"{_PLAIN.get(scheme, scheme)}://{rest}", poolclass=NullPool)
        return self._engine

    def _earliest(self, at: datetime) -> str:
        """As the machine may have written it: in its zone, or in UTC."""
        return min(_written(at, self.zone), _written(at, UTC))


def _check_columns(connection: Connection) -> None:
    """Asks for one row. Raises SignInAgain where it lacks a needed column."""
    from sqlalchemy import text

    found = connection.execute(text("SELECT * FROM cdr LIMIT 1"))
    columns = found.keys()
    there = {name.casefold() for name in columns}
    found.all()  # a driver that streams complains of what is left
    missing = [name for name in _NEEDED if name not in there]
    if missing:
        raise SignInAgain(f"The telephone system's table cdr has no column {', '.join(missing)}.", _COLUMNS)


def _written(at: datetime, zone: tzinfo) -> str:
    return at.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")


@contextmanager
def _plain_complaints() -> Iterator[None]:
    """What the database says, as what happens next; nothing of the URL, which holds a password."""
    from sqlalchemy.exc import SQLAlchemyError

    try:
        yield
    except ImportError as error:
        raise SignInAgain(
            f"The driver of the telephone system's database is missing: {error.name}.", _INSTALL
        ) from None
    except SQLAlchemyError as error:
        raise _failure(str(getattr(error, "orig", None) or error), type(error).__name__) from None


def _failure(said: str, name: str) -> ConnectionFailure:
    if any(word in said.casefold() for word in _AWAY):
        return TryLater("The telephone system's database cannot be reached.")
    words = (what for signs, what in _REFUSALS if any(sign in said.casefold() for sign in signs))
    return SignInAgain(f"The telephone system's database {next(words, f'refuses us ({name})')}.", _NEXT)
