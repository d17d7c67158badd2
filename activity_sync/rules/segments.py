"""Whether an interaction belongs to those whom the admin wants logged."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from activity_sync.model.decisions import Match, State, Target
from activity_sync.model.records import OrgFacts, Record
from activity_sync.model.settings import Segment, Settings
from activity_sync.rules.values import labels_of, value_fits

NO_ORG = OrgFacts()
NO_ACCOUNTS: Mapping[str, Record] = MappingProxyType({})


def in_segment(
    match: Match,
    target: Target,
    settings: Settings,
    org: OrgFacts = NO_ORG,
    accounts: Mapping[str, Record] = NO_ACCOUNTS,
) -> str | None:
    """None when one record satisfies a segment or none is set, else the reason, the end of "Not logged: ".

    `accounts`: by id, those of the matched people: each of them counts, not only the one that it goes on. Nobody known
    and nothing to be logged yet is no reason: review decides about those, and about a deal that is still open.
    """
    if not settings.segments:
        return None
    records = list(_records(match, target, accounts))
    if not records and target.state is not State.LOGGED:
        return None
    if target.state is State.WAITING and any(segment.module == "Deals" for segment in settings.segments):
        return None
    if any(_satisfies(record, segment, org) for record in records for segment in settings.segments):
        return None
    return f"in none of the segments {', '.join(segment.name for segment in settings.segments)}"


def _records(match: Match, target: Target, accounts: Mapping[str, Record]) -> Iterator[Record]:
    for person in match.people:
        yield from person.records
        yield from (accounts[account_id] for account_id in person.account_ids if account_id in accounts)
    yield from (record for record in (target.record, target.account, target.who) if record is not None)
    yield from target.leads


def _satisfies(record: Record, segment: Segment, org: OrgFacts) -> bool:
    return record.module == segment.module and all(
        value_fits(record.fields.get(field), wanted, labels_of(org, segment.module, field))
        for field, wanted in segment.when.items()
    )
