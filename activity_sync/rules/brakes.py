"""Suspicious emptiness: too much is gone at once to be true."""

from __future__ import annotations

_FEW = 20
_SHARE = 0.3


def hold(known: int, gone: int) -> str | None:
    """Why a deletion of `gone` out of `known` records is to be held back until it is proved; None: go on.

    Held when more than 20 and more than 30 % vanish at once.
    """
    if gone <= max(_FEW, known * _SHARE):
        return None
    return f"{gone} of {known} are gone at once; held back, because that looks like a fault and not like work"


def shrunk(known: int, shown: int) -> str | None:
    """Why a module that shows `shown` records where `known` were is not to be believed; None: it may be.

    Nobody said that these were deleted: they are only not shown. So a module that shows nothing at all is never
    believed, and one that shows less only up to 20 records or 30 %.
    """
    if not known or (shown and known - shown <= max(_FEW, known * _SHARE)):
        return None
    showing = f"only {shown}" if shown else "none"
    return f"{known} records are known, and Zoho shows {showing} of them: it is not followed until it shows them again"
