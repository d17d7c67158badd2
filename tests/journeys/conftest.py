"""The company, and the process that its commands are forked from."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from activity_sync.simulator.scenes import SCENES, Scene
from activity_sync.simulator.stage import Stage
from activity_sync.simulator.zoho import ZohoSimulator
from tests.journeys.company import Company
from tests.journeys.nursery import Nursery

Founded = Callable[..., Company]


@pytest.fixture(scope="session")
def nursery(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nursery]:
    """One for each worker."""
    with Nursery(tmp_path_factory.mktemp("runs")) as nursery:
        yield nursery


@pytest.fixture
def found(tmp_path: Path, nursery: Nursery) -> Iterator[Founded]:
    """Found a company.

    `scenes`: those with one of these words in their name, None: all. `key_field`: whether the org has the unique
    field. `zoho`: an org of another make. `changes`: of the config file.
    """
    with ExitStack() as open_until_the_end:

        def found(
            scenes: Sequence[str] | None = None,
            *,
            key_field: bool = True,
            zoho: ZohoSimulator | None = None,
            **changes: Any,
        ) -> Company:
            stage = Stage(scenes=scenes_of(scenes), key_field=key_field, zoho=zoho)
            open_until_the_end.enter_context(stage)
            company = Company(stage, stage.write_config(tmp_path), nursery)
            if changes:
                company.configure(**changes)
            company.paid()
            return company

        yield found


def scenes_of(words: Sequence[str] | None) -> tuple[Scene, ...]:
    """The scenes whose name holds one of the words."""
    if words is None:
        return SCENES
    chosen = tuple(scene for scene in SCENES if any(word in scene.name for word in words))
    assert all(any(word in scene.name for scene in chosen) for word in words)
    return chosen


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """An empty database of each kind."""
    return str(request.getfixturevalue(f"{request.param}_url"))
