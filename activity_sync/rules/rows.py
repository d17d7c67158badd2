"""A judgement as the listings tell it: the ROW of commands.md."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from activity_sync.model.answers import Question
from activity_sync.model.decisions import Judgement, State
from activity_sync.model.interactions import Interaction, Meeting, Privacy
from activity_sync.model.records import NEW, NOUNS, Record
from activity_sync.model.trace import Candidate
from activity_sync.model.writes import Wanted, Write, WriteState
from activity_sync.rules.payloads import TITLES

_KEPT_BACK = ("adopted", "candidates", "double", "plan", "questions", "stage_left")
"""What of a judgement is kept, but is no part of a ROW."""


def decided(judgement: Judgement) -> dict[str, Any]:
    """All of a judgement that a person may ask for later, as JSON; no text of a private meeting is in it."""
    interaction, target = judgement.interaction, judgement.target
    return {
        "key": interaction.key,
        "kind": interaction.kind.value,
        "source": interaction.source,
        "title": title_of(interaction),
        "start": when(interaction.start),
        "end": when(interaction.end),
        "rep": judgement.owner.rep or rep_of(interaction),
        "outcome": judgement.outcome.value,
        "reason": judgement.reason or None,
        "type": judgement.type_name or None,
        "owner": judgement.owner.user.email if judgement.owner.user else None,
        "target": _named(target.record if target else None),
        "who": _named(target.who if target else None),
        "stage_left": judgement.stage_left,
        "adopted": judgement.adopted,
        "double": judgement.double,
        "trace": list(judgement.trace),
        "questions": [_question(one) for one in judgement.questions],
        "plan": [_planned(one) for one in judgement.wanted],
        "candidates": [_candidate(one) for one in judgement.candidates],
    }


def row(said: Mapping[str, Any], state: State, writes: Sequence[Mapping[str, Any]], why: str = "") -> dict[str, Any]:
    """ROW: what was `decided`, the state that it came to, and its writes. `why` replaces the reason when given."""
    plain = {name: value for name, value in said.items() if name not in _KEPT_BACK}
    return {**plain, "state": state.value, "reason": why or said["reason"], "writes": list(writes)}


def write_row(write: Write, state: WriteState | str) -> dict[str, Any]:
    """One of a ROW's `writes`."""
    return {
        "op": write.op.value,
        "module": write.module.value,
        "id": write.id or None,
        "fields": dict(write.fields),
        "state": str(state),
        "because": write.because,
    }


def _question(one: Question) -> dict[str, Any]:
    return {
        "id": one.id,
        "kind": one.kind,
        "address": one.address,
        "name": one.name,
        "because": one.because,
        "candidates": [_candidate(candidate) for candidate in one.candidates],
    }


def _candidate(one: Candidate) -> dict[str, Any]:
    return {"module": one.module, "id": one.id, "name": one.name, "kept": one.kept, "because": one.because}


def _planned(wanted: Wanted) -> str:
    """The task “Send recap”: follow-up send-recap, due 1 business day after the end."""
    title = wanted.fields.get(TITLES.get(wanted.module, ""), "")
    named = f" “{title}”" if title else ""
    return f"the {NOUNS[wanted.module]}{named}: {wanted.because}"


def title_of(interaction: Interaction) -> str | None:
    """What a listing calls it; None for a private meeting."""
    if isinstance(interaction, Meeting):
        return None if interaction.privacy is Privacy.PRIVATE else interaction.title
    return f"{interaction.direction.value} call {interaction.outside_name or interaction.outside_number}".strip()


def rep_of(interaction: Interaction) -> str | None:
    """Our person in it, before an owner is chosen: the first whose calendar shows it, or who talked longest."""
    if isinstance(interaction, Meeting):
        return interaction.calendars[0] if interaction.calendars else None
    return interaction.reps[0].email if interaction.reps else interaction.line_rep or None


def when(moment: datetime) -> str:
    """ISO 8601 in UTC with offset."""
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def _named(record: Record | None) -> dict[str, str | None] | None:
    if record is None:
        return None
    known = None if record.id.startswith(NEW) else record.id
    return {"module": record.module.value, "id": known, "name": record.name}
