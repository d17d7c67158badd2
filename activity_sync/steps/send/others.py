"""Before an activity is made, Zoho is asked whether somebody else has logged it: the lists of changes come round only
now and then.

The daemon writes a call or two at a time, all day long, and does not pay a credit for each look: it looks where others
were seen to log lately, and where many are written together. What it meets only afterwards is put right then: ours goes
where nobody touched it (`steps/adopting.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from activity_sync.model.activities import OtherActivity, Slot
from activity_sync.model.failures import Unexpected
from activity_sync.model.writes import Op, OutboxRow
from activity_sync.rules.adopting import place_of
from activity_sync.rules.planning import ACTIVITY
from activity_sync.steps.means import Means
from activity_sync.store import interactions, others, outbox, runs

_SEEN = "Somebody else has logged something at that time: it is judged again."

_MANY = 5
_LATELY = timedelta(days=30)


def logged_by_nobody(means: Means, rows: Sequence[OutboxRow], run: int) -> list[OutboxRow]:
    """The rows without those at whose place another's activity has come to light; their interactions are judged
    again. A credit for ten; raises what the CRM raises, but for an answer that cannot be read."""
    making = [row for row in rows if row.write.op is Op.CREATE and row.write.slot == ACTIVITY]
    places = {row.number: place for row in making if (place := place_of(row.write.module, row.write.fields))}
    if not places or not _is_worth_it(means, len(places), run):
        return list(rows)
    found = _found(means, list(places.values()))
    if not found:
        return list(rows)
    with means.database.transaction() as session:
        fresh = others.save(session, found)
        taken = {number for number, place in places.items() if any(place.is_near(one) for one in fresh)}
        for row in making:
            if row.number in taken:
                outbox.drop(session, row.number, _SEEN, means.now())
                interactions.reopen(session, [row.key], means.now())
    return [row for row in rows if row.number not in taken]


def _found(means: Means, places: Sequence[Slot]) -> Sequence[OtherActivity]:
    try:
        return means.crm.logged_around(places)
    except Unexpected:  # no reason not to log: a double that comes to light later is put right then
        return ()


def _is_worth_it(means: Means, making: int, run: int) -> bool:
    """Whether the look may pay. A person's command looks always."""
    if not means.settings.matching.adopt_existing:
        return False
    with means.database.reading() as session:
        here = runs.run(session, run)
        by_hand = here is not None and here.command != "run"
        return by_hand or making >= _MANY or others.any_since(session, means.now() - _LATELY)
