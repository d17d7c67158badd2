"""A meeting that becomes private: what was stored of it when it was open loses its texts."""

from __future__ import annotations

from sqlmodel import Session, select

from activity_sync.model.interactions import Privacy
from activity_sync.model.writes import RowResult
from activity_sync.store import outbox, privacy, sightings, sync_log
from activity_sync.store.database import Database
from activity_sync.store.tables import Outbox, SyncLog
from tests.builders import NOON, a_copy, at
from tests.store.builders import JO, a_create

MAX = "max@acme.example"
OPEN = a_copy(title="Merger", notes="Secret", location="Vault", conference_url="https://zoom.us/j/1")
SECRET = a_copy(calendar=MAX, title="", privacy=Privacy.PRIVATE)
FIELDS = {
    "Event_Title": "Merger", "Venue": "Vault", "Start_DateTime": "2026-03-09T12:00:00+00:00", "Who_Id": {"id": "7"},
    "All_day": False,
}  # fmt: skip


def an_open_meeting(session: Session) -> None:
    """Seen in Jo's calendar, told in the log, written to Zoho."""
    sightings.save_sightings(session, JO, [OPEN], NOON)
    for text in ("MERGER: on Globex (create meeting)", "nothing to change"):
        sync_log.append(session, NOON, "out", "planned", text, key=OPEN.key)
    sync_log.append(session, NOON, "out", "planned", "Merger: another one", key="m-2")
    outbox.add(session, OPEN.key, [a_create(fields=FIELDS)], 7, NOON)
    (row,) = outbox.claim(session, 10, NOON)
    outbox.settle(session, row.number, RowResult(done=True, id="event-1"), NOON)


def lines(session: Session) -> list[str]:
    return list(session.exec(select(SyncLog.text).order_by(SyncLog.id)))  # type: ignore[arg-type]


def test_a_copy_that_is_private_takes_the_texts_of_the_others_with_it(database: Database) -> None:
    with database.transaction() as session:
        an_open_meeting(session)
        assert privacy.noted(session) == ()
        sightings.save_sightings(session, MAX, [SECRET], at(1))
        assert lines(session) == [privacy.STRUCK, "nothing to change", "Merger: another one"]
        assert privacy.noted(session) == [OPEN.key]
        assert privacy.strike(session, privacy.noted(session), at(2)) == 1
        (jo, _) = sightings.sightings_of(session, OPEN.key)
        assert (jo.title, jo.notes, jo.location, jo.conference_url) == ("", "", "", "")  # type: ignore[union-attr]
        kept = {name: FIELDS[name] for name in ("Start_DateTime", "Who_Id", "All_day")}
        assert session.exec(select(Outbox.fields)).one() == kept | {"Event_Title": "Private meeting"}
        assert sightings.save_sightings(session, JO, [OPEN], at(3)).unchanged == 1  # what is read again stays out
        assert not privacy.noted(session)


def test_a_write_that_is_open_keeps_its_meeting_noted(database: Database) -> None:
    with database.transaction() as session:
        an_open_meeting(session)
        outbox.add(session, OPEN.key, [a_create("task-1", fields={"Subject": "Merger"})], 8, NOON)
        sightings.save_sightings(session, MAX, [SECRET], at(1))
        assert privacy.strike(session, privacy.noted(session), at(2)) == 0
        assert privacy.noted(session) == [OPEN.key]


def test_a_meeting_that_is_open_again_is_read_anew(database: Database) -> None:
    with database.transaction() as session:
        an_open_meeting(session)
        sightings.save_sightings(session, MAX, [SECRET], at(1))
        privacy.strike(session, privacy.noted(session), at(2))
        sightings.save_sightings(session, MAX, [a_copy(calendar=MAX, title="Merger")], at(3))
        assert sightings.save_sightings(session, JO, [OPEN], at(4)).changed == 1
        assert OPEN in sightings.sightings_of(session, OPEN.key)
