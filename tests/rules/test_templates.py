"""Templates: helpful with what is missing, closed against what could hang or leak."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activity_sync.rules.parts import Part
from activity_sync.rules.templates import NAMES, render, template_names

WORDS = {
    "title": "Intro call",
    "company": "Globex",
    "contact": Part(),
    "account": Part(
        {"name": "Globex", "Industry": None, "Owner": {"name": "Jo Rep", "id": "7"}, "full_name": "Globex"}
    ),
    "rep": Part({"first_name": "Jo", "full_name": "Jo Rep", "email": "jo@acme.example"}),
    "participants": ("Sam Poe", "Kim Lo"),
    "long": "x" * 30_000,
    "start": datetime(2026, 3, 2, 12, tzinfo=UTC),
}


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("{{ contact.first_name or company }} with {{ rep.first_name }}", "Globex with Jo"),
        ("{{ contact }}{{ contact.Any_Field }}|{{ account }}", "|Globex"),
        ("{{ account.Industry or 'no industry' }}, {{ account.Owner }}", "no industry, Jo Rep"),
        ("{% if contact %}known{% else %}unknown{% endif %}", "unknown"),
        ("{{ participants }}; {{ participants|length }}", "Sam Poe, Kim Lo; 2"),
        ("{{ participants|join(' and ')|upper }}", "SAM POE AND KIM LO"),
        ("{{ title ~ ', ' ~ account.Industry ~ 7 ~ account.Owner }}", "Intro call, 7Jo Rep"),
        ("{% set name = contact.first_name or company %}{{ name + '!' }}{{ 1 + 2 }}", "Globex!3"),
        ("{% set name = rep.first_name ~ ' of ' ~ company %}{{ name }}", "Jo of Globex"),
        ("{% with name = company %}{{ name }}{% endwith %}", "Globex"),
        ("{{ start.strftime('%d.%m.') }} {{ start }}", "02.03. 2026-03-02 12:00"),
        ("  {{ title }} \n\n  twice ", "Intro call twice"),
    ],
)
def test_a_template_is_filled_on_one_line(template: str, text: str) -> None:
    assert render(template, WORDS, "raw") == (text, None)


@pytest.mark.parametrize(
    "template",
    [
        "{{ nobody }}",
        "{{ account.Nonsense }}",
        "{{ title",
        "{{ 'a' * 10**9 }}",
        "{{ title * 99999999 }}",
        "{% for one in participants %}{{ one }}{% endfor %}",
        "{% for i in range(999999999) %}x{% endfor %}",
        "{% from 'x' import y %}",
        "{% for a in title %}{% for b in title %}x{% endfor %}{% endfor %}",
        "{% macro m() %}{{ m() }}{{ m() }}{% endmacro %}{{ m() }}",
        "{{ '{:>999999999}'.format(1) }}",
        "{{ '%999999999d' % 1 }}",
        "{{ title|center(999999999) }}",
        "{{ title.ljust(999999999) }}",
        "{{ start.strftime('%0999999999d') }}",
        "{{ title.__class__.__mro__ }}",
        "{{ rep._values }}",
        "{{ participants.append('x') }}",
        "{% include 'x' %}",
        "{{ title|replace('', title * 5) }}",
        "{% set a = title ~ title %}" + "{% set a = a ~ a %}" * 40 + "{{ a }}",
        "{% set a = title + title %}" + "{% set a = a + a %}" * 40 + "{{ a }}",
        "{% set a = [title, title] %}" + "{% set a = [a, a] %}" * 40 + "{{ a }}",
        "{% with a = (title, title) %}{{ a }}{% endwith %}",
        "{% set a %}{{ title }}{{ title }}{% endset %}" + "{% set a %}{{ a }}{{ a }}{% endset %}" * 40,
        "{{ (title * 500) | join(title * 500) }}",
        "{{ long | join(long) }}",
        "{% block a %}{{ self.a() }}{{ self.a() }}{% endblock %}",
        "".join(
            f"{{% block b{n} %}}{{{{ self.b{n + 1}() }}}}{{{{ self.b{n + 1}() }}}}{{% endblock %}}" for n in range(40)
        ),
    ],
)
def test_a_template_that_fails_falls_back_to_the_raw_title_and_says_so(template: str) -> None:
    text, problem = render(template, WORDS, "raw title")
    assert text == "raw title"
    assert problem is not None
    assert "fails" in problem


def test_a_problem_names_the_missing_field_in_plain_words() -> None:
    assert render("{{ account.Nonsense }}", WORDS, "")[1] == (
        "the template \"{{ account.Nonsense }}\" fails: there is no field 'Nonsense'"
    )


def test_an_endless_output_is_cut_before_it_is_made() -> None:
    text, problem = render("{{ long }}" * 100, {"long": "x" * 30_000}, "raw")
    assert problem is None
    assert len(text) == 255


def test_texts_are_cut_to_the_field_with_an_ellipsis() -> None:
    text, _ = render("{{ title }}", {"title": "x" * 300}, "", length=20)
    assert text == "x" * 19 + "…"


def test_an_emoji_counts_twice_so_that_no_way_of_counting_finds_the_text_too_long() -> None:
    text, _ = render("{{ title }}", {"title": "🙂" * 30}, "", length=20)
    assert len(text.encode("utf-16-le")) // 2 <= 20


def test_a_description_keeps_its_lines_but_no_control_characters() -> None:
    text, _ = render("{{ notes }}", {"notes": "one \r\ntwo\x00\n\n\n\n\nthree"}, "", length=100, lines=True)
    assert text == "one\ntwo\n\nthree"


def test_names_are_listed_for_the_config_check_and_a_broken_template_is_told() -> None:
    assert template_names("{{ title }} {{ participants|join }}{{ rep.email }}") == {
        "title",
        "participants",
        "rep",
    }
    assert template_names("{{ titel }}") - NAMES == {"titel"}
    for broken in (
        "{{ title",
        "{% for one in participants %}x{% endfor %}",
        "{% macro m() %}{% endmacro %}",
        "{{ title|center }}",
    ):
        with pytest.raises(ValueError, match=r".+"):
            template_names(broken)


_PIECES = st.sampled_from(
    [
        *(f"{{{{ {name} }}}}" for name in (*WORDS, "nobody", "contact.any", "account.Industry", "account.Owner")),
        *("{{account.Nonsense}}", "{{ title.upper }}", "{{ start.year }}", "{{ rep.email }}", "{{ account._get }}"),
        *("{{- title -}}", "{{ none }}", "{# said #}", " and ", "\n", "  ", "{{ title | upper }}", "{{ 'x' }}"),
    ]
)


@given(st.lists(_PIECES, max_size=6).map("".join), st.booleans())
def test_a_plain_template_gives_what_jinja_gives(template: str, lines: bool) -> None:
    by_jinja = "{% if true %}{% endif %}" + template  # a statement is nothing that could be filled without jinja
    text, problem = render(template, WORDS, "raw", lines=lines, length=40_000)
    other, its_problem = render(by_jinja, WORDS, "raw", lines=lines, length=40_000)
    assert text == other
    assert (problem or "").partition('" fails: ')[2] == (its_problem or "").partition('" fails: ')[2]
