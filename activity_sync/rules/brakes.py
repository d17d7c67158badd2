"""Suspicious emptiness: too much is gone at once to be true."""

from __future__ import annotations

_FEW = 20
_SHARE = 0.3


def hold(known: int, gone: int) -> str | None:
    """Why a deletion of `gone` out of `known` records is to be held back until a person agrees; None: go on.

    Held when more than 20 and more than 30 % vanish at once.
    """
    if gone <= max(_FEW, known * _SHARE):
        return None
    return f"{gone} of {known} are gone at once; held back, because that looks like a fault and not like work"
