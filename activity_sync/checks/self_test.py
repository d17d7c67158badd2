"""The self-test as lines of `check`; what it learned is kept."""

from __future__ import annotations

from collections.abc import Iterator

from activity_sync.checks.check import ZOHO, Check, bad, good
from activity_sync.model.records import OrgFacts
from activity_sync.store import facts
from activity_sync.wiring import App

_REHEARSAL = "not done: zoho.write is false, so that nothing is written to Zoho"


def self_test_checks(app: App, org: OrgFacts) -> Iterator[Check]:
    """A line for each thing that was tried, and one on what became of the records. About 25 credits."""
    if not app.settings.zoho.write:
        yield bad("self-test", _REHEARSAL, "Set zoho.write: true for it; `sync` may wait until later.", ZOHO)
        return
    result = app.means.crm.checkup.self_test(org, app.means.pause)
    if result.learned is not None:
        with app.database.transaction() as session:
            facts.save_learned(session, result.learned, app.means.now())
    for one in result.findings:
        line = good if one.ok else bad
        yield line(f"self-test: {one.name}", one.detail, one.hint, ZOHO)
    if result.left:
        hint = "The next self-test removes them, or delete them in Zoho."
        yield bad("self-test: left behind", ", ".join(result.left), hint, ZOHO)
    else:
        yield good("self-test: its records", f"all {result.removed} were removed again", about=ZOHO)
