"""What people changed is theirs: a write is narrowed, or left out."""

from __future__ import annotations

from dataclasses import replace

from activity_sync.model.records import Module
from activity_sync.model.writes import Op, Write
from activity_sync.rules.differences import respect
from tests.rules.test_differences import A_DELETE, an_update, written


def test_a_field_that_a_person_changed_is_left_out_and_is_theirs() -> None:
    row = written(fields={"Event_Title": "Demo", "Venue": "Room 5"})
    current = {"Event_Title": "Demo with Sam", "Venue": "Room 5"}
    left, theirs = respect(an_update(Event_Title="Demo 2", Venue="Room 6"), row, current)
    assert left is not None
    assert left.fields == {"Venue": "Room 6"}
    assert theirs == {"Event_Title"}
    assert respect(an_update(Event_Title="Demo 2"), row, current) == (None, frozenset({"Event_Title"}))


def test_a_change_in_a_field_that_we_leave_alone_is_noticed_too() -> None:
    row = written(fields={"Event_Title": "Demo", "Venue": "Room 5"})
    left, theirs = respect(an_update(Event_Title="B"), row, {"Event_Title": "Demo", "Venue": "Their office"})
    assert left == an_update(Event_Title="B")
    assert theirs == {"Venue"}


def test_a_field_in_another_dress_is_still_ours() -> None:
    sent = {"Start_DateTime": "2026-03-02T12:00:00+00:00", "What_Id": {"id": "7"}, "$se_module": "Deals"}
    current = {"Start_DateTime": "2026-03-02T13:00:00+01:00", "What_Id": {"id": "7", "name": "Big"}, "$se_module": None}
    write = an_update(Start_DateTime="2026-03-03T12:00:00+00:00")
    assert respect(write, written(fields=sent), current) == (write, frozenset())


def test_a_field_that_a_person_filled_before_us_is_theirs() -> None:
    left, theirs = respect(an_update(Venue="Room 6"), written(), {"Event_Title": "Demo", "Venue": "Their office"})
    assert (left, theirs) == (None, {"Venue"})


def test_what_was_not_read_is_not_judged() -> None:
    assert respect(an_update(Venue="Room 6"), written(), {})[0] == an_update(Venue="Room 6")


def test_an_update_that_got_through_although_its_answer_was_lost_is_no_persons_change() -> None:
    write = an_update(Event_Title="B")
    assert respect(write, written(), {"Event_Title": "B"}) == (write, frozenset())


def test_links_are_left_whole_when_a_person_linked_it_anew() -> None:
    sent = {"What_Id": {"id": "1"}, "$se_module": "Accounts", "Who_Id": {"id": "5"}}
    write = an_update(What_Id={"id": "2"}, Who_Id={"id": "6"}, **{"$se_module": "Deals"})
    current = {"What_Id": {"id": "9"}, "Who_Id": {"id": "5"}}
    assert respect(write, written(fields=sent), current) == (None, frozenset({"What_Id"}))


def test_an_untouched_record_is_deleted() -> None:
    assert respect(A_DELETE, written(), {"Event_Title": "Demo"}) == (A_DELETE, frozenset())


def test_a_touched_meeting_is_marked_instead_of_deleted() -> None:
    row = written(fields={"Event_Title": "Demo", "Venue": "Room 5"})
    left, theirs = respect(A_DELETE, row, {"Event_Title": "Demo", "Venue": "Their office"})
    assert left is not None
    assert (left.op, left.fields, theirs) == (Op.UPDATE, {"Event_Title": "Cancelled: Demo"}, {"Venue"})
    assert respect(A_DELETE, row, {"Event_Title": "Ours", "Venue": "Room 5"}) == (None, frozenset({"Event_Title"}))


def test_a_touched_task_is_not_deleted() -> None:
    delete = replace(A_DELETE, slot="task:a", module=Module.TASKS)
    row = written("task:a", Module.TASKS, fields={"Subject": "Call back", "Status": "Not Started"})
    current = {"Subject": "Call back", "Status": "Completed"}
    assert respect(delete, row, current) == (None, frozenset({"Status"}))


def test_beside_a_record_that_is_gone_there_is_nothing_to_do() -> None:
    assert respect(an_update(Event_Title="B"), written(), None) == (None, frozenset())
    assert respect(A_DELETE, written(), None) == (None, frozenset())


def test_a_creation_passes() -> None:
    create = Write(slot="activity", module=Module.EVENTS, op=Op.CREATE, record_key="m-1")
    assert respect(create, None, None) == (create, frozenset())
