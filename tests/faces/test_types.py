"""types test: which type an example falls in, and the admin's own examples."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faces.conftest import Told, typed

TYPES = [
    {"name": "Discovery", "when": {"kind": "meeting", "title": ["intro call"], "target": ["Leads", "Deals"]}},
    {"name": "Demo", "when": {"title": ["re:(?i)\\bdemo\\b"], "minutes": {"min": 20}, "domains": ["globex.example"]}},
    {"name": "Missed", "when": {"kind": "call", "direction": "inbound", "outcome": ["missed"]}},
    {"name": "Key account", "when": {"record": {"Accounts": {"Account_Type": ["Customer"]}}}},
    {"name": "Other", "when": {}},
]

Try = Callable[..., Told]


@pytest.fixture
def tried(lonely: Callable[..., Path]) -> Try:
    path = lonely(activity_types=TYPES)
    return lambda *arguments: typed("--config", str(path), "types", "test", *arguments)


@pytest.mark.parametrize(
    ("line", "name"),
    [
        (["Intro call", "--target", "Leads"], "Discovery"),
        (["Intro call"], "Discovery"),
        (["Intro call", "--target", "Accounts"], "Other"),
        (["Product demo", "--domain", "globex.example"], "Demo"),
        (["x", "--direction", "inbound"], "Other"),
        (["Product demo", "--minutes", "30", "--domain", "Globex.example"], "Demo"),
        (["Product demo", "--minutes", "30", "--domain", "eu.globex.example", "--domain", "x.example"], "Demo"),
        (["Product demo", "--minutes", "10", "--domain", "globex.example"], "Other"),
        (["x", "--direction", "inbound", "--outcome", "missed"], "Missed"),
        (["Intro call", "--kind", "call", "--target", "Leads"], "Other"),
    ],
)
def test_the_first_type_that_fits_is_named(tried: Try, line: list[str], name: str) -> None:
    told = tried(*line, "--json")
    assert (told.exit, told.json["type"]) == (0, name)
    assert told.json["because"][-1].startswith(f"Activity type {name}:")


def test_why_the_ones_before_did_not_fit_is_said(tried: Try) -> None:
    told = tried("Intro call", "--target", "Accounts")
    assert told.out.splitlines()[0] == "Other"
    assert told.out.splitlines()[1].startswith("  Not activity type Discovery: target is ")


def test_what_was_not_told_is_named_where_the_rest_fits(tried: Try) -> None:
    told = tried("Intro call")
    assert told.out.splitlines()[0] == "Discovery"
    assert "if target fits too, which was not told" in told.out


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (["x", "--kind", "meating"], 'did you mean "meeting"'),
        (["x", "--outcome", "mised"], 'did you mean "missed"'),
        ([], "--cases"),
        (["x", "--cases", "f.yaml"], "--cases"),
    ],
)
def test_what_cannot_be_is_unusable(tried: Try, line: list[str], words: str) -> None:
    told = tried(*line)
    assert (told.exit, told.out) == (2, "")
    assert words in told.err


def test_the_admins_examples_are_checked(tried: Try, tmp_path: Path) -> None:
    cases = tmp_path / "cases.yaml"
    cases.write_text(
        "- {title: Intro call, target: Deals, expect: Discovery}\n"
        "- {title: Chat, record: {Accounts: {Account_Type: Customer}}, expect: Key account}\n"
    )
    assert tried("--cases", str(cases)).exit == 0
    cases.write_text(cases.read_text() + "- {title: Lunch, domain: [a.example], expect: Demo}\n")
    told = tried("--cases", str(cases), "--json")
    assert (told.exit, told.json["ok"], [one["ok"] for one in told.json["cases"]]) == (1, False, [True, True, False])
    assert "WRONG Lunch: Other, not Demo" in tried("--cases", str(cases)).out


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("- {title: x, expect: Discovry}", 'did you mean "Discovery"'),
        ("- {titel: x}", 'did you mean "title"'),
        ("- {title: x, minutes: long}", "minutes: long is no number"),
        ("title: x", "must be a list"),
        ("[", "is no YAML"),
        ("", "must be a list"),
    ],
)
def test_a_file_of_examples_that_cannot_be_used_is_told(tried: Try, tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "cases.yaml").write_text(text)
    told = tried("--cases", str(tmp_path / "cases.yaml"))
    assert (told.exit, told.out) == (2, "")
    assert words in told.err
