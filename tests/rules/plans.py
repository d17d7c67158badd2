"""Short ways to a plan, for the tests of planning and differences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import hypothesis

from activity_sync.model.decisions import Owner, State, Target
from activity_sync.model.interactions import Call, Interaction, Outcome
from activity_sync.model.records import OrgFacts, Record
from activity_sync.model.settings import ActivityType, Settings
from activity_sync.model.team import Team
from activity_sync.model.writes import Op, Wanted, Write, Written
from activity_sync.rules.planning import Plan, plan
from tests import builders as b

unhurried = hypothesis.settings(deadline=None)  # the machine may be busy

JO = Owner(rep="jo@acme.example", user=b.a_user("jo@acme.example"))
ON_DEAL = Target(state=State.LOGGED, record=b.a_deal(), who=b.a_contact(), account=b.an_account())
LONG_AFTER = b.at(days=3)


def on(record: Record | None, **more: Any) -> Target:
    return Target(state=State.LOGGED, record=record, **more)


def a_plan(
    interaction: Interaction | None = None,
    *,
    outcome: Outcome | None = None,
    target: Target = ON_DEAL,
    owner: Owner = JO,
    then: dict[str, Any] | None = None,
    team: Team | None = None,
    org: OrgFacts | None = None,
    settings: Settings | None = None,
    now: datetime = LONG_AFTER,
    reached: datetime | None = None,
) -> Plan:
    """A plan for a meeting that was held, unless something else is said."""
    what = interaction or b.a_meeting()
    became = outcome or (what.outcome if isinstance(what, Call) else Outcome.HELD)
    kind = ActivityType.model_validate({"name": "Demo", "then": then or {}})
    return plan(
        what, became, target, owner, kind, team or b.a_team(), org or b.an_org(), settings or b.settings(), now, reached
    )


def the(plan: Plan, slot: str = "activity") -> Wanted:
    return next(wanted for wanted in plan.wanted if wanted.slot == slot)


def fields(interaction: Interaction | None = None, **asked: Any) -> dict[str, Any]:
    return dict(the(a_plan(interaction, **asked)).fields)


def carried_out(writes: Sequence[Write], written: Sequence[Written] = ()) -> list[Written]:
    """What we hold of Zoho after these writes were sent."""
    rows = {row.id: row for row in written}
    for write in writes:
        if write.op is Op.CREATE:
            row = Written(
                slot=write.slot,
                module=write.module,
                record_key=write.record_key,
                id=f"id-{write.record_key}",
                fields=write.fields,
            )
        elif write.op is Op.UPDATE:
            row = replace(rows[write.id], fields={**rows[write.id].fields, **write.fields})
        else:
            row = replace(rows[write.id], gone="us")
        rows[row.id] = row
    return list(rows.values())
