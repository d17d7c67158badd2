"""What holds for every command: help, the config, how failures are told."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from activity_sync.cli.later import LATER
from activity_sync.model.passwords import fits
from tests.faces.conftest import typed

HEAVY = ("sqlmodel", "sqlalchemy", "pydantic", "httpx", "rich", "structlog", "jinja2", "phonenumbers", "ruamel.yaml")


def test_help_names_what_there_is_and_nothing_that_is_not_there_yet() -> None:
    told = typed("--help")
    assert told.exit == 0
    for command in ("init", "check", "sync", "run", "preview", "explain", "log", "status", "credits", "retry", "demo"):
        assert f"  {command} " in told.out
    for command in LATER:
        assert f"  {command} " not in told.out


def test_help_loads_nothing_heavy() -> None:
    asked = "import sys, activity_sync.cli; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True).stdout.split()
    assert not set(HEAVY) & set(loaded)


def test_a_command_of_a_later_version_says_so() -> None:
    told = typed("worker")
    assert told.exit == 2
    assert "activity-sync worker: not available yet." in told.err


def test_the_hash_of_a_password_is_printed_and_each_is_another() -> None:
    told = typed("web", "hash", stdin="correct horse\n")
    assert (told.exit, told.err) == (0, "")
    assert fits("correct horse", told.out.strip())
    assert typed("web", "hash", stdin="correct horse\n").out != told.out
    assert typed("web", "hash", stdin="\n").exit == 2


def test_a_length_of_time_that_is_none_is_unusable(lonely: Callable[..., Path]) -> None:
    told = typed("--config", str(lonely()), "preview", "--last", "bla")
    assert (told.exit, told.out) == (2, "")
    assert told.err == "--last bla: must be a duration such as 90s, 5m, 2h or 30d.\n"


@pytest.mark.parametrize("line", ["snyc", "log --directon in", "explain"])
def test_a_mistyped_command_line_is_unusable(line: str) -> None:
    assert typed(*line.split()).exit == 2


def test_the_version_is_told() -> None:
    told = typed("--version")
    assert (told.exit, told.out.split()[0]) == (0, "activity-sync")


@pytest.mark.parametrize(
    "line", ["status", "sync --json", "log", "credits", "explain m-1", "types test x", "db upgrade"]
)
def test_without_a_config_every_command_says_how_to_get_one(line: str, tmp_path: Path) -> None:
    told = typed("--config", str(tmp_path / "none.yaml"), *line.split())
    assert (told.exit, told.out) == (2, "")
    assert "`activity-sync init` writes one" in told.err


def test_the_config_is_found_by_its_variable_and_else_in_the_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lonely: Callable[..., Path]
) -> None:
    path = lonely()
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ACTIVITY_SYNC_CONFIG", raising=False)
    assert "config.yaml: there is no such file" in typed("db", "upgrade").err
    monkeypatch.setenv("ACTIVITY_SYNC_CONFIG", str(path))
    assert typed("db", "upgrade").exit == 0


def test_every_mistake_of_a_config_is_told_at_once(lonely: Callable[..., Path]) -> None:
    told = typed("--config", str(lonely(timezone="Mars/Base", meetigns={})), "status")
    assert told.exit == 2
    assert len(told.err.splitlines()) == 2
    assert 'did you mean "meetings"?' in told.err


def test_a_database_that_cannot_be_opened_is_one_line(lonely: Callable[..., Path], tmp_path: Path) -> None:
    told = typed("--config", str(lonely(database=f"sqlite:///{tmp_path}/none/at/all.db")), "status")
    assert (told.exit, len(told.err.splitlines())) == (1, 1)
    assert "all.db" in told.err


def test_an_unexpected_error_is_one_line_without_secrets_and_its_details_come_on_demand(
    lonely: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("while sending very-secret-words")

    monkeypatch.setattr("activity_sync.reports.status.status", broken)
    told = typed("--config", str(lonely()), "status")
    assert (told.exit, len(told.err.splitlines())) == (1, 1)
    assert "ZeroDivisionError: while sending [secret]" in told.err
    debugged = typed("--config", str(lonely()), "--debug", "status")
    assert "Traceback" in debugged.err
    assert "very-secret-words" not in debugged.err


def test_an_interrupted_command_is_quiet(lonely: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("activity_sync.reports.status.status", stopped)
    told = typed("--config", str(lonely()), "status")
    assert (told.exit, told.out, told.err) == (130, "", "")


def test_a_secret_of_the_store_may_stand_in_the_config(lonely: Callable[..., Path], tmp_path: Path) -> None:
    from activity_sync.store.database import open_database
    from activity_sync.store.secrets import StoredTokens, key_file_for

    path = lonely()
    data = json.loads(path.read_text())
    data["zoho"]["client_secret"] = "${secret:zoho}"
    path.write_text(json.dumps(data))
    assert "the secret store has no entry zoho" in typed("--config", str(path), "status").err
    database = open_database(data["database"])
    database.upgrade()
    StoredTokens(database, key_file_for(database, tmp_path)).put("zoho", "words")
    database.dispose()
    assert typed("--config", str(path), "status").exit == 0
