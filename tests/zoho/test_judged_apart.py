"""An interaction on which the program itself fails does not keep the others."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from activity_sync.model.decisions import State
from activity_sync.reports.rows import stored_row
from activity_sync.steps.decide import foretold
from activity_sync.steps.round import sync
from activity_sync.store import interactions, sync_log
from tests.builders import a_copy
from tests.store.builders import stored
from tests.zoho.shadowing import a_shadow
from tests.zoho.test_contact_roles import a_company_with_deals

_LAST = datetime(9999, 12, 31, 23, 50, tzinfo=UTC)
"""No calendar's edge lets it in; a row of an older version may hold it."""


def test_what_cannot_be_judged_fails_alone_and_is_told(tmp_path: Path) -> None:
    with a_shadow(tmp_path) as company:
        a_company_with_deals(company)
        now = company.now()
        endless = a_copy(uid="x", event_id="x", title="Secret", start=_LAST, end=_LAST + timedelta(minutes=5))
        sound = a_copy(uid="y", event_id="y")
        with company.database.transaction() as session:
            keys = stored(session, endless, sound, now=now)
        with company.database.reading() as session:
            assert [one.judgement.interaction.key for one in foretold(session, company.means, keys, now)] == [sound.key]
        result = sync(company.means)
        assert (result.interactions["failed"], len(result.problems)) == (1, 1)
        problem = result.problems[0]
        assert (problem.where, "Secret" in problem.why) == (f"meeting {endless.key}", False)
        assert problem.why.startswith("a fault of this program: OverflowError in ")
        with company.database.reading() as session:
            rows = [interactions.get(session, one.key) for one in (endless, sound)]
            failed, other = (stored_row(session, row)["state"] for row in rows if row)
            assert any(line.failed and endless.key in line.text for line in sync_log.lines(session))
        assert (failed, other != State.FAILED) == ("failed", True)
        assert not sync(company.means).problems  # told once
