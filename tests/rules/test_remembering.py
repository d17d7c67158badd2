"""What is remembered is found once for the same objects, and never taken for another's."""

from __future__ import annotations

from collections.abc import Callable

from activity_sync.rules.remembering import remembered


def asked_of(at_most: int) -> tuple[list[list[int]], Callable[[list[int]], int]]:
    seen: list[list[int]] = []

    @remembered(at_most)
    def total(numbers: list[int]) -> int:
        seen.append(numbers)
        return sum(numbers)

    return seen, total


def test_the_same_object_is_asked_about_once_and_an_equal_one_for_itself() -> None:
    seen, total = asked_of(10)
    first, equal = [1, 2], [1, 2]
    assert [total(first), total(first), total(equal), total(first)] == [3, 3, 3, 3]
    assert len(seen) == 2


def test_an_object_that_took_the_place_of_another_is_never_taken_for_it() -> None:
    _, total = asked_of(3)
    assert all(total([number]) == number for number in range(1_000))


def test_no_more_is_kept_than_asked_for() -> None:
    seen, total = asked_of(2)
    kept = [[1], [2], [3]]
    for _ in range(2):
        assert [total(one) for one in kept] == [1, 2, 3]
    assert len(seen) > len(kept)
