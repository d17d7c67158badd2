"""Column types that behave alike on SQLite and PostgreSQL."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import orjson
from sqlalchemy import DateTime, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator


class Moment(TypeDecorator[datetime]):
    """A point in time. Aware in, aware and in UTC out; a naive one is refused, because it would be guessed at."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To UTC; SQLite keeps no zone, so it gets none."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise TypeError(f"A time without a time zone cannot be stored: {value}")
        in_utc = value.astimezone(UTC)
        return in_utc.replace(tzinfo=None) if dialect.name == "sqlite" else in_utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """To UTC, whatever zone the session of the server has."""
        return None if value is None else value.astimezone(UTC)

    def result_processor(self, dialect: Dialect, coltype: object) -> Any:
        """SQLite's text is read at once: a match reads thousands."""
        return _moment if dialect.name == "sqlite" else super().result_processor(dialect, coltype)


class Json(TypeDecorator[Any]):
    """Any JSON value, kept as text: the same on both databases, and what comes out is what went in."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ARG002
        """To text; None stays NULL."""
        return None if value is None else to_json(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:  # noqa: ARG002
        """From text."""
        return from_json(value)

    def result_processor(self, dialect: Dialect, coltype: object) -> Any:  # noqa: ARG002
        """As `process_result_value`, in one step."""
        return from_json


class Words(TypeDecorator[str]):
    """Text that came from outside, without what no database takes (NUL, halves of surrogate pairs)."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Storable text."""
        return None if value is None else storable(value)


def _moment(text: str | None) -> datetime | None:
    """SQLite keeps a time in UTC, without its zone."""
    return None if text is None else datetime.fromisoformat(f"{text}+00:00")


def storable(text: str) -> str:
    """The text without NUL and without lone surrogates, which PostgreSQL or UTF-8 refuse."""
    if "\0" in text:
        text = text.replace("\0", "")
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode(errors="replace").decode()
    return text


def to_json(value: Any) -> str:
    """JSON text. What orjson refuses (lone surrogates, integers over 64 bits) the slow way writes as escapes."""
    try:
        return orjson.dumps(value).decode()
    except TypeError:
        return json.dumps(value, separators=(",", ":"))


def from_json(text: str | None) -> Any:
    """The value behind `to_json`; None for NULL."""
    if text is None:
        return None
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return json.loads(text)
