"""Our block of a description, among what people write around it.

A person who adds a line before or after our text does not make it hers: the block between is still ours to renew, and
what stands around it stays. Whoever changes the block itself takes all of the description over.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from activity_sync.model.writes import Op, Write, Written
from activity_sync.rules.values import LINES_LENGTH

FIELD = "Description"


def holds(current: Any, block: Any) -> bool:
    """Whether our block stands in this text as we wrote it."""
    return _around(current, block) is not None


def in_its_place(write: Write, written: Written | None, current: Mapping[str, Any] | None) -> Write:
    """The write as it is to be sent: with what a person wrote around our block, as Zoho holds it now."""
    text = (current or {}).get(FIELD)
    if write.op is not Op.UPDATE or written is None or FIELD not in write.fields or not text:
        return write
    blocks = sorted((str(one.get(FIELD) or "") for one in (written.fields, write.fields)), key=len, reverse=True)
    around = _around(text, blocks[0]) or _around(text, blocks[1])
    if around is None or around == ("", ""):
        return write
    merged = "\n".join(part for part in (around[0], str(write.fields[FIELD] or ""), around[1]) if part)
    fields = {name: value for name, value in write.fields.items() if name != FIELD}
    return replace(write, fields=fields if len(merged) > LINES_LENGTH else {**fields, FIELD: merged})


def _around(current: Any, block: Any) -> tuple[str, str] | None:
    """What stands before the block and after it; None when it does not stand there."""
    if not isinstance(current, str) or not isinstance(block, str) or not block.strip():
        return None
    lines, wanted = current.splitlines(), [line.strip() for line in block.strip().splitlines()]
    bare = [line.strip() for line in lines]
    for at in range(len(bare) - len(wanted) + 1):
        if bare[at : at + len(wanted)] == wanted:
            return "\n".join(lines[:at]), "\n".join(lines[at + len(wanted) :])
    return None
