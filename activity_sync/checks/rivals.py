"""Does another tool log the same meetings and calls?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

from activity_sync.checks.check import ZOHO, Check, good
from activity_sync.model.checkup import Foreign
from activity_sync.model.records import OrgFacts, User
from activity_sync.reports.alerts import named_doubles
from activity_sync.store import others, written
from activity_sync.wiring import App

_LATELY = timedelta(days=7)
_LONGER = timedelta(days=30)
_MOST_NAMED = 5
_HINT = "Switch one of the two off, or every call is there twice."


def rivals_check(app: App, org: OrgFacts, users: Sequence[User]) -> Check:
    """Who else logged in the last seven days, and for which reps."""
    since = app.means.now() - _LATELY
    found = [one for one in app.means.crm.checkup.foreign(since, org.key_field) if not _is_ours(app, one)]
    if not found:
        return good("other loggers", "none in the last 7 days", about=ZOHO)
    names = {user.id: user.email or user.full_name for user in users}
    counts = Counter((one.by, str(one.module), names.get(one.owner_id, "somebody")) for one in found)
    told = [f"{number} {module} of {rep} by {by}" for (by, module, rep), number in counts.most_common(_MOST_NAMED)]
    more = f" and {len(counts) - _MOST_NAMED} more" if len(counts) > _MOST_NAMED else ""
    return good("other loggers", f"in the last 7 days: {', '.join(told)}{more}", _HINT, ZOHO)


def doubles_check(app: App) -> Check:
    """What is in Zoho twice, because somebody touched both ours and the other."""
    since = app.means.now() - _LONGER
    with app.database.reading() as session:
        found = others.doubles(session, since)
    if not found:
        return good("doubles", "none in the last 30 days", about=ZOHO)
    return good(
        "doubles", f"logged by us and by somebody else: {named_doubles(found)}", "Delete one of the two in Zoho.", ZOHO
    )


def _is_ours(app: App, one: Foreign) -> bool:
    with app.database.reading() as session:
        return one.id in written.written_as(session, one.module, [one.id])
