"""From the file to the settings: YAML, references, paths."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from activity_sync.config import ConfigError, database_url, load
from activity_sync.model.settings import AircallDialer, AsteriskDialer, GoogleCalendar, ImportDialer, RingCentralDialer
from tests.config.builders import AIRCALL, GOOGLE, REPOSITORY, problems_of, settings_of, told, variables_in, written

START = """\
timezone: Europe/London
default_region: GB
zoho: {data_center: eu, client_id: id, client_secret: secret}
team:
  domains: [acme.example]
"""


def test_connections_are_told_apart_by_their_kind(tmp_path: Path) -> None:
    spool = {"name": "pbx", "kind": "import", "path": "spool"}
    settings = settings_of(tmp_path, {"calendars": [GOOGLE], "dialers": [AIRCALL, spool]})
    assert isinstance(settings.calendars[0], GoogleCalendar)
    assert [type(dialer) for dialer in settings.dialers] == [AircallDialer, ImportDialer]


def test_numbers_keep_their_plus_and_zeros_without_quotes(tmp_path: Path) -> None:
    text = START + "  numbers: [+442079460100, 02079460100]\ndialers:\n  - {name: 7, kind: aircall, api_id: 12, "
    text += "api_token: 0034, extensions: {0201: jo@acme.example, 202: sam@acme.example}}\n"
    settings = load(written(tmp_path, text), {})
    assert settings.team.numbers == ("+442079460100", "02079460100")
    assert list(settings.dialers[0].extensions) == ["0201", "202"]
    assert isinstance(settings.dialers[0], AircallDialer)
    assert (settings.dialers[0].api_id, settings.dialers[0].api_token.get_secret_value()) == ("12", "0034")


def test_yaml_is_version_1_2(tmp_path: Path) -> None:
    text = START.replace("GB", "NO") + "follow_ups: {on: {subject: yes, due: 1 days}}\n"
    settings = load(written(tmp_path, text), {})
    assert settings.default_region == "NO"
    assert settings.follow_ups["on"].subject == "yes"


def test_a_part_may_be_shared_by_an_anchor(tmp_path: Path) -> None:
    text = START + "activity_types:\n  - {name: A, then: &then {tags: [a], skip: true}}\n"
    text += "  - {name: B, then: {<<: *then, tags: [b]}}\n  - {name: C, then: *then}\n"
    types = load(written(tmp_path, text), {}).activity_types
    assert [(each.then.tags, each.then.skip) for each in types] == [(("a",), True), (("b",), True), (("a",), True)]


def test_a_key_whose_items_are_all_commented_out_has_its_default(tmp_path: Path) -> None:
    assert load(written(tmp_path, START + "calendars:\n  # - name: x\nmeetings:\n"), {}).calendars == ()


def test_relative_paths_start_at_the_file(tmp_path: Path) -> None:
    pbx = {"name": "pbx", "kind": "import", "path": "spool/calls"}
    tables = [
        {"name": name, "kind": "asterisk", "cdr": url}
        for name, url in (("old", "sqlite:///cdr.db"), ("new", "mysql+pymysql://cdr@pbx/asteriskcdrdb"))
    ]
    settings = settings_of(tmp_path, {"calendars": [GOOGLE], "dialers": [pbx, *tables]})
    assert [one.cdr for one in settings.dialers if isinstance(one, AsteriskDialer)] == [
        f"sqlite:///{tmp_path / 'cdr.db'}", tables[1]["cdr"]
    ]  # fmt: skip
    assert isinstance(settings.calendars[0], GoogleCalendar)
    assert isinstance(settings.dialers[0], ImportDialer)
    assert settings.calendars[0].service_account_file == tmp_path / "google.json"
    assert settings.dialers[0].path == tmp_path / "spool/calls"
    assert settings.database == f"sqlite:///{tmp_path / 'activity-sync.db'}"


@pytest.mark.parametrize(
    ("url", "becomes"),
    [
        ("sqlite:///data/a.db?timeout=5", "sqlite:///{folder}/data/a.db?timeout=5"),
        ("sqlite:////var/lib/a.db", "sqlite:////var/lib/a.db"),
        ("sqlite:///:memory:", "sqlite:///:memory:"),
        ("postgresql+psycopg://me:${PW}@db.example/a", "postgresql+psycopg://me:word@db.example/a"),
    ],
)
def test_only_a_relative_sqlite_file_is_moved_to_the_config(tmp_path: Path, url: str, becomes: str) -> None:
    settings = settings_of(tmp_path, {"database": url}, PW="word")
    assert settings.database == becomes.format(folder=tmp_path)


def test_an_absolute_path_stays(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, {"calendars": [{**GOOGLE, "service_account_file": "/etc/google.json"}]})
    assert isinstance(settings.calendars[0], GoogleCalendar)
    assert settings.calendars[0].service_account_file == Path("/etc/google.json")


def test_references_are_replaced_in_values(tmp_path: Path) -> None:
    (tmp_path / "id.txt").write_text("  from-a-file \n", encoding="utf-8")
    path = written(
        tmp_path,
        START.replace("client_id: id", 'client_id: "${file:id.txt}"')
        .replace("client_secret: secret", 'client_secret: "${secret:zoho}", name: "${A}-${B:-b}", write: "${W}"')
        .replace("acme.example", "'$${literal}.example'"),
    )
    with pytest.raises(ConfigError) as refused:
        load(path, {"A": "a", "W": "false"}, {"zoho": "from-the-store"}.get)
    assert [problem.key for problem in refused.value.problems] == ["team.domains[0]"]
    path.write_text(path.read_text(encoding="utf-8").replace("$${literal}.", "acme."), encoding="utf-8")
    zoho = load(path, {"A": "a", "W": "false"}, {"zoho": "from-the-store"}.get).zoho
    assert (zoho.client_id, zoho.client_secret.get_secret_value()) == ("from-a-file", "from-the-store")
    assert (zoho.name, zoho.write) == ("a-b", False)


def test_an_empty_default_leaves_the_key_or_the_item_out(tmp_path: Path) -> None:
    changes = {"zoho.refresh_token": "${TOKEN:-}", "team.domains": ["${FIRST:-}", "acme.example", "${LAST:-}"]}
    settings = settings_of(tmp_path, changes)
    assert settings.zoho.refresh_token is None
    assert settings.team.domains == ("acme.example",)
    assert settings_of(tmp_path, changes, FIRST="first.example").team.domains == ("first.example", "acme.example")


def test_lines_are_right_after_an_item_was_left_out(tmp_path: Path) -> None:
    text = START.replace("[acme.example]", "\n  - ${GONE:-}\n  - acme.example\n  - nonsense")
    (problem,) = problems_of(written(tmp_path, text))
    assert (problem.line, problem.key) == (8, "team.domains[1]")


def test_references_are_not_looked_for_in_keys_and_dollars_stay(tmp_path: Path) -> None:
    settings = settings_of(
        tmp_path,
        {
            "accounts.mapping": {"${X}": "company"},
            "follow_ups.f": {"subject": "${{ deal.Amount }} for $5", "due": "2d"},
        },
    )
    assert list(settings.accounts.mapping) == ["${X}"]
    assert settings.follow_ups["f"].subject == "${{ deal.Amount }} for $5"


def test_what_leads_nowhere_is_told_with_its_line(tmp_path: Path) -> None:
    text = START.replace("client_id: id", 'client_id: "${ID}"').replace("secret: secret", 'secret: "${secret:zoho}"')
    text += "calendars:\n  - {name: w, kind: google, service_account_file: '${file:no.txt}'}\n"
    lines = [str(problem) for problem in problems_of(written(tmp_path, text))]
    file = tmp_path / "config.yaml"
    store = "store it, or take it from an environment variable"
    start = "correct the path; it starts at the config file"
    assert lines == [
        f"{file}:3: zoho.client_id: environment variable ID is not set; set it, or write ${{ID:-}} to leave this out",
        f"{file}:3: zoho.client_secret: the secret store has no entry zoho; {store}",
        f"{file}:7: calendars[0].service_account_file: cannot read the file no.txt: No such file or directory; {start}",
    ]


def test_an_empty_variable_is_as_good_as_none(tmp_path: Path) -> None:
    (line,) = told(tmp_path, {"zoho.client_id": "${ID}"}, ID="")
    assert line.startswith("zoho.client_id: environment variable ID is empty")


@pytest.mark.parametrize("text", ["${ID", "${}", "${1D}", "${I D}", "${ID:=x}", "${file:}", "${env:ID}", "x${ID:-{}}"])
def test_a_reference_that_is_none_is_told(tmp_path: Path, text: str) -> None:
    (line,) = told(tmp_path, {"zoho.client_id": text}, ID="x")
    assert line.startswith("zoho.client_id: ")
    assert "${" in line


def test_a_disabled_connection_needs_no_variables(tmp_path: Path) -> None:
    ringcentral = {
        "name": "rc",
        "kind": "ringcentral",
        "client_id": "${RC_ID}",
        "client_secret": "${secret:rc}",
        "jwt": "${file:rc.jwt}",
        "poll_every": "${RC_EVERY}",
        "api_url": "${RC_URL}",
        "enabled": "${RC_ON:-false}",
    }
    (dialer,) = settings_of(tmp_path, {"dialers": [ringcentral]}).dialers
    assert isinstance(dialer, RingCentralDialer)
    assert (dialer.name, dialer.enabled, dialer.api_url) == ("rc", False, None)
    assert "dialers[0].client_id" in told(tmp_path, {"dialers": [ringcentral]}, RC_ON="true")[0]


def test_a_disabled_connection_is_checked_all_the_same(tmp_path: Path) -> None:
    assert told(tmp_path, {"dialers": [{**AIRCALL, "enabled": False, "api_tok": "${X}"}]}) == [
        'dialers[0].api_tok: unknown key; did you mean "api_token"?'
    ]


def test_the_database_is_found_before_the_rest_can_be_read(tmp_path: Path) -> None:
    path = written(tmp_path, "database: sqlite:///${NAME}.db\nzoho: {client_secret: '${secret:zoho}', nonsense: 1}\n")
    assert database_url(path, {"NAME": "x"}) == f"sqlite:///{tmp_path / 'x.db'}"
    with pytest.raises(ConfigError, match=r"config.yaml:1: database: environment variable NAME is not set"):
        database_url(path, {})
    assert database_url(written(tmp_path, START), {}) == f"sqlite:///{tmp_path / 'activity-sync.db'}"


def test_importing_config_is_light() -> None:
    heavy = ["jinja2", "httpx", "sqlmodel", "sqlalchemy", "phonenumbers", "holidays", "googleapiclient", "typer"]
    script = f"import sys, activity_sync.config; print([name for name in {heavy} if name in sys.modules])"
    ran = subprocess.run([sys.executable, "-c", script], cwd=REPOSITORY, capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


def test_a_typical_config_is_read_in_a_tenth_of_a_second() -> None:
    path = REPOSITORY / "config.example.yaml"
    variables = variables_in(path.read_text(encoding="utf-8"))
    load(path, variables)  # imports
    started = time.process_time()
    load(path, variables)
    assert time.process_time() - started < 0.1
