"""Before an activity is made, Zoho is asked whether somebody else has logged it: the lists of changes come round only
now and then."""

from __future__ import annotations

from collections.abc import Sequence

from activity_sync.model.writes import Op, OutboxRow
from activity_sync.rules.adopting import place_of
from activity_sync.rules.planning import ACTIVITY
from activity_sync.steps.means import Means
from activity_sync.store import interactions, others, outbox

_SEEN = "Somebody else has logged something at that time: it is judged again."


def logged_by_nobody(means: Means, rows: Sequence[OutboxRow]) -> list[OutboxRow]:
    """The rows without those at whose place another's activity has come to light; their interactions are judged
    again. A credit for ten; raises what the CRM raises."""
    making = [row for row in rows if row.write.op is Op.CREATE and row.write.slot == ACTIVITY]
    places = {row.number: place for row in making if (place := place_of(row.write.module, row.write.fields))}
    if not places or not means.settings.matching.adopt_existing:
        return list(rows)
    found = means.crm.logged_around(list(places.values()))
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
