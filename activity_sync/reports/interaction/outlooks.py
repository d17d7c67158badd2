"""What would have to be different for another outcome: sentences for `explain`, from what was decided."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from activity_sync.model.settings import DealPreference, Settings
from activity_sync.reports.interaction.stages import of_stage
from activity_sync.rules.deals import WHY

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
    ("is never logged, by the review rule", "`activity-sync review forget` takes that answer back."),
    ("undone: by", "`activity-sync retry KEY` logs it again."),
    ("taken back by the dialer", "If the dialer showed the call again, it would be judged again."),
    ("no activity type fits", "An activity type without conditions at the end of `activity_types` takes everything."),
    ("says skip", "If that activity type did not say `skip`, or another fitted before it, it would be logged."),
    (
        "none of the segments",
        "If one of the people, an account of theirs or the deal satisfied one of `segments`, it would be logged.",
    ),
    *(
        (kind, "An ordinary meeting at that time would be judged; entries of this kind never are.")
        for kind in ("out of office", "focus time", "working location", "birthday")
    ),
)

_TOLD_APART: Mapping[DealPreference, str] = {
    "has_participant": "If somebody who took part were the contact of this deal, or had a role in it, "
    "it could have been chosen",
    "owner_attended": "If its owner had taken part, this deal could have been chosen",
    "owned_by_rep": "If the rep owned it, this deal could have been chosen",
    "open_at_the_time": "If it had been open at the time (`matching.deal_margin` is the leeway), "
    "this deal could have been chosen",
}
"""What speaks for a deal that was passed over, by the strategy that passed it over."""

_TELL_APART = (
    "If somebody who took part were the contact of one of these deals alone, or had a role in it, "
    "it would go there: {names}."
)
_ANSWER = "An answer in `activity-sync review` places it, and all that wait for the same, at once."
_FORCE = (
    "One of `closes_soonest`, `modified_last`, `created_last` and `created_first` at the end of "
    "`matching.deal_preference` forces a choice."
)


def would_change(told: Told, settings: Settings) -> Iterator[str]:
    """What would lead to another outcome than that of this ROW (with its `candidates`)."""
    reason = told["reason"] or ""
    match told["state"]:
        case "screened":
            yield from (sentence for words, sentence in _SCREENED if words in reason)
            yield "A changed config counts for what is seen, or changes, from then on."
        case "unmatched":
            yield from _of_unmatched(settings)
        case "waiting":
            yield from _of_waiting(told, reason, settings)
        case "planned":
            yield from _of_planned(reason, settings)
        case "failed":
            yield from _of_failed(reason)
        case "adopted":
            yield "With `matching.adopt_existing: false` ours would be written beside what somebody else logged."
        case _:
            yield from _of_logged(told, settings)


def _of_unmatched(settings: Settings) -> Iterator[str]:
    yield "A contact, lead or account in Zoho with one of these addresses would be found at the next sync."
    if settings.matching.match_by_domain:
        yield "An account whose web site has the domain of one of them, and no other account has, would be found too."
    if settings.matching.unmatched == "review":
        yield _ANSWER
    if settings.matching.unmatched != "log":
        yield "With `matching.unmatched: log` it would be logged on no record."


def _of_waiting(told: Told, reason: str, settings: Settings) -> Iterator[str]:
    if reason == "not judged yet":
        yield "The next `activity-sync sync` judges it."
    elif any(one["state"] in ("ready", "sending", "uncertain") for one in told["writes"]):
        yield "The next `activity-sync sync` sends what is on its way, or finds out whether it has arrived."
    elif any(one["state"] == "parked" for one in told["writes"]):
        yield "Look in Zoho whether it is there; `activity-sync retry KEY` sends it again."
    elif "contact roles" in reason:
        yield "Once Zoho has told the contact roles of these deals, at the next sync, it is judged with them."
        yield "Without `has_participant` in `matching.deal_preference` nobody would ask for contact roles."
    else:
        yield from _of_doubt(told, reason, settings)


def _of_doubt(told: Told, reason: str, settings: Settings) -> Iterator[str]:
    kept = [one for one in told["candidates"] if one["kept"]]
    if "from one company as from another" in reason:
        yield "If more of them were of one company, or one of its people had organised it, it would go there."
    elif deals := _names(one for one in kept if one["module"] == "Deals"):
        yield from _undecided(deals)
    elif names := _names(kept):
        yield f"If only one of these fitted, it would go there: {names}."
        yield "An address that stands on one record only, settles it at the next sync."
    yield _ANSWER
    best = "With `matching.ambiguous: best` the first of them would be taken."
    certain = "With `matching.ambiguous: certain` it would go on the record up to which all is certain."
    yield from (best,) if settings.matching.ambiguous != "best" else ()
    yield from (certain,) if settings.matching.ambiguous == "review" else ()


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
    deals = [one for one in told["candidates"] if one["module"] == "Deals"]
    yield from _of_passed_over([one for one in deals if not one["kept"] and one["because"] != "is closed"])
    if names := _names(one for one in deals if not one["kept"] and one["because"] == "is closed"):
        yield f"With `matching.include_closed: true` a closed deal could have been chosen: {names}."
    undecided = [one for one in deals if one["kept"]]
    if (told["target"] or {}).get("module") == "Accounts":
        yield "With one certain open deal of this account it would go on that deal."
        yield from _undecided(_names(undecided)) if len(undecided) > 1 else ()
    yield from of_stage(told, settings)
    if settings.activity_types:
        yield "Another activity type would write other texts and tasks: `activity-sync types test` tries one."


def _of_passed_over(deals: Sequence[Told]) -> Iterator[str]:
    """Of each strategy what it would have taken, and at last that their order may be another."""
    for strategy, sentence in _TOLD_APART.items():
        if names := _names(one for one in deals if one["because"].endswith(WHY[strategy])):
            yield f"{sentence}: {names}."
    if names := _names(deals):
        yield f"Another order of `matching.deal_preference` could have chosen another deal: {names}."


def _undecided(names: str) -> Iterator[str]:
    yield _TELL_APART.format(names=names)
    yield _FORCE


def _names(candidates: Iterable[Told]) -> str:
    return ", ".join(dict.fromkeys(one["name"] for one in candidates))
