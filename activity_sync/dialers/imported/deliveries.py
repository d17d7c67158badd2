"""Rows that were pushed: taken apart before they are stored (dialers.md 17.1, 17.4). Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from activity_sync.dialers.imported.readings import NoRow
from activity_sync.dialers.imported.records import LONGEST_LINE, row_of
from activity_sync.dialers.imported.rows import Directory, read_at

MOST_ROWS = 500


class NoDelivery(Exception):  # noqa: N818 - a delivery that is refused is a finding
    """Why a whole delivery is refused, in words. `too_many`: it would do in several parts."""

    def __init__(self, why: str, *, too_many: bool = False) -> None:
        """`why`: holds nothing of the delivery."""
        super().__init__(why)
        self.too_many = too_many


@dataclass(frozen=True, slots=True)
class Rejection:
    """One row, counted from 0, and what is wrong with it."""

    index: int
    reason: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """`lines`: the good rows, as JSON without line ends."""

    lines: tuple[bytes, ...]
    rejected: tuple[Rejection, ...]


def read_delivery(body: bytes, directory: Directory, now: datetime) -> Delivery:
    """The rows of a body: one object, or an array of them. Raises NoDelivery."""
    lines, rejected = list[bytes](), list[Rejection]()
    for index, value in enumerate(_rows(body)):
        try:
            lines.append(_line(value, directory, now))
        except NoRow as reason:
            rejected.append(Rejection(index, str(reason)))
    return Delivery(tuple(lines), tuple(rejected))


def _rows(body: bytes) -> Sequence[Any]:
    try:
        told = orjson.loads(body)
    except ValueError:
        raise NoDelivery("it is not JSON") from None
    if isinstance(told, dict):
        return [told]
    if not isinstance(told, list):
        raise NoDelivery("it is neither a JSON object nor an array of them")
    if len(told) > MOST_ROWS:
        raise NoDelivery(f"it has more than {MOST_ROWS} rows: send them in several parts", too_many=True)
    return told


def _line(value: Any, directory: Directory, now: datetime) -> bytes:
    row = row_of(value)
    if isinstance(row, NoRow):
        raise row
    read_at(row, directory, now)
    try:
        line = orjson.dumps(value)
    except TypeError:
        raise NoRow("it is nested too deeply") from None
    if len(line) >= LONGEST_LINE:
        raise NoRow("it is too long")
    return line


def told(delivery: Delivery) -> dict[str, Any]:
    """The answer to the sender."""
    return {"accepted": len(delivery.lines), "rejected": list(_rejections(delivery))}


def _rejections(delivery: Delivery) -> Iterator[dict[str, Any]]:
    for one in delivery.rejected:
        yield {"index": one.index, "reason": one.reason}
