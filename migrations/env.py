"""Runs the migrations on the connection that `activity_sync/store/schema.py` hands over.

A new one: change store/tables/, then, on a database that has had all migrations so far,
`config = schema.configured(); config.attributes["connection"] = connection;
alembic.command.revision(config, "what it does", autogenerate=True, rev_id="0002")`, and read what it wrote.
"""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy.types import TypeDecorator
from sqlmodel import SQLModel
from sqlmodel.sql.sqltypes import AutoString

import activity_sync.store.tables  # noqa: F401 - fills the metadata


def _plain_types(kind: str, item: Any, _autogen: AutogenContext) -> str | Literal[False]:
    """A migration names SQLAlchemy's own types only: ours may change later, what it once made may not."""
    if kind == "type" and isinstance(item, AutoString):
        return "sa.String()"
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl_instance!r}"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    render_as_batch=True,  # SQLite cannot alter a column in place
    transactional_ddl=True,
    compare_server_default=True,
    render_item=_plain_types,
)
with context.begin_transaction():
    context.run_migrations()
