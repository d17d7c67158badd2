"""What would have moved a deal's stage, or left it: from what the judgement said of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from activity_sync.model.settings import ActivityType, Settings

Told = Mapping[str, Any]

_STAYS = "The stage of the deal "
_WHY = (
    (
        ": the deal is closed",
        "A closed deal is never moved; one that is open again in Zoho moves on with the next one.",
    ),
    ("no step forward", "Only a stage that comes later along the deal's pipeline is ever set."),
    ("has no stage", "With these stages in the deal's own pipeline it would have moved on."),
    ("changed last is not known", "Once the shadow knows when the deal was changed last, the next one moves it on."),
)


def of_stage(told: Told, settings: Settings) -> Iterator[str]:
    """Nothing where the type that fitted moves no deal on."""
    kind = next((one for one in settings.activity_types if one.name == told["type"]), None)
    asked = kind.then.deal_stage if kind is not None else None
    if kind is None or asked is None:
        return
    stays = next((line for line in told["trace"] if line.startswith(_STAYS)), "")
    if stays:
        yield from _of_staying(stays, kind)
    elif any(line.startswith("The deal ") and " moves on from " in line for line in told["trace"]):
        yield f"Without `deal_stage` in the activity type {kind.name} the deal would have stayed where it was."
    elif (told["target"] or {}).get("module") != "Deals":
        yield f"On a deal it would have moved that from {' or '.join(asked.from_)} on to {asked.to}."
    elif told["kind"] == "meeting" and told["outcome"] == "scheduled":
        yield f"Once the meeting is over, the deal moves on from {' or '.join(asked.from_)} to {asked.to}."


def _of_staying(stays: str, kind: ActivityType) -> Iterator[str]:
    asked = kind.then.deal_stage
    assert asked is not None
    if ": only " in stays:
        stage = stays.partition(" stays ")[2].partition(": only ")[0]
        yield f"With {stage} in `deal_stage.from` of the activity type {kind.name} it could move on to {asked.to}."
    yield from (sentence for words, sentence in _WHY if words in stays)
    yield "For this interaction that is settled: its deal's stage is not looked at again."
