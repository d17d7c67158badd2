"""init, db upgrade."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from ruamel.yaml import YAML

from activity_sync.config import load
from tests.faces.conftest import typed

VARIABLES = dict.fromkeys(("ZOHO_CLIENT_ID", "ZOHO_CLIENT_SECRET", "AIRCALL_ID", "AIRCALL_TOKEN"), "value")


def test_init_writes_a_rehearsal_that_loads(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    told = typed("--config", str(path), "init", "--yes")
    assert told.exit == 0
    assert "activity-sync check" in told.out
    assert path.stat().st_mode & 0o777 == 0o600
    assert load(path, VARIABLES).zoho.write is False


def test_init_asks_and_asks_again_where_the_answer_cannot_be(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    answers = ["globex.example globex.test", "Mars/Base", "America/Toronto", "XX", "ca", "CA", "none", "import"]
    told = typed("--config", str(path), "init", stdin="\n".join(answers) + "\n")
    assert told.exit == 0, told.err
    assert "such as Europe/London" in told.err
    assert "two-letter code" in told.err
    settings = load(path, VARIABLES)
    assert (settings.timezone, settings.default_region, settings.zoho.data_center) == ("America/Toronto", "CA", "ca")
    assert set(settings.team.domains) == {"globex.example", "globex.test"}
    assert (settings.calendars, [one.kind for one in settings.dialers]) == ((), ["import"])


def test_init_leaves_a_file_that_is_there_alone(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text("mine")
    told = typed("--config", str(path), "init", "--yes")
    assert (told.exit, told.out, path.read_text()) == (2, "", "mine")
    assert "is there already" in told.err
    assert typed("--config", str(path), "init", "--yes", "--force").exit == 0
    assert YAML(typ="safe").load(path)["timezone"]


def test_init_says_where_it_cannot_write(tmp_path: Path) -> None:
    told = typed("--config", str(tmp_path / "none" / "config.yaml"), "init", "--yes")
    assert (told.exit, told.out) == (2, "")
    assert "cannot be written" in told.err


def test_the_database_is_upgraded_once(lonely: Callable[..., Path]) -> None:
    path = str(lonely())
    assert re.search(r"upgraded from nothing to \d{4}\.", typed("--config", path, "db", "upgrade").out)
    assert re.search(r"up to date \(\d{4}\)", typed("--config", path, "db", "upgrade").out)
