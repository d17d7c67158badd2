"""The files that we hand out load as they are, and name only what exists."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from activity_sync.config import Answers, load, starter
from activity_sync.config.document import parse
from activity_sync.dialers import KINDS
from activity_sync.model.settings import Section, Settings
from tests.config.builders import REPOSITORY, problems_of, variables_in, written

EXAMPLE = (REPOSITORY / "config.example.yaml").read_text(encoding="utf-8")
REFERENCE = REPOSITORY.parent / "shared" / "design" / "config-reference.yaml"
NOT_IN_THE_EXAMPLE = {"web.login", "engine", "matching.account_key"}

with_the_reference = pytest.mark.skipif(not REFERENCE.is_file(), reason="the design documents are not beside us")


def _reference() -> str:
    return REFERENCE.read_text(encoding="utf-8")


def test_the_example_loads_as_it_is_with_its_variables_set(tmp_path: Path) -> None:
    settings = load(REPOSITORY / "config.example.yaml", variables_in(EXAMPLE))
    assert [connection.name for connection in (*settings.calendars, *settings.dialers)] == [
        "workspace",
        "m365",
        "aircall",
        "zoom",
        "warehouse",
    ]
    assert settings.zoho.refresh_token is None


def test_what_the_example_only_suggests_loads_too(tmp_path: Path) -> None:
    bold = re.sub(r"^( +)# (\w+: \S+)( |$)", r"\1\2\3", EXAMPLE, flags=re.MULTILINE)
    settings = load(written(tmp_path, bold), variables_in(EXAMPLE))
    assert settings.zoho.api_url == "https://www.zohoapis.eu"
    assert settings.dialers[0].region == "GB"


def test_the_example_shows_every_key_that_does_something() -> None:
    shown: Any = parse(re.sub(r"^( +)# (\w+: )", r"\1\2", EXAMPLE, flags=re.MULTILINE)).data
    assert set(_missing(Settings, shown, "")) == NOT_IN_THE_EXAMPLE


def _missing(section: type[Section], shown: dict[str, Any], around: str) -> list[str]:
    """Keys of the sections, not of lists and dictionaries in them, that are not shown."""
    found = []
    for name, field in section.model_fields.items():
        inner = field.annotation
        if name not in shown:
            found.append(f"{around}{name}")
        elif isinstance(inner, type) and issubclass(inner, Section):
            found += _missing(inner, shown[name], f"{around}{name}.")
    return found


@pytest.mark.parametrize("calendar", ["google", "none"])
@pytest.mark.parametrize("dialer", ["aircall", "import", "none"])
def test_a_starter_loads_once_its_variables_are_set(tmp_path: Path, calendar: Any, dialer: Any) -> None:
    answers = Answers(
        timezone="America/Port-au-Prince",
        default_region="NO",
        data_center="in",
        domains=("acme.example", "7-acme.example"),
        calendar=calendar,
        dialer=dialer,
    )
    text = starter(answers)
    settings = load(written(tmp_path, text), variables_in(text))
    assert (settings.timezone, settings.default_region, settings.zoho.data_center) == (
        "America/Port-au-Prince",
        "NO",
        "in",
    )
    assert settings.team.domains == ("acme.example", "7-acme.example")
    assert [each.kind for each in settings.calendars] == ([] if calendar == "none" else [calendar])
    assert [each.kind for each in settings.dialers] == ([] if dialer == "none" else [dialer])
    assert not settings.zoho.write


def test_answers_cannot_break_the_starter(tmp_path: Path) -> None:
    text = starter(Answers(domains=('x"]: [#',)))
    assert [problem.key for problem in problems_of(written(tmp_path, text), **variables_in(text))] == [
        "team.domains[0]"
    ]


@with_the_reference
def test_the_beginners_file_loads(tmp_path: Path) -> None:
    after = _reference().split("# The beginner's file:\n")[1]
    text = "\n".join(line.removeprefix("#   ") for line in after.splitlines())
    settings = load(written(tmp_path, text), variables_in(text))
    assert (len(settings.calendars), len(settings.dialers), settings.team.domains) == (1, 1, ("acme.example",))


@with_the_reference
def test_the_whole_reference_is_understood(tmp_path: Path) -> None:
    settings = load(written(tmp_path, _reference()), variables_in(_reference()))
    assert {dialer.kind for dialer in settings.dialers} == set(KINDS)


@with_the_reference
def test_the_reference_shows_our_defaults(tmp_path: Path) -> None:
    """Sections whose values in the reference are the defaults, read from there and left out."""
    text = _reference()
    start = text.index("people:\n")
    given = (
        "timezone: Europe/London\ndefault_region: GB\nteam: {domains: [acme.example]}\n"
        "zoho: {data_center: eu, client_id: a, client_secret: b}\n"
    )
    sections = ["meetings", "calls", "matching", "people", "accounts", "web", "logging", "alerts", "retention"]
    shown = text[text.index("meetings:\n") : text.index("segments:")] + text[start:]
    ours = load(written(tmp_path, given), {})
    theirs = load(written(tmp_path, given + shown + "\nbusiness_days: {holidays: GB}\n"), {})
    for section in [*sections, "engine", "business_days"]:
        assert getattr(theirs, section) == getattr(ours, section)
