"""The config keeps other fields of records than before, or finds them otherwise: the shadow follows.

How records are found is worked out again from what is stored, at no cost. Fields that were not kept before are read of
all records of that module, as a comparison does it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from activity_sync.model.records import SHADOWED, Module
from activity_sync.steps.applying import take
from activity_sync.steps.compare import want
from activity_sync.steps.means import Means
from activity_sync.store import facts, shadow
from activity_sync.store.shadow_ids import ids_after

_FACT = "shadow.shape"
_AT_ONCE = 1000


def follow_the_config(means: Means, now: datetime) -> None:
    """Let the shadow be as the config wants it. When it is cut off, it begins anew the next time."""
    wanted = _shape(means)
    with means.database.reading() as session:
        before = facts.fact(session, _FACT)
    if before == wanted:
        return
    if before is not None:
        want(means, _with_new_fields(before, wanted), now)
        if not _found_as(before, wanted) and not _index_again(means, now):
            return
    with means.database.transaction() as session:
        facts.keep_fact(session, _FACT, wanted, now)


def _shape(means: Means) -> dict[str, Any]:
    kept = {str(module): list(fields) for module, fields in means.crm.kept().items()}
    return {"kept": kept, "found_by": means.crm.found_by()}


def _with_new_fields(before: Any, wanted: dict[str, Any]) -> list[Module]:
    known = before.get("kept", {}) if isinstance(before, dict) else {}
    return [module for module in SHADOWED if not set(wanted["kept"][module]) <= set(known.get(module, ()))]


def _found_as(before: Any, wanted: dict[str, Any]) -> bool:
    return isinstance(before, dict) and before.get("found_by") == wanted["found_by"]


def _index_again(means: Means, now: datetime) -> bool:
    """Every record under the addresses that it has now; False: told to stop on the way."""
    means.tell("The config finds records otherwise: the local copy is indexed again")
    for module in SHADOWED:
        after = ""
        while True:
            with means.database.reading() as session:
                ids = ids_after(session, module, after, _AT_ONCE)
                rows = [means.crm.addressed(one) for one in shadow.records(session, module, ids).values()]
                differing = shadow.news(session, rows)
            if differing:
                take(means, differing, {}, now)
            if not ids:
                break
            after = ids[-1]
            if means.pause(0):
                return False
    return True
