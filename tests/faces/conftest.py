"""The command line in this process, on the made-up company."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import structlog
from typer.testing import CliRunner

from activity_sync.cli import app
from activity_sync.simulator.stage import Stage


@dataclass(frozen=True, slots=True)
class Told:
    """What a command said. `out` is for the result, `err` for a person when the result is JSON."""

    exit: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one document on standard output."""
        return json.loads(self.out)

    @property
    def lines(self) -> list[dict[str, Any]]:
        """A document on each line."""
        return [json.loads(line) for line in self.out.splitlines()]


@dataclass(frozen=True, slots=True)
class Desk:
    """A config file, and somebody who types commands. `stage`: the vendors, when there are any."""

    config: Path
    stage: Stage

    def __call__(self, *arguments: str, stdin: str = "") -> Told:
        """The command with `--config`."""
        return typed("--config", str(self.config), *arguments, stdin=stdin)


def typed(*arguments: str, stdin: str = "") -> Told:
    """A command line, run to its end in this process; what it set up for its log is taken down again."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    try:
        done = CliRunner().invoke(app, list(arguments), input=stdin)
    finally:
        root.handlers[:], root.level = handlers, level
        structlog.reset_defaults()
    return Told(done.exit_code, done.stdout, done.stderr)


@contextmanager
def company(folder: Path, scenes: int | None = None, **changes: Any) -> Iterator[Desk]:
    """The made-up company served on loopback, nothing synced yet. `scenes`: only the first so many."""
    from activity_sync.simulator.scenes import SCENES

    with Stage(scenes=SCENES[:scenes], key_field=changes.pop("key_field", True)) as stage:
        desk = Desk(stage.write_config(folder, **changes), stage)
        stage.play(1)
        yield desk


@pytest.fixture(scope="session")
def synced(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """The company after its first sync, for commands that only ask. Do not change anything in it."""
    with company(tmp_path_factory.mktemp("synced")) as desk:
        done = desk("sync", "--json")
        assert done.out, done.err
        assert done.json["interactions"]["logged"] > 30
        yield desk


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Desk]:
    """A company with a few scenes, nothing synced, for a test to spoil."""
    with company(tmp_path, scenes=4) as desk:
        yield desk


@pytest.fixture
def lonely(tmp_path: Path) -> Callable[..., Path]:
    """Writes the beginner's config, with nobody there to talk to; `changes`: keys at its top."""

    def write(**changes: Any) -> Path:
        data = {
            "timezone": "Europe/London",
            "default_region": "GB",
            "zoho": {
                "accounts_url": "http://127.0.0.1:9",
                "api_url": "http://127.0.0.1:9",
                "client_id": "id",
                "client_secret": "very-secret-words",
                "refresh_token": "refresh-token",
            },
            "team": {"domains": ["acme.example"]},
            "database": f"sqlite:///{tmp_path / 'lonely.db'}",
        }
        path = tmp_path / "lonely.yaml"
        path.write_text(json.dumps({**data, **changes}), encoding="utf-8")
        return path

    return write
