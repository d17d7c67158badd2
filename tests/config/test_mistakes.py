"""Every mistake at once, each with file, line, key and the nearest valid name."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from activity_sync.config import ConfigError, load
from activity_sync.config.document import parse
from tests.config.builders import AIRCALL, GOOGLE, NEEDED, REPOSITORY, problems_of, told, variables_in, written

MISTAKES = """\
timezone: Europe/Londn
default_region: UK
frist_sync: 7d
zoho:
  client_id: ${ZOHO_ID}
  client_secret: "${broken"
  grace: 5 minutes
  credits: {keep_free: 30, daily_limit: lots}
team:
  domains: [acme]
calendars:
  - name: workspace
    kidn: google
    reps: all
  - name: workspace
    kind: gogle
    poll_every: 0s
dialers:
  - {name: a b, kind: aircall, api_id: 5, api_tokn: x}
  - {name: legacy, kind: import}
meetings: {privat: skip, declined: skpi}
activity_types:
  - name: X
    when: {kind: meting, title: ["re:("], minutes: {min: five}, source: wrkspace}
    then:
      follow_ups: [call-bak]
      subject: "{{ titel }} {{ contact.first_name }}"
      fields: {Events: {A: "{{ x "}}
follow_ups:
  call-back: {subject: hi, due: 4 buisness hours, owner: boss}
  call-back: {subject: hi}
matching: {deal_preference: [has_participants]}
web: {listen: 0.0.0.0:80}
retention: []
engine: procrastinate
"""

TOLD = """\
1: timezone: must be an IANA time zone such as Europe/London; did you mean "Europe/London"?
2: default_region: must be a two-letter country code of ISO 3166 such as GB; did you mean "GB"?
3: frist_sync: unknown key; did you mean "first_sync"?
4: zoho.data_center: is needed; us, eu, in, au, jp, ca, sa, cn, uk; or both accounts_url and api_url
5: zoho.client_id: environment variable ZOHO_ID is not set; set it, or write ${ZOHO_ID:-} to leave this out
6: zoho.client_secret: holds a ${ without its }
7: zoho.grace: must be a duration such as 90s, 5m, 2h or 30d
8: zoho.credits.daily_limit: must be auto or a number of credits such as 20000
8: zoho.credits.keep_free: must be a share below 100%, such as 30%
10: team.domains[0]: must be a domain such as acme.example
13: calendars[0].kidn: unknown key; did you mean "kind"?
15: calendars[1].name: another connection has this name already
16: calendars[1].kind: must be google or microsoft; did you mean "google"?
19: dialers[0].api_token: is needed
19: dialers[0].api_tokn: unknown key; did you mean "api_token"?
19: dialers[0].name: may hold only letters, digits, _ and -
20: dialers[1].path: is needed; a folder or a file, or a webhook
21: meetings.declined: must be skip or log; did you mean "skip"?
21: meetings.privat: unknown key; did you mean "private"?
24: activity_types[0].when.kind: must be meeting or call; did you mean "meeting"?
24: activity_types[0].when.minutes.min: must be a whole number
24: activity_types[0].when.source: no calendar or dialer has this name; did you mean "workspace"?
24: activity_types[0].when.title[0]: is not a regular expression: missing ), unterminated subpattern at position 0
26: activity_types[0].then.follow_ups[0]: no follow-up has this name; did you mean "call-back"?
27: activity_types[0].then.subject: uses an unknown name: titel; did you mean "title"?
28: activity_types[0].then.fields.Events.A: is not a template: \
unexpected end of template, expected 'end of print statement'.
30: follow_ups.call-back.due: must be a wait such as 2 days, 1 business day or 4 business hours
30: follow_ups.call-back.owner: must be rep, record_owner or an e-mail address
31: follow_ups.call-back: stands here again; first on line 30
32: matching.deal_preference[0]: must be has_participant, owner_attended, owned_by_rep, open_at_the_time, \
closes_soonest, modified_last, created_last or created_first; did you mean "has_participant"?
33: web.login: is needed when web.listen is not this machine itself
34: retention: must hold keys and values
35: engine: not available yet; set it to embedded
"""


def test_all_mistakes_are_told_at_once_with_line_key_and_nearest_name(tmp_path: Path) -> None:
    path = written(tmp_path, MISTAKES)
    with pytest.raises(ConfigError) as refused:
        load(path, {})
    lines = [line.removeprefix(f"{path}:") for line in str(refused.value).splitlines()]
    assert [int(line.split(":")[0]) for line in lines] == sorted(int(line.split(":")[0]) for line in lines)
    assert sorted(lines) == sorted(TOLD.splitlines())


def test_an_empty_start_names_everything_that_is_needed(tmp_path: Path) -> None:
    lines = [str(problem) for problem in problems_of(written(tmp_path, "first_sync: 7d\n"))]
    assert lines == [
        f"{tmp_path}/config.yaml:1: {key}: is needed" for key in ("timezone", "default_region", "zoho", "team")
    ]


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("timezone: Europe/London\nzoho:\n\tdata_center: eu\n", 3, "use spaces instead of the tab"),
        ("a: 1\nb: [1, 2\nc: 3\n", 3, "broken YAML"),
        ("a: 'open\n", 2, "broken YAML"),
        ("a: b: c\n", 1, "quote a text that holds a colon"),
        ("a: 1\n---\nb: 2\n", 2, "keep to one document"),
        ("a: &x [*x]\n", 1, "endless"),
        ("a: 1\nb: *nowhere\n", 2, "broken YAML"),
        ("a: 1\nb: !python/object x\n", 2, "tags such as !name"),
        ("a: 1\n[1, 2]: 2\n", 2, "a key must be a single word"),
        ("a: 1\nb: \x07\n", 2, "a character that may not stand in YAML"),
        ("- timezone\n", 1, "must hold keys and values"),
        ("just text", 1, "must hold keys and values"),
        ("", None, "is empty"),
        ("# nothing\n", None, "is empty"),
        ("[" * 1000, None, "nested too deeply"),
        ("a: &a [x,x,x,x,x,x,x,x,x,x]\n" + "".join(
            f"{chr(98 + n)}: &{chr(98 + n)} [{','.join(['*' + chr(97 + n)] * 10)}]\n" for n in range(8)
        ), None, "endless"),
    ],
)  # fmt: skip
def test_broken_yaml_is_told_with_its_line(tmp_path: Path, text: str, line: int | None, words: str) -> None:
    (problem,) = problems_of(written(tmp_path, text))
    assert words in str(problem)
    if line is not None:
        assert problem.line == line


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    (missing,) = problems_of(tmp_path / "none.yaml")
    assert "there is no such file" in str(missing)
    (folder,) = problems_of(tmp_path)
    assert "cannot be read: Is a directory" in str(folder)
    path = tmp_path / "latin.yaml"
    path.write_bytes(b"timezone: Europe/London\nzoho: {name: Caf\xe9}\n")
    (latin,) = problems_of(path)
    assert (latin.line, latin.message) == (2, "is not UTF-8 text")


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text(json.dumps(NEEDED), encoding="utf-8-sig")
    assert problems_of(path) == ()


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"dialers": [{"name": "x"}]}, "dialers[0].kind: is needed"),
        ({"dialers": ["x"]}, "dialers[0]: must hold keys and values"),
        ({"dialers": [None]}, "dialers[0]: must hold keys and values"),
        ({"calendars": {"name": "x"}}, "calendars: must be a list"),
        ({"calendars": [{**GOOGLE, "reps": ["jo"]}]}, "calendars[0].reps[0]: must be an e-mail address"),
        ({"calendars": [{**GOOGLE, "reps": "some"}]}, "calendars[0].reps: must be all, directory or a list"),
        ({"dialers": [{**AIRCALL, "extensions": {"201": "jo"}}]}, "dialers[0].extensions.201: must be an e-mail"),
        ({"team.aliases": {"x": "jo@acme.example"}}, "team.aliases.x: must be an e-mail address"),
        ({"team.domains": []}, "team.domains: must not be empty"),
        ({"meetings.all_day": "maybe"}, "meetings.all_day: must be true or false"),
        ({"matching.email_fields": {"Contact": ["Email"]}}, "matching.email_fields.Contact: must be Contacts"),
        ({"business_days.week": ["monday"]}, "business_days.week[0]: must be mon"),
        ({"activity_types": [{"name": "T", "when": {"titel": "x"}}]}, "activity_types[0].when.titel: unknown key; did"),
        ({"never": {"log": {"titels": []}}}, 'never.log.titels: unknown key; did you mean "titles"?'),
        ({"zoho.credits": {"keep_fre": "30%"}}, 'zoho.credits.keep_fre: unknown key; did you mean "keep_free"?'),
        ({"zoho.data_center": "de"}, "zoho.data_center: must be us, eu"),
        ({"database": "mysql://x"}, "database: must begin with sqlite:///"),
        ({"web.listen": "8321"}, "web.listen: must be an address and a port"),
        ({"calls.outcomes": ["answered", "answered"]}, "calls.outcomes: names one thing twice"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_in_plain_words(tmp_path: Path, changes: dict[str, Any], line: str) -> None:
    (found,) = told(tmp_path, changes)
    assert found.startswith(line)


def test_both_addresses_do_instead_of_a_data_center(tmp_path: Path) -> None:
    hosts = {"accounts_url": "https://accounts.example", "api_url": "https://api.example"}
    assert told(tmp_path, {"zoho.data_center": None, **{f"zoho.{key}": url for key, url in hosts.items()}}) == []
    assert len(told(tmp_path, {"zoho.data_center": None, "zoho.api_url": "https://api.example"})) == 1


def test_a_connection_name_is_unique_over_calendars_and_dialers(tmp_path: Path) -> None:
    assert told(tmp_path, {"calendars": [GOOGLE], "dialers": [{**AIRCALL, "name": "workspace"}]}) == [
        "dialers[0].name: another connection has this name already"
    ]


@pytest.mark.parametrize("name", ["zoho", "thorough"])
def test_a_connection_does_not_take_a_name_of_our_own(tmp_path: Path, name: str) -> None:
    (line,) = told(tmp_path, {"dialers": [{**AIRCALL, "name": name}]})
    assert line.startswith(f"dialers[0].name: {name} is a name of our own")
    assert told(tmp_path, {"dialers": [{**AIRCALL, "name": f"{name}-phone"}]}) == []


def test_every_name_that_a_template_may_use_is_known(tmp_path: Path) -> None:
    page = (
        "title notes summary start end minutes kind direction outcome number line rep contact lead account deal "
        "company who participants conference_url recording_url type source"
    )
    subject = " ".join(f"{{{{ {name} }}}}" for name in page.split())
    names = "{{ participants | join(', ') | upper }}{% if contact %}{{ contact.email }}{% endif %}"
    assert told(tmp_path, {"activity_types": [{"name": "T", "then": {"subject": subject, "description": names}}]}) == []


@pytest.mark.parametrize(
    "subject",
    [
        "{{ title | nofilter }}",
        "{% include 'x' %}",
        "{% for one in participants %}{{ one }}{% endfor %}",
        "{{ range(9) }}",
        "{% if title %}",
        "{{ " * 2000,
    ],
)
def test_a_template_that_could_not_be_rendered_is_told_in_one_line(tmp_path: Path, subject: str) -> None:
    (line,) = told(tmp_path, {"follow_ups.f": {"subject": subject}})
    assert line.startswith("follow_ups.f.subject: ")
    assert "\n" not in line


EXAMPLE = (REPOSITORY / "config.example.yaml").read_text(encoding="utf-8")
DATA: Any = parse(EXAMPLE).data
MARK = "Zq9marker"


def _places(value: Any, place: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [place, *(found for key, inner in items for found in _places(inner, (*place, key)))]


def _changed(value: Any, place: tuple[Any, ...], new: Any) -> Any:
    if not place:
        return new
    copied = dict(value) if isinstance(value, dict) else list(value)
    copied[place[0]] = _changed(copied[place[0]], place[1:], new)
    return copied


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    place=st.sampled_from(_places(DATA)),
    new=st.one_of(
        st.sampled_from(
            [None, True, 0, -1, 1e400, 10**30, "", "re:", "re:(", "{{", "${", f"{MARK}", [], {}, [[]], [None], {"": {}}]
        ),
        st.text(max_size=8).map(lambda text: MARK + text),
        st.dictionaries(st.text(max_size=4), st.none() | st.integers(), max_size=2),
        st.lists(st.none() | st.booleans() | st.just(MARK), max_size=2),
    ),
)
def test_any_change_of_the_example_loads_or_is_told_without_showing_the_value(
    tmp_path: Path, place: tuple[Any, ...], new: Any
) -> None:
    text = re.sub(r"\bInfinity\b", ".inf", json.dumps(_changed(DATA, place, new)))
    problems = problems_of(written(tmp_path, text), **variables_in(EXAMPLE))  # anything but a ConfigError fails here
    assert not [problem for problem in problems if MARK in str(problem)]
