"""The documents cannot lie: commands, options, settings and links that they name exist."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import typer

from activity_sync.cli import app
from activity_sync.config.known_keys import known_keys
from activity_sync.model.settings import Settings

REPOSITORY = Path(__file__).parents[1]
README = REPOSITORY / "README.md"
PAGES = sorted([README, REPOSITORY / "CHANGELOG.md", *REPOSITORY.glob("docs/*.md")])
OTHERS = [REPOSITORY / "config.example.yaml", *sorted((REPOSITORY / "deploy").glob("*"))]


def name(path: Path) -> str:
    return path.name


@cache
def commands() -> dict[str, Any]:
    """Every visible command by its words (`types test`), as the command line has it."""
    found: dict[str, Any] = {}
    for word, command in typer.main.get_command(app).commands.items():  # type: ignore[attr-defined]
        if command.hidden:
            continue
        inner = getattr(command, "commands", {})
        found |= {f"{word} {second}": one for second, one in inner.items() if not one.hidden}
        if not inner or command.invoke_without_command:
            found[word] = command
    return found


def pieces(text: str) -> Iterator[str]:
    """What stands in backticks, and every line of a code block."""
    blocks = re.findall(r"^```(?:sh|text)?\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    yield from (line.split("   #")[0].strip() for block in blocks for line in block.splitlines())
    yield from re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE))


def command_lines(text: str) -> Iterator[list[str]]:
    """The words after `activity-sync`, where a command follows."""
    for piece in pieces(text):
        if piece.startswith("activity-sync ") and not re.match(r"activity-sync (\[|COMMAND|--)", piece):
            yield shlex.split(piece.replace("…", ""))[1:]


def command_of(words: list[str]) -> str:
    return next((name for name in (" ".join(words[:2]), words[0]) if name in commands()), "")


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_command_line_in_the_documents_exists(page: Path) -> None:
    for words in command_lines(page.read_text()):
        command = command_of(words)
        assert command, f"{page.name}: activity-sync {' '.join(words)}"
        known = {option for parameter in commands()[command].params for option in parameter.opts}
        unknown = [word for word in words if word.startswith("--") and word not in known]
        assert not unknown, f"{page.name}: {words}"


def test_every_command_is_in_readme_with_its_options() -> None:
    text = README.read_text()
    told = {command_of(words) for words in command_lines(text)}
    assert told == set(commands())
    section = text.partition("## Everyday commands")[2].partition("\n## ")[0]
    for command, known in commands().items():
        (row,) = [line for line in section.splitlines() if command_of_row(line) == command]
        needed = {"sync": ["--no-wait"], "init": ["--yes"], "preview": ["--last"], "demo": ["--once"], "log": []}
        needed["log"] = [option for one in known.params for option in one.opts if option not in ("--json", "--help")]
        for option in needed.get(command, []):
            assert option in row, (command, option)


def command_of_row(line: str) -> str:
    """The command that a row of the table is about."""
    known = (one for one in commands() if line.startswith(f"| `activity-sync {one}"))
    return max(known, key=len, default="")


def test_the_exit_statuses_of_readme_are_those_of_the_program() -> None:
    from activity_sync.model.results import Exit

    table = README.read_text().partition("| exit status | meaning |")[2].partition("\n\n")[0]
    assert [int(number) for number in re.findall(r"^\| (\d) \|", table, re.MULTILINE)] == [int(one) for one in Exit]


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_setting_in_the_documents_exists(page: Path) -> None:
    for piece in pieces(page.read_text()):
        if not re.fullmatch(r"[a-z_]+(\.[a-z_]+)+", piece) or piece.split(".")[0] not in Settings.model_fields:
            continue
        place: tuple[str, ...] = ()
        for key in piece.split("."):
            assert key in known_keys(place, {}), f"{page.name}: {piece}"
            place = (*place, key)


def test_the_beginners_file_in_readme_loads(tmp_path: Path) -> None:
    from activity_sync.config import load

    (text,) = re.findall(r"^```yaml\n(timezone:.*?)^```", README.read_text(), re.DOTALL | re.MULTILINE)
    assert len(text.splitlines()) <= 12
    (tmp_path / "config.yaml").write_text(text)
    variables = dict.fromkeys(re.findall(r"\$\{(\w+)\}", text), "value")
    settings = load(tmp_path / "config.yaml", variables)
    assert (settings.calendars[0].kind, settings.dialers[0].kind) == ("google", "aircall")


def test_the_import_example_loads_and_its_row_can_be_read(tmp_path: Path) -> None:
    import json

    from activity_sync.dialers.imported.rows import REQUIRED, Directory, read_row
    from tests.config.builders import settings_of

    text = (REPOSITORY / "docs" / "import.md").read_text()
    row = json.loads(re.findall(r"^```json\n(.*?)^```", text, re.DOTALL | re.MULTILINE)[0])
    directory = Directory(source="warehouse", region="GB", extensions={"201": "jo@acme.example"})
    leg = read_row(row, directory).leg
    assert leg is not None
    assert [rep.email for rep in leg.reps] == ["jo@acme.example"]
    assert all(f"`{key}`" in text for key in REQUIRED)

    from ruamel.yaml import YAML

    (example,) = re.findall(r"^```yaml\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    settings = settings_of(tmp_path, {"dialers": YAML(typ="safe").load(example)["dialers"]})
    assert settings.dialers[0].kind == "import"


def test_the_examples_of_activity_types_and_matching_load_and_fall_where_they_say(tmp_path: Path) -> None:
    from ruamel.yaml import YAML

    from activity_sync.reports.examples import try_type
    from tests.config.builders import settings_of

    blocks = {}
    for page in ("activity-types", "matching"):
        text = (REPOSITORY / "docs" / f"{page}.md").read_text()
        blocks[page] = [
            YAML(typ="safe").load(one) for one in re.findall(r"^```yaml\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
        ]
    types, examples = blocks["activity-types"]
    settings = settings_of(tmp_path, {**types, **blocks["matching"][0]})
    assert settings.matching.account_key is not None
    assert {one["expect"] for one in examples} == {kind.name for kind in settings.activity_types}
    for example in examples:
        found = try_type(settings, example)
        assert found.ok, (example, found)


def test_every_condition_and_strategy_is_in_the_documents() -> None:
    from typing import get_args

    from activity_sync.model.settings import DealPreference, When

    types, matching = ((REPOSITORY / "docs" / f"{page}.md").read_text() for page in ("activity-types", "matching"))
    assert [one for one in When.model_fields if f"`{one}`" not in types] == []
    assert [one for one in get_args(DealPreference) if f"`{one}`" not in matching] == []


def test_every_kind_of_dialer_is_documented_with_an_example_that_loads(tmp_path: Path) -> None:
    from ruamel.yaml import YAML

    from activity_sync.dialers import KINDS
    from tests.config.builders import settings_of

    text = re.sub(r"\$\{\w+\}", "value", (REPOSITORY / "docs" / "dialers.md").read_text())
    blocks = re.findall(r"^```yaml\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    shown = [one for block in blocks for one in YAML(typ="safe").load(block)["dialers"]]
    dialers = settings_of(tmp_path, {"dialers": shown}).dialers
    assert {dialer.kind for dialer in dialers} == set(KINDS) - {"import"}


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_link_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)]+)\)", page.read_text()):
        if not re.match(r"https?://", target):
            assert (page.parent / target.partition("#")[0]).exists(), target


@pytest.mark.parametrize("page", [*PAGES, *OTHERS], ids=name)
def test_no_page_names_a_place_on_the_machine_that_it_was_written_on(page: Path) -> None:
    text = page.read_text()
    for place in (str(REPOSITORY), str(Path.home()) + "/", "/tmp/"):
        assert place not in text


def test_the_service_starts_a_command_that_exists() -> None:
    unit = (REPOSITORY / "deploy" / "activity-sync.service").read_text()
    (start,) = re.findall(r"^ExecStart=\S+/activity-sync (.*)$", unit, re.MULTILINE)
    assert start.split()[-1] in commands()
    for credential in re.findall(r"activity-sync\.service/([\w.-]+)", unit):
        assert f"LoadCredential={credential}:" in unit
