"""The example in docs/adding-a-dialer.md: its code, taken out of the page, keeps the contract of all dialers."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.contracts.test_dialers import *  # noqa: F403 - the whole suite, over the dialer below
from tests.sources.stage import NOON, settings

PAGE = Path(__file__).parents[2] / "docs" / "adding-a-dialer.md"
BLOCKS = re.findall(r"^```python\n# (\w+): [^\n]*\n(.*?)^```", PAGE.read_text(), re.DOTALL | re.MULTILINE)


@pytest.fixture(scope="module")
def example() -> Iterator[dict[str, Any]]:
    """Everything that the page defines. Each block stands for a file, so it does not see what another has imported."""
    shared: dict[str, Any] = {}
    for name, code in BLOCKS:
        module = ModuleType(f"example_{name}")
        module.__dict__.update(shared)
        sys.modules[module.__name__] = module  # dataclasses and pydantic look a class's module up
        exec(compile(code, f"{PAGE.name}: {name}", "exec"), module.__dict__)
        shared |= {
            key: held for key, held in vars(module).items() if getattr(held, "__module__", "") == module.__name__
        }
    yield shared
    for name, _ in BLOCKS:
        del sys.modules[f"example_{name}"]


@pytest.fixture
def dialer(example: dict[str, Any]) -> Iterator[Any]:
    simulator = example["RingboxSimulator"]()
    with simulator.serve() as url:
        case = example["Case"](simulator, url, settings(), lambda: NOON)
        yield case
        case.source.close()


def test_the_page_has_a_block_for_each_file() -> None:
    assert [name for name, _ in BLOCKS] == ["settings", "dialer", "simulator", "case"]


def test_what_the_page_names_is_there() -> None:
    for path in re.findall(r"`((?:activity_sync|tests)/[\w./]+)`", PAGE.read_text()):
        assert (PAGE.parents[1] / path).exists(), path


def test_single_calls_are_looked_up(dialer: Any) -> None:
    key = dialer.call(NOON)
    found = dialer.source.again("", [key, "9"])
    assert ([one.record_id for one in found.sightings], list(found.gone)) == ([key], ["9"])
