"""Answers that are asked for again and again while one interaction is judged, and found once.

The rules are pure: for the same objects the answer is the same. So it is kept by the very objects that were asked
about, which is cheaper than comparing what stands in them.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TypeVar, TypeVarTuple, Unpack

_Asked = TypeVarTuple("_Asked")
_Answer = TypeVar("_Answer")

AT_ONCE = 250
"""So many interactions are remembered: more than are judged together."""

_Rule = Callable[[Unpack[_Asked]], _Answer]


def remembered(at_most: int = AT_ONCE) -> Callable[[_Rule[*_Asked, _Answer]], _Rule[*_Asked, _Answer]]:
    """Keep the answers of a pure function of frozen values, for `at_most` sets of arguments; then begin anew."""

    def keeping(ask: _Rule[*_Asked, _Answer]) -> _Rule[*_Asked, _Answer]:
        # The arguments are held beside the answer: as long as an id is in here, it means this object and no other.
        known: dict[tuple[int, ...], tuple[_Answer, tuple[*_Asked]]] = {}

        @wraps(ask)
        def answer(*asked: *_Asked) -> _Answer:
            key = tuple(map(id, asked))
            try:
                return known[key][0]
            except KeyError:
                found = ask(*asked)
            if len(known) >= at_most:
                known.clear()
            known[key] = found, asked
            return found

        return answer

    return keeping
