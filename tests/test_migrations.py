"""Migrations from empty give the very schema of store/tables, on both databases."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlmodel import SQLModel

from activity_sync.store import tables
from activity_sync.store.database import Database, open_database
from activity_sync.store.failures import StoreFailure
from activity_sync.store.schema import configured


def _schema(database: Database) -> dict[str, Any]:
    inspector = sa.inspect(database.engine)
    return {
        name: {
            "columns": [(c["name"], str(c["type"]), c["nullable"], c["default"]) for c in inspector.get_columns(name)],
            "key": inspector.get_pk_constraint(name)["constrained_columns"],
            "indexes": sorted(_index(index) for index in inspector.get_indexes(name)),
            "unique": sorted(str(constraint["column_names"]) for constraint in inspector.get_unique_constraints(name)),
        }
        for name in inspector.get_table_names()
        if name != "alembic_version"
    }


def _index(index: Any) -> str:
    condition = {name: str(value) for name, value in index.get("dialect_options", {}).items()}
    return f"{index['name']} {index['column_names']} {bool(index['unique'])} {condition}"


def test_migrations_give_the_tables_and_nothing_else(empty_database: Database) -> None:
    empty_database.upgrade()
    migrated = _schema(empty_database)
    with empty_database.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE alembic_version")
        SQLModel.metadata.drop_all(connection)
        SQLModel.metadata.create_all(connection)
    assert migrated == _schema(empty_database)
    assert set(migrated) == set(SQLModel.metadata.tables)


def test_alembic_finds_nothing_left_to_migrate(empty_database: Database) -> None:
    empty_database.upgrade()
    with empty_database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, SQLModel.metadata) == []


def test_sqlite_never_gives_a_number_twice(sqlite_database: Database) -> None:
    with sqlite_database.engine.connect() as connection:
        made = {name: sql for name, sql in connection.exec_driver_sql("SELECT name, sql FROM sqlite_master")}  # noqa: C416
    for numbered in (tables.Outbox, tables.Runs, tables.SyncLog):
        assert "AUTOINCREMENT" in made[str(numbered.__tablename__)]


def test_upgrading_again_changes_nothing(empty_database: Database) -> None:
    empty_database.upgrade()
    before = _schema(empty_database)
    empty_database.upgrade()
    empty_database.check_schema()
    assert _schema(empty_database) == before


def test_an_empty_database_is_named_by_the_schema_check(empty_database: Database) -> None:
    with pytest.raises(StoreFailure, match=r"has no tables yet.*activity-sync db upgrade"):
        empty_database.check_schema()


def test_reading_a_database_without_tables_says_what_to_run(empty_database: Database) -> None:
    with (
        pytest.raises(StoreFailure, match=r"has no tables yet.*activity-sync db upgrade"),
        empty_database.reading() as session,
    ):
        session.get(tables.Facts, "org")


def test_a_newer_database_is_refused_and_left_alone(empty_database: Database) -> None:
    empty_database.upgrade()
    with empty_database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    for attempt in (empty_database.upgrade, empty_database.check_schema):
        with pytest.raises(StoreFailure, match=r"made by a newer Activity Sync \(schema 9999\)"):
            attempt()
    with empty_database.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar() == "9999"


def test_a_migration_that_fails_leaves_nothing_behind(empty_database: Database) -> None:
    with empty_database.engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE zoho_user (id INTEGER)")  # in the way of the last table
    with pytest.raises(Exception, match="already exists"):
        empty_database.upgrade()
    assert sa.inspect(empty_database.engine).get_table_names() == ["zoho_user"]


def test_two_programs_that_start_together_both_find_the_tables(empty_url: str) -> None:
    from concurrent.futures import ThreadPoolExecutor

    databases = [open_database(empty_url) for _ in range(3)]
    with ThreadPoolExecutor(3) as threads:
        list(threads.map(Database.upgrade, databases))
    databases[0].check_schema()
    for database in databases:
        database.dispose()


def test_the_migrations_ship_with_the_package() -> None:
    location = configured().get_main_option("script_location")
    assert location is not None
    assert location.endswith(("migrations", "_migrations"))
