"""People who become known later, previews, and two at once."""

from __future__ import annotations

import sqlite3
from collections import Counter
from typing import Any

from tests.journeys.company import Company
from tests.journeys.conftest import Founded
from tests.journeys.test_kills import SILENT_SOURCES


def test_a_meeting_is_logged_once_its_person_is_known(found: Founded) -> None:
    company = found(["Nobody knows the stranger"])
    company.play_and_sync()
    assert company.row("Hello from a stranger")["state"] == "unmatched"
    asked = sources_asked(company)
    company.sync()
    usual = sources_asked(company) - asked
    company.stage.zoho.add("Contacts", Last_Name="Stranger", Email="Wilma@Nobody.example")
    asked = sources_asked(company)
    result = company.sync()
    assert result["writes"]["created"] == 1
    assert sources_asked(company) - asked == usual
    assert company.event("Hello from a stranger")["Who_Id"]["name"] == "Stranger"


def sources_asked(company: Company) -> Counter[str]:
    """How often each vendor was asked for what."""
    google, aircall = company.stage.google.requests, company.stage.aircall.requests
    return Counter(one.path for one in [*google, *aircall] if one.path != "/token")


KEPT = ("interaction", "sighting", "outbox", "sync_log", "cursor")


def test_a_preview_changes_nothing_and_says_what_the_sync_then_does(found: Founded) -> None:
    company = found()
    company.stage.play(1)
    compared_with_the_sync(company, exit=1)
    only_what_waits_is_listed(company)


def test_a_preview_of_changes_says_what_the_sync_then_does(found: Founded) -> None:
    company = found(["A meeting that moves", "is cancelled before its start", "A new title", "declines: a colleague"])
    company.play_and_sync()
    company.stage.play(2)
    compared_with_the_sync(company, exit=0)


def compared_with_the_sync(company: Company, exit: int) -> None:  # noqa: A002
    """A preview, then a sync: the same writes, of which the costs were told right."""
    before = tables(company)
    done = company.command("preview", "--json")
    assert done.exit in (0, exit), done.words
    assert tables(company) == before
    forecast = done.json
    told = Counter((one["op"], one["module"]) for row in forecast["interactions"] for one in row["writes"])
    sent = len(company.stage.zoho.requests)
    result = company.sync(exit=exit)
    requests = company.stage.zoho.requests[sent:]
    assert told.total() == sum(result["writes"].values())
    assert forecast["credits"]["writing"] == sum(one.credits for one in requests if writes_or_looks(company, one))
    became = {row["key"]: row for row in company.rows()}
    planned = [row for row in forecast["interactions"] if row["state"] == "planned"]
    assert {became[row["key"]]["state"] for row in planned} <= {"logged", "screened"}
    for row in forecast["interactions"]:
        assert judged_alike(row, became[row["key"]]), (row, became[row["key"]])


_SAME = ("outcome", "type", "owner", "rep", "target", "who", "trace")


def judged_alike(told: dict[str, Any], became: dict[str, Any]) -> bool:
    """The same judgement, and the newest writes for it with the same contents."""
    writes = [(one["op"], one["module"], one["fields"]) for one in told["writes"]]
    sent = [(one["op"], one["module"], one["fields"]) for one in became["writes"]]
    return all(told[name] == became[name] for name in _SAME) and writes == sent[len(sent) - len(writes) :]


def writes_or_looks(company: Company, request: Any) -> bool:
    """A write, or the look at what people changed before an update."""
    activities = request.path.endswith("/coql") and any(
        f" from {module} " in str(request.body) for module in ("Events", "Calls", "Tasks")
    )
    listed = request.method == "GET" and request.path.rpartition("/")[2] in ("Events", "Calls", "Tasks")
    return request in company.writes() or activities or listed


def tables(company: Company) -> dict[str, list[Any]]:
    """What the database holds that a preview must not touch."""
    connection = sqlite3.connect(company.config.parent / "activity-sync.db")
    try:
        there = {name for (name,) in connection.execute("select name from sqlite_master where type = 'table'")}
        assert not there or set(KEPT) <= there
        return {name: connection.execute(f"select * from {name}").fetchall() if there else [] for name in KEPT}
    finally:
        connection.close()


def only_what_waits_is_listed(company: Company) -> None:
    """A preview lists what waits, and nothing that is as it should be."""
    preview = company.command("preview", "--json").json["interactions"]
    assert {row["state"] for row in preview} <= {"waiting", "unmatched", "failed"}


def test_a_deletion_that_a_preview_met_first_is_told_in_the_log_all_the_same(found: Founded) -> None:
    company = found(["A meeting that moves"])
    company.play_and_sync()
    company.sync()
    company.stage.zoho.delete("Events", company.event("Fernhill next steps")["id"])
    company.set_ |= SILENT_SOURCES
    for _ in range(7):  # Zoho's lists of what was deleted are asked for in turn
        company.command("preview", "--json")
    for _ in range(7):
        company.sync()
    assert "a person deleted it" in company.command("log").out


def test_two_at_once_do_nothing_twice(found: Founded, a_database: Any) -> None:
    company = found(["A meeting with a contact", "A customer rings", "A lead alone"], database=a_database())
    company.stage.play(1)
    first, second = company.start("sync", "--json"), company.start("sync", "--json")
    results = [first.done(), second.done()]
    assert [one.exit for one in results] == [0, 0], results
    assert sorted(sum(one.json["writes"].values()) for one in results)[0] == 0
    assert company.mistakes(1) == []
    assert company.doubles() == []


def test_the_second_of_two_says_in_clear_words_that_it_cannot_work(found: Founded) -> None:
    company = found(["A meeting with a contact"])
    company.stage.play(1)
    company.sync()
    company.set_["activity_sync.cli.work:TURN"] = {"seconds": 0.1}
    with company.database() as database:
        from activity_sync.store.leases import alone

        with alone(database):
            done = company.command("sync")
    assert done.exit == 1
    assert "Another Activity Sync is at work" in done.err
    assert "Traceback" not in done.words
