"""Cursors, facts, runs and the sync log."""

from __future__ import annotations

from typing import Any

import pytest

from activity_sync.model.records import OrgFacts
from activity_sync.store import cursors, facts, runs, sync_log
from activity_sync.store.database import Database
from tests.builders import NOON, ORG, at


def test_a_cursor_is_kept_with_the_next_turn(database: Database) -> None:
    with database.transaction() as session:
        assert cursors.cursor_of(session, "google", "jo@acme.example") is None
        assert not cursors.read_well(session, "google", "jo@acme.example", "c1", NOON, at(5))
        assert not cursors.read_well(session, "google", "jo@acme.example", "c2", at(5), at(10))
    with database.reading() as session:
        row = cursors.cursor_of(session, "google", "jo@acme.example")
        assert row is not None
        assert (row.cursor, row.read_at, row.next_at, row.failures) == ("c2", at(5), at(10), 0)


def test_failing_and_recovering_are_each_told_once(database: Database) -> None:
    with database.transaction() as session:
        cursors.read_well(session, "aircall", "", "c1", NOON)
        assert cursors.read_badly(session, "aircall", "", "It is down.", at(1), at(2), "Wait.")
        assert not cursors.read_badly(session, "aircall", "", "It is still down.", at(2), at(4))
        row = cursors.cursor_of(session, "aircall", "")
        assert row is not None
        assert (row.cursor, row.failures, row.error, row.next_step) == ("c1", 2, "It is still down.", "")
        assert (row.failing_since, row.read_at, row.next_at) == (at(1), NOON, at(4))
        assert cursors.read_well(session, "aircall", "", "c2", at(5))
        row = cursors.cursor_of(session, "aircall", "")
        assert row is not None
        assert (row.failures, row.error, row.failing_since, row.next_at) == (0, "", None, None)


def test_a_refused_cursor_is_forgotten_and_the_rest_stays(database: Database) -> None:
    with database.transaction() as session:
        cursors.read_well(session, "google", "a", "c1", NOON)
        cursors.start_over(session, "google", "a")
        row = cursors.cursor_of(session, "google", "a")
        assert row is not None
        assert (row.cursor, row.read_at) == ("", NOON)


def test_a_turn_is_brought_forward_but_never_put_off(database: Database) -> None:
    with database.transaction() as session:
        cursors.read_well(session, "google", "a", "c1", NOON, at(10))
        for moment, expected in ((at(5), at(5)), (at(8), at(5))):
            cursors.bring_forward(session, "google", "a", moment)
            row = cursors.cursor_of(session, "google", "a")
            assert row is not None
            assert row.next_at == expected


def test_cursors_are_listed_by_source_and_part(database: Database) -> None:
    with database.transaction() as session:
        for source, part in (("google", "b"), ("aircall", ""), ("google", "a")):
            cursors.read_well(session, source, part, "", NOON)
        assert [(row.source, row.part) for row in cursors.cursors(session)] == [
            ("aircall", ""),
            ("google", "a"),
            ("google", "b"),
        ]
        assert [row.part for row in cursors.cursors(session, "google")] == ["a", "b"]


@pytest.mark.parametrize("value", [None, 0, "", [], {"a": [1, "ü", None, True]}, "a\0b"])
def test_a_fact_is_kept_as_it_is(database: Database, value: Any) -> None:
    with database.transaction() as session:
        facts.keep_fact(session, "it", "before", NOON)
        facts.keep_fact(session, "it", value, at(1))
        assert (facts.fact(session, "it"), facts.fact_at(session, "it")) == (value, at(1))
        assert (facts.fact(session, "other"), facts.fact_at(session, "other")) == (None, None)


def test_the_org_is_kept_with_the_time_of_reading(database: Database) -> None:
    with database.transaction() as session:
        assert (facts.org(session), facts.org_read_at(session)) == (None, None)
        facts.save_org(session, OrgFacts(edition="free"), NOON)
        facts.save_org(session, ORG, at(1))
        assert (facts.org(session), facts.org_read_at(session)) == (ORG, at(1))


def test_runs_are_numbered_and_keep_their_result(database: Database) -> None:
    with database.transaction() as session:
        first, second = runs.start_run(session, "sync", NOON), runs.start_run(session, "run", at(1))
        assert second > first
        runs.finish_run(session, first, {"run": f"R{first}", "problems": []}, at(2))
        row = runs.run(session, first)
        assert row is not None
        assert (row.command, row.started, row.ended) == ("sync", NOON, at(2))
        assert row.result == {"run": f"R{first}", "problems": []}
        assert [found.number for found in runs.latest_runs(session, 5)] == [second, first]
        assert [found.number for found in runs.latest_runs(session, command="sync")] == [first]
        assert runs.run(session, 99) is None
        with pytest.raises(KeyError):
            runs.finish_run(session, 99, {}, at(2))


def test_the_sync_log_is_read_oldest_first_and_by_what_is_asked(database: Database) -> None:
    with database.transaction() as session:
        sync_log.append(session, NOON, "in", "screened", "Only our people.", run=1, key="m-1", kind="meeting")
        sync_log.append(session, at(1), "out", "created", "Event made.", run=1, key="m-2", kind="meeting",
                        rep="jo@acme.example", module="Events", zoho_id="7")  # fmt: skip
        sync_log.append(session, at(2), "out", "refused", "Bad o\0wner.", run=2, key="c-1", kind="call", failed=True)

    with database.reading() as session:

        def events(**filters: Any) -> list[str]:
            return [line.event for line in sync_log.lines(session, **filters)]

        assert events() == ["screened", "created", "refused"]
        assert events(since=at(1)) == ["created", "refused"]
        assert events(kind="meeting") == ["screened", "created"]
        assert events(rep="jo@acme.example") == ["created"]
        assert events(direction="in") == ["screened"]
        assert events(key="m-2") == ["created"]
        assert events(run=2) == events(failed=True) == events(last=1) == ["refused"]
        assert events(last=2) == ["created", "refused"]
        newest = sync_log.last_line(session)
        assert events(after=newest) == []
        assert events(after=newest - 1) == ["refused"]
        assert [line.text for line in sync_log.lines(session, failed=True)] == ["Bad owner."]


def test_an_empty_log_has_no_last_line(database: Database) -> None:
    with database.reading() as session:
        assert (sync_log.last_line(session), sync_log.lines(session)) == (0, [])
