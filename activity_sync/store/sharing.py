"""Which interactions ask for an address."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from sqlalchemy import bindparam, func
from sqlmodel import col, select

from activity_sync.model.decisions import Lookup
from activity_sync.store.tables import InteractionAddresses, Interactions


def by_kind(lookups: Iterable[Lookup]) -> dict[str, list[str]]:
    """The addresses of each kind, in order."""
    kinds: dict[str, set[str]] = {}
    for lookup in lookups:
        kinds.setdefault(lookup.kind.value, set()).add(lookup.value)
    return {kind: sorted(values) for kind, values in kinds.items()}


def sharing(kind: Any, values: Any, states: Sequence[str], since: Any) -> Any:
    """A statement: the keys of the interactions that ask for one of these addresses and start at or after `since`.
    `states` empty: in whatever state."""
    rows = select(Interactions.key).join(InteractionAddresses, col(InteractionAddresses.key) == col(Interactions.key))
    found = rows.where(
        InteractionAddresses.kind == kind, col(InteractionAddresses.value).in_(values), Interactions.starts >= since
    )
    return found.where(unindexed(Interactions.state).in_([str(state) for state in states])) if states else found


@cache
def sharing_one_of(states: Sequence[str]) -> Any:
    """The same, for `kind`, `values` and `since` as parameters, made once: to make it for each interaction takes longer
    than to carry it out."""
    return sharing(bindparam("kind"), bindparam("values", expanding=True), states, bindparam("since"))


def unindexed(column: Any) -> Any:
    """A column of text by which nothing is to be searched for: SQLite, which counts no rows, holds a state and a time
    for rarer than an address, and would look through all that was logged in a month."""
    return func.coalesce(column, "")
