"""The company, and the process that its commands are forked from."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from activity_sync.simulator.scenes import SCENES, Scene
from activity_sync.simulator.stage import Stage
from activity_sync.simulator.zoho import ZohoSimulator
from tests.conftest import _statement as statement
from tests.journeys.company import Company
from tests.journeys.nursery import Nursery

Founded = Callable[..., Company]
ADatabase = Callable[[], str]


@pytest.fixture(scope="session")
def nursery(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nursery]:
    """One for each worker."""
    with Nursery(tmp_path_factory.mktemp("runs")) as nursery:
        yield nursery


@pytest.fixture
def found(tmp_path: Path, nursery: Nursery, sqlite_template: Path) -> Iterator[Founded]:
    """Found a company.

    `scenes`: those with one of these words in their name, None: all. `key_field`: whether the org has the unique
    field. `org`: one of another make. `changes`: of the config file. At the end of every test no secret of any company
    may be found anywhere.
    """
    numbers, companies = count(1), []
    with ExitStack() as open_until_the_end:

        def found(
            scenes: Sequence[str] | None = None,
            *,
            key_field: bool = True,
            org: ZohoSimulator | None = None,
            **changes: Any,
        ) -> Company:
            stage = Stage(scenes=scenes_of(scenes), key_field=key_field, zoho=org)
            open_until_the_end.enter_context(stage)
            folder = tmp_path / f"company-{next(numbers)}"
            company = Company(stage, stage.write_config(folder), nursery)
            if "database" not in changes:
                shutil.copy(sqlite_template, folder / "activity-sync.db")  # with its tables, which saves a moment
            if changes:
                company.configure(**changes)
            company.paid()
            companies.append(company)
            return company

        yield found
        for company in companies:
            assert company.leaks() == []


def scenes_of(words: Sequence[str] | None) -> tuple[Scene, ...]:
    """The scenes whose name holds one of the words."""
    if words is None:
        return SCENES
    chosen = tuple(scene for scene in SCENES if any(word in scene.name for word in words))
    assert all(any(word in scene.name for scene in chosen) for word in words)
    return chosen


@pytest.fixture(params=["sqlite", "postgresql"])
def a_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], str]]:
    """Hands over an empty database each time it is called: once all of SQLite, once all of PostgreSQL."""
    if request.param == "sqlite":
        numbers = count(1)
        yield lambda: f"sqlite:///{tmp_path / f'{next(numbers)}.db'}"
        return
    cluster, made = request.getfixturevalue("postgresql_cluster"), []

    def create() -> str:
        made.append(f"t{uuid.uuid4().hex}")
        statement(cluster, f"CREATE DATABASE {made[-1]}")
        return str(cluster).replace("/postgres?", f"/{made[-1]}?")

    yield create
    for name in made:
        statement(cluster, f"DROP DATABASE {name} WITH (FORCE)")
