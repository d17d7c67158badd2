"""The program's own log: its forms, and no secret in it."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import structlog

from activity_sync import logs
from tests.builders import settings

Printed = Callable[[], str]


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers[:], root.level = handlers, level
    structlog.reset_defaults()


@pytest.fixture
def printed(capsys: pytest.CaptureFixture[str]) -> Printed:
    """What stands on standard error so far, once."""
    return lambda: capsys.readouterr().err


def some_settings(**logging_: str) -> Any:
    zoho = {"data_center": "eu", "client_id": "id", "client_secret": "s3cret/words=="}
    database = "postgresql+psycopg://user:pass-word@db.example/x"
    return settings(zoho=zoho, database=database, logging=logging_)


def raised(text: str) -> ValueError:
    """An exception with a traceback."""
    with pytest.raises(ValueError, match="invalid literal") as caught:
        int(text)
    return caught.value


def lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_elsewhere_than_on_a_terminal_a_line_is_json(printed: Printed) -> None:
    logs.configure(some_settings())
    structlog.get_logger("x").info("read", calendar="jo@acme.example", count=3)
    (line,) = lines(printed())
    assert (line["event"], line["level"], line["calendar"], line["count"]) == ("read", "info", "jo@acme.example", 3)
    assert line["timestamp"].endswith("Z")


def test_text_is_for_a_person(printed: Printed) -> None:
    logs.configure(some_settings(format="text"))
    structlog.get_logger().warning("slow", seconds=3)
    told = printed()
    assert "slow" in told
    assert "\x1b" not in told


def test_the_level_is_obeyed(printed: Printed) -> None:
    logs.configure(some_settings(level="warning"))
    structlog.get_logger().info("quiet")
    structlog.get_logger().warning("loud")
    assert [line["event"] for line in lines(printed())] == ["loud"]


@pytest.mark.parametrize(
    "text",
    [
        "s3cret/words==",
        "https://x.example/?k=s3cret%2Fwords%3D%3D",
        "postgresql+psycopg://user:pass-word@db.example/x",
        "Authorization: Zoho-oauthtoken 1000.abcdef0123456789",
        "Bearer abcdef0123456789",
        "https://someone:unknown-words@proxy.example",
    ],
)
def test_secrets_are_struck_out_wherever_they_stand(printed: Printed, text: str) -> None:
    logs.configure(some_settings())
    structlog.get_logger().info(text, inside={"a": [text]}, error=ValueError(text))
    structlog.get_logger().error("broke", exc_info=raised(text))
    logging.getLogger("some.library").warning("said %s", text)
    told = printed()
    assert len(lines(told)) == 3
    for secret in ("s3cret", "pass-word", "abcdef0123456789", "unknown-words"):
        assert secret not in told
    assert told.count("[secret]") >= 5


def test_libraries_are_heard_from_warnings_on_in_the_same_form(printed: Printed) -> None:
    logs.configure(some_settings(level="debug"))
    logging.getLogger("httpx").info("HTTP Request: GET https://x.example/?token=abc")
    logging.getLogger("apscheduler").warning("a round is still at work")
    logging.getLogger("uvicorn").warning("missed")
    assert [(line["event"], line["level"]) for line in lines(printed())] == [("missed", "warning")]


def test_to_set_it_up_twice_says_nothing_twice(printed: Printed) -> None:
    logs.configure(some_settings())
    logs.configure(some_settings())
    logging.getLogger("library").error("once")
    assert len(lines(printed())) == 1
