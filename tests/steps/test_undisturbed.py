"""Python's search for dead rings is put off while a batch is judged, and goes on afterwards."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from activity_sync.steps.undisturbed import undisturbed


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    searching = gc.isenabled()
    gc.enable()
    yield
    if not searching:
        gc.disable()


@undisturbed()
def _fails() -> None:
    assert not gc.isenabled()
    raise ValueError("half way")


def test_the_search_goes_on_after_the_block_even_when_it_fails() -> None:
    with pytest.raises(ValueError, match="half way"):
        _fails()
    assert gc.isenabled()


def test_a_block_within_another_does_not_end_the_rest_of_the_outer_one() -> None:
    with undisturbed():
        with undisturbed():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()
