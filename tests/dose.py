"""How much of what could go on for hours: the suite takes a short dose, `make torture` (TORTURE=1) the whole."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TypeVar

_T = TypeVar("_T")

WHOLE = bool(os.environ.get("TORTURE"))


def dose(short: Sequence[_T], whole: Sequence[_T]) -> Sequence[_T]:
    """The variants to run; whoever asks bears the marker `torture`, so that the whole is run at all."""
    return whole if WHOLE else short
