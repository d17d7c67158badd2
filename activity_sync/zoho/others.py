"""What others logged: in the lists of changed activities, and around the times at which we are about to log."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from activity_sync.model.activities import NEAR, OtherActivity, Slot
from activity_sync.model.records import Module
from activity_sync.zoho import composite
from activity_sync.zoho.client import Client, ScopeMissing
from activity_sync.zoho.composite import Part
from activity_sync.zoho.coql import COMPOSITE_ROWS, MOST_ROWS, Query, among, every, moment, page_of, run
from activity_sync.zoho.payloads import link, moment_of
from activity_sync.zoho.refusals import ZohoRefused

STARTS = {Module.EVENTS: "Start_DateTime", Module.CALLS: "Call_Start_Time"}
"""The field that holds when an activity starts."""

_WINDOWS = 5
"""So many starts are asked for one by one; of more, all that lies between the first and the last."""


def told_of(module: Module, key_field: str = "") -> tuple[str, ...]:
    """What is read of an activity to know it again."""
    further = (key_field,) if key_field else ()
    return ("Modified_Time", "Owner", STARTS[module], "What_Id", "Who_Id", "Created_By", *further)


def to_other(module: Module, row: Mapping[str, Any], key_field: str = "") -> OtherActivity | None:
    """A row; None for one without owner or start, and for one that bears a key of ours."""
    start, owner = moment_of(row.get(STARTS[module])), link(row, "Owner")
    if start is None or not owner or (key_field and row.get(key_field)):
        return None
    return OtherActivity(
        module=module,
        id=str(row["id"]),
        owner_id=owner,
        start=start,
        what_id=link(row, "What_Id"),
        who_id=link(row, "Who_Id"),
        made_by=link(row, "Created_By"),
        modified=moment_of(row.get("Modified_Time")),
    )


def logged_around(client: Client, slots: Sequence[Slot], keys: Mapping[Module, str]) -> list[OtherActivity]:
    """The activities of others near these slots: a credit, three more where very many lie between them. `keys`: the key
    field by module.

    Raises what `Client.send` raises; a module that cannot be asked so has none.
    """
    queries = {module: _query(module, [one for one in slots if one.module is module], keys.get(module, ""))
               for module in STARTS if any(one.module is module for one in slots)}  # fmt: skip
    found = [
        other
        for module, rows in _answers(client, queries)
        for row in rows
        if (other := to_other(module, row, keys.get(module, ""))) is not None
    ]
    return [one for one in found if any(slot.is_near(one) for slot in slots)]


def _query(module: Module, slots: Sequence[Slot], key_field: str) -> Query:
    name, starts = STARTS[module], sorted(one.start for one in slots)
    spans = [(one, one) for one in starts] if len(starts) <= _WINDOWS else [(starts[0], starts[-1])]
    times = [f"({name} >= {moment(a - NEAR)} and {name} <= {moment(b + NEAR)})" for a, b in spans]
    either = times[0]
    for one in times[1:]:
        either = f"({either} or {one})"
    owners = among("Owner", sorted({one.owner_id for one in slots}))
    where = every([either, owners])
    return Query(module=module, columns=("id", *told_of(module, key_field)), where=where)


def _answers(
    client: Client, queries: Mapping[Module, Query]
) -> Iterator[tuple[Module, Sequence[Mapping[str, Any]]]]:  # fmt: skip
    together = _together(client, queries) if len(queries) > 1 else {}
    for module, query in queries.items():
        yield module, together[module] if module in together else _alone(client, query)


def _together(client: Client, queries: Mapping[Module, Query]) -> dict[Module, Sequence[Mapping[str, Any]]]:
    parts = [Part(name=module.lower(), method="POST", path="/coql", body=_few(query).body())
             for module, query in queries.items()]  # fmt: skip
    try:
        answers = composite.send(client, parts, "what others logged", purpose="checking")
    except (ZohoRefused, ScopeMissing):
        return {}
    good = zip(queries, answers or (), strict=False)
    pages = {module: page_of(one.answer, COMPOSITE_ROWS) for module, one in good if one.is_good}
    return {module: page.rows for module, page in pages.items() if not page.more}


def _few(query: Query) -> Query:
    return Query(module=query.module, columns=query.columns, where=query.where, limit=COMPOSITE_ROWS)


def _alone(client: Client, query: Query) -> Sequence[Mapping[str, Any]]:
    try:
        page = run(client, query, "what others logged", "checking")
        if page.more:
            page = run(client, replace(query, limit=MOST_ROWS), "what others logged", "checking")
    except (ZohoRefused, ScopeMissing):
        return ()
    return page.rows
