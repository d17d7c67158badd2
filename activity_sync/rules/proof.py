"""Did an uncertain write happen? What the look-up found, judged: nothing is sent again unproved (stack.md 5)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from activity_sync.model.writes import Found, Op, OutboxRow


class Answer(StrEnum):
    """What the look-up proves. NOT_FOUND: it may be sent again; CANNOT_TELL: a person must say."""

    HAPPENED = "happened"
    NOT_FOUND = "not_found"
    CANNOT_TELL = "cannot_tell"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer for one row; `id`: the record that it made, where it happened."""

    answer: Answer
    id: str = ""


_NOT_FOUND = Verdict(Answer.NOT_FOUND)
_CANNOT_TELL = Verdict(Answer.CANNOT_TELL)


def settle_uncertain(
    uncertain: Sequence[OutboxRow], found: Mapping[int, Sequence[Found]], known_ids: Collection[str]
) -> Mapping[int, Verdict]:
    """The verdict by row number, for every row that was looked for (is in `found`).

    `found`: what the look-up for a row saw in Zoho. A record with our key is proof. Records without a key are
    counted: those that are in `known_ids` belong to other rows of ours; the rest are given one by one to the rows
    that look alike; if more are left than rows, one of them is somebody else's and nobody can tell which.
    Updates and deletions may always be sent again.
    """
    rows = [row for row in sorted(uncertain, key=lambda row: row.number) if row.number in found]
    verdicts = {row.number: _NOT_FOUND for row in rows if row.write.op is not Op.CREATE}
    verdicts |= dict(_by_key([row for row in rows if row.number not in verdicts], found))
    taken = {*known_ids, *(verdict.id for verdict in verdicts.values())}
    rest = {row.number: _keyless(found[row.number], taken) for row in rows if row.number not in verdicts}
    for group in _alike(rest):
        verdicts |= _share_out(group, rest)
    return verdicts


def _by_key(rows: Sequence[OutboxRow], found: Mapping[int, Sequence[Found]]) -> Iterator[tuple[int, Verdict]]:
    for row in rows:
        ids = sorted(one.id for one in found[row.number] if one.record_key == row.write.record_key)
        if ids:
            yield row.number, Verdict(Answer.HAPPENED, ids[0])


def _keyless(found: Sequence[Found], taken: Collection[str]) -> frozenset[str]:
    return frozenset(one.id for one in found if not one.record_key and one.id not in taken)


def _alike(candidates: Mapping[int, frozenset[str]]) -> Iterator[list[int]]:
    """The row numbers in groups: rows that share a candidate, directly or through others, stand together."""
    left = dict(candidates)
    while left:
        number, ids = left.popitem()
        group = [number]
        while near := [other for other, theirs in left.items() if theirs & ids]:
            ids = ids.union(*(left.pop(other) for other in near))
            group += near
        yield sorted(group)


def _share_out(group: Sequence[int], candidates: Mapping[int, frozenset[str]]) -> Mapping[int, Verdict]:
    given: dict[int, str] = {}
    for number in sorted(group, key=lambda number: (len(candidates[number]), number)):
        free = sorted(candidates[number] - set(given.values()))
        if free:
            given[number] = free[0]
    if len(given) < len(frozenset().union(*(candidates[number] for number in group))):
        return dict.fromkeys(group, _CANNOT_TELL)
    return {number: Verdict(Answer.HAPPENED, given[number]) if number in given else _NOT_FOUND for number in group}
