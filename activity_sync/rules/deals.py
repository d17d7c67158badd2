"""Which of an account's deals an interaction goes on.

`matching.deal_preference` is a list of strategies. Each keeps the deals that satisfy it, if any do, and the next one
decides among those. The first four say yes or no to a deal; the last four keep the best, and so force a choice.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import assert_never

from activity_sync.model.light import light_dataclass
from activity_sync.model.records import OrgFacts, Record
from activity_sync.model.settings import DealPreference, Matching
from activity_sync.model.trace import Candidate
from activity_sync.rules.remembering import remembered
from activity_sync.rules.sifting import dropped, kept

_LONG_AGO = datetime.min.replace(tzinfo=UTC)
WHY: Mapping[DealPreference, str] = {
    "has_participant": "somebody who takes part is its contact or has a role in it",
    "owner_attended": "its owner takes part",
    "owned_by_rep": "the rep owns it",
    "open_at_the_time": "it was open at the time",
    "closes_soonest": "it closes first",
    "modified_last": "it was changed last",
    "created_last": "it was made last",
    "created_first": "it was made first",
}
_FORCING = ("closes_soonest", "modified_last", "created_last", "created_first")


@light_dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """What a deal is held against. `contact_ids`: of the participants who are certain; `attended`: user ids of ours;
    `rep_id`: the user under whom it would be logged, ""; `today`: the company's date; `start`: aware, UTC. `roles`:
    the contacts with a role in a deal, by deal id, where that was read; None: roles are not asked for."""

    contact_ids: frozenset[str] = frozenset()
    attended: frozenset[str] = frozenset()
    rep_id: str = ""
    start: datetime
    today: date
    roles: Mapping[str, frozenset[str]] | None = None


@light_dataclass(frozen=True, slots=True, kw_only=True)
class DealChoice:
    """`left`: none, the one, or several that nothing tells apart, changed last first.

    `roles_of`: the deals whose contact roles must be read before it can be told.
    """

    left: tuple[Record, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    trace: tuple[str, ...] = ()
    roles_of: tuple[str, ...] = ()


def choose_deal(deals: Iterable[Record], occasion: Occasion | None, org: OrgFacts, matching: Matching) -> DealChoice:
    """The deals that remain when `matching.deal_preference` has been asked, and what was said of each.

    `occasion`: None will do for one deal, which is weighed against none.
    """
    known = _in_order({deal.id: deal for deal in deals}.values())
    left = known if matching.include_closed else [deal for deal in known if not is_closed(deal, org)]
    seen = [dropped(deal, "is closed") for deal in known if deal not in left] if len(left) < len(known) else []
    decided: DealPreference | None = None
    if occasion is not None and len(left) > 1:
        for strategy in matching.deal_preference:
            if len(left) > 1 and strategy == "has_participant" and (unread := _unread(left, occasion)):
                return DealChoice(left=tuple(left), candidates=tuple(seen), roles_of=unread)
            best = _best(strategy, left, occasion, org, matching.deal_margin)
            if len(best) < len(left):
                why = f"another goes before it: {WHY[strategy]}"
                seen += [dropped(deal, why) for deal in left if deal not in best]
                left, decided = best, strategy
    if len(left) > 1 and any(strategy in _FORCING for strategy in matching.deal_preference):
        seen += [dropped(deal, "equal to the one taken; the one changed last goes first") for deal in left[1:]]
        left = left[:1]
    return DealChoice(left=tuple(left), candidates=(*seen, *_kept(left, decided)), trace=_trace(left, decided))


def is_closed(deal: Record, org: OrgFacts) -> bool:
    """Whether its stage ends it. A stage that the org's metadata does not list is judged by its name."""
    known = _closed(org)
    closed = known.get((deal.stage, deal.pipeline), known.get((deal.stage, None)))
    return deal.stage.casefold().startswith("closed") if closed is None else closed


@remembered(at_most=20)
def _closed(org: OrgFacts) -> Mapping[tuple[str, str | None], bool]:
    """By stage and pipeline, and by stage alone (None)."""
    found: dict[tuple[str, str | None], bool] = {}
    for stage in org.stages:
        for where in ((stage.name, stage.pipeline), (stage.name, None)):
            found[where] = found.get(where, False) or stage.closed
    return found


def _unread(deals: Iterable[Record], occasion: Occasion) -> tuple[str, ...]:
    """The deals of which nobody can tell yet whether a participant has a role in them."""
    if occasion.roles is None or not occasion.contact_ids:
        return ()
    return tuple(deal.id for deal in deals if deal.id not in occasion.roles)


def _takes_part(deal: Record, occasion: Occasion) -> bool:
    with_role = (occasion.roles or {}).get(deal.id, frozenset())
    return not occasion.contact_ids.isdisjoint({deal.contact_id, *with_role})


def _kept(left: Sequence[Record], decided: DealPreference | None) -> list[Candidate]:
    if len(left) > 1:
        return [kept(deal, f"one of {len(left)} open deals that nothing tells apart") for deal in left]
    return [kept(deal, WHY[decided] if decided else "the only deal that counts") for deal in left]


def _trace(left: Sequence[Record], decided: DealPreference | None) -> tuple[str, ...]:
    if not left:
        return ("The account has no open deal.",)
    if len(left) > 1:
        return (f"{len(left)} deals are left that matching.deal_preference does not tell apart.",)
    return (f"The deal is {left[0].name}: " + (f"{WHY[decided]}." if decided else "there is no other."),)


def _best(
    strategy: DealPreference, deals: list[Record], occasion: Occasion, org: OrgFacts, margin: timedelta
) -> list[Record]:
    match strategy:
        case "has_participant":
            return _those(deals, lambda deal: _takes_part(deal, occasion))
        case "owner_attended":
            return _those(deals, lambda deal: deal.owner_id in occasion.attended)
        case "owned_by_rep":
            return _those(deals, lambda deal: bool(deal.owner_id) and deal.owner_id == occasion.rep_id)
        case "open_at_the_time":
            return _those(deals, lambda deal: _open_then(deal, occasion.start, org, margin))
        case "closes_soonest":
            return _first(deals, lambda deal: _closing(deal, occasion.today))
        case "modified_last":
            return _first(deals, lambda deal: _LONG_AGO - (deal.modified or _LONG_AGO))
        case "created_last":
            return _first(deals, lambda deal: _LONG_AGO - (deal.created or _LONG_AGO))
        case "created_first":
            return _first(deals, lambda deal: (deal.created is None, deal.created or _LONG_AGO))
        case _:
            assert_never(strategy)


def _those(deals: list[Record], satisfies: Callable[[Record], bool]) -> list[Record]:
    return [deal for deal in deals if satisfies(deal)] or deals


def _first(deals: list[Record], rank: Callable[[Record], object]) -> list[Record]:
    ranks = {deal.id: rank(deal) for deal in deals}
    best = min(ranks.values())  # type: ignore[type-var]  # each strategy's ranks are of one sortable kind
    return [deal for deal in deals if ranks[deal.id] == best]


def _open_then(deal: Record, start: datetime, org: OrgFacts, margin: timedelta) -> bool:
    """Created before start + margin; open now, or closed after start - margin. Zoho keeps a date of closing only."""
    created = deal.created is None or deal.created < start + margin
    closed_later = deal.closing is not None and deal.closing > (start - margin).date()
    return created and (not is_closed(deal, org) or closed_later)


def _closing(deal: Record, today: date) -> tuple[int, int]:
    """From today on, soonest first; then those past, latest first; then those without a date."""
    if deal.closing is None:
        return (2, 0)
    days = (deal.closing - today).days
    return (0, days) if days >= 0 else (1, -days)


def _in_order(deals: Collection[Record]) -> list[Record]:
    if len(deals) < 2:
        return list(deals)
    return sorted(deals, key=lambda deal: (_LONG_AGO - (deal.modified or _LONG_AGO), deal.id))
