"""An interaction on which the program itself fails is judged apart, and told: the others go on."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from activity_sync.store.failures import StoreFailure

FAULT = "a fault of this program"
"""So begins the reason of such an interaction."""

_T = TypeVar("_T")


def each_apart(
    judge: Callable[[Sequence[str]], list[_T]], keys: Sequence[str], give_up: Callable[[str, str], None]
) -> list[_T]:  # fmt: skip
    """What `judge` says of all of them at once; where it fails, of each by itself.

    `give_up(key, reason)`: of one on which it fails still. The reason names the kind of the fault and its place, and
    no word of the interaction: it may be private. Raises StoreFailure, which no interaction is to blame for.
    """
    try:
        return judge(keys)
    except StoreFailure:
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, it is one interaction's, and it is told
        if len(keys) == 1:
            give_up(keys[0], _reason(error))
            return []
    return [one for key in keys for one in each_apart(judge, [key], give_up)]


def _reason(error: Exception) -> str:
    place = traceback.extract_tb(error.__traceback__)[-1]
    return f"{FAULT}: {type(error).__name__} in {Path(place.filename).name}, line {place.lineno}"
