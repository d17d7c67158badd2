"""What would have to be different for another outcome: sentences for `explain`, from what was decided."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from activity_sync.model.settings import Settings

Told = Mapping[str, Any]

_SCREENED = (
    ("cancelled before it was logged", "If the meeting were not cancelled, it would be judged again."),
    ("private", "With `meetings.private: redact` it would be logged without its text, with `log` whole."),
    ("all-day", "With `meetings.all_day: true` it would count as a meeting."),
    ("marked", "Without the word `never.log.word` in it, it would be judged again."),
    ("nobody but those who are never matched", "If `never.match` did not name everybody in it, it would be matched."),
    (
        "only our own people",
        "With somebody from outside in it, or `meetings.external_only: false`, it would be matched.",
    ),
    ("all of ours declined", "If one of ours accepted, or with `meetings.declined: log`, it would be matched."),
    ("is on the never list", "Without that entry of `never.log` it would be matched."),
    ("internal call", "With `calls.internal: log` it would be logged."),
    ("withheld number", "With `calls.withheld: log` it would be logged under the rep, on no record."),
    ("calls.min_talk", "A longer call, or a smaller `calls.min_talk`, would be logged."),
    ("calls with this outcome", "If `calls.outcomes` named its outcome, it would be logged."),
    ("no activity type fits", "An activity type without conditions at the end of `activity_types` takes everything."),
    ("says skip", "If that activity type did not say `skip`, or another fitted before it, it would be logged."),
    ("nobody known", "With `matching.unmatched: review` it would wait until one of these people is in Zoho."),
    ("none of the segments", "If a matched record satisfied one of `segments`, it would be logged."),
)


def would_change(told: Told, settings: Settings) -> Iterator[str]:
    """What would lead to another outcome than that of this ROW (with its `candidates`)."""
    reason = told["reason"] or ""
    match told["state"]:
        case "screened":
            yield from (sentence for words, sentence in _SCREENED if words in reason)
            yield "A changed config counts for what is seen, or changes, from then on."
        case "unmatched":
            yield "A contact, lead or account in Zoho with one of these addresses would be found at the next sync."
            yield "With `matching.unmatched: log` it would be logged on no record, with `skip` left out."
        case "waiting":
            yield from _of_waiting(told, settings)
        case "planned":
            yield from _of_planned(reason, settings)
        case "failed":
            yield from _of_failed(reason)
        case _:
            yield from _of_logged(told, settings)


def _of_waiting(told: Told, settings: Settings) -> Iterator[str]:
    if told["reason"] == "not judged yet":
        yield "The next `activity-sync sync` judges it."
        return
    if names := _names(one for one in told["candidates"] if one["kept"]):
        yield f"If only one of these fitted, it would go there: {names}."
    yield "An address that stands on one record only, or a deal that is closed, settles it at the next sync."
    if settings.matching.ambiguous != "best":
        yield "With `matching.ambiguous: best` the first of them would be taken."


def _of_planned(reason: str, settings: Settings) -> Iterator[str]:
    if reason == "not due yet":
        yield "Its time has not come; `meetings.write`, `meetings.horizon` and `calls.settle` say when it does."
    elif not settings.zoho.write:
        yield "With `zoho.write: true` it would be written; this is a rehearsal."
    else:
        yield "The next `activity-sync sync` sends it."


def _of_failed(reason: str) -> Iterator[str]:
    if "can own it" in reason:
        yield "An active Zoho user for the rep, or `team.default_owner`, would let it be logged at the next sync."
        return
    yield "Once what Zoho refused is mended, `activity-sync retry KEY` sends it again."


def _of_logged(told: Told, settings: Settings) -> Iterator[str]:
    dropped = [one for one in told["candidates"] if not one["kept"] and one["module"] == "Deals"]
    if names := _names(one for one in dropped if one["because"] != "is closed"):
        yield f"Another order of `matching.deal_preference` could have chosen another deal: {names}."
    if names := _names(one for one in dropped if one["because"] == "is closed"):
        yield f"With `matching.include_closed: true` a closed deal could have been chosen: {names}."
    if (told["target"] or {}).get("module") == "Accounts":
        yield "With one certain open deal of this account it would go on that deal."
    if settings.activity_types:
        yield "Another activity type would write other texts and tasks: `activity-sync types test` tries one."


def _names(candidates: Iterable[Told]) -> str:
    return ", ".join(dict.fromkeys(one["name"] for one in candidates))
