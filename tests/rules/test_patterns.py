import pytest

from activity_sync.rules.patterns import fits


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("intro call", "Acme: INTRO  call", True),
        ("intro call", "Intro calls", False),
        ("demo", "walkthrough/demo!", True),
        ("c++", "C++ training", True),
        ("café", "CAFE\u0301 with Sam", True),
        ("打合せ", "第1回打合せのご案内", True),
        ("re:demo", "Demo", False),
        ("re:(?i)demo", "Demo", True),
        ("re:^demo", "a demo", False),
    ],
)
def test_plain_words_are_whole_words_in_any_case_and_expressions_are_taken_as_written(pattern, text, expected):
    assert fits(pattern, text) is expected


def test_an_expression_that_would_never_end_is_given_up_as_one_that_does_not_fit():
    assert not fits("re:(a+)+$", "a" * 499 + "!")
