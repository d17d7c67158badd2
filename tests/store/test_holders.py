"""Who holds an address, asked of the index alone."""

from __future__ import annotations

from activity_sync.model.records import AddressKind, Module
from activity_sync.store import shadow
from activity_sync.store.database import Database
from activity_sync.store.holders import extensions, holders
from tests.builders import a_contact, a_lead
from tests.store.builders import number, row_of

SWITCHBOARD, MOBILE = "+442079460958", "+447700900123"


def test_all_who_have_one_of_these_numbers_and_nobody_else(database: Database) -> None:
    rows = [
        row_of(a_contact("sam"), number(SWITCHBOARD, "12"), number(MOBILE, field="Mobile")),
        row_of(a_lead("lee"), number(SWITCHBOARD)),
        row_of(a_contact("pat"), number("+442079460111")),
        row_of(a_contact("gone"), number(SWITCHBOARD), gone=True),
    ]
    with database.transaction() as session:
        shadow.save_records(session, rows)
    with database.reading() as session:
        unknown = [f"+44207946{last:04d}" for last in range(2_000, 4_000)]
        found = sorted(holders(session, AddressKind.NUMBER, [SWITCHBOARD, *unknown, MOBILE]))
        assert list(holders(session, AddressKind.EMAIL, [SWITCHBOARD])) == []
        assert list(holders(session, AddressKind.NUMBER, [])) == []
        assert list(holders(session, AddressKind.EMAIL, ["\0", "\ud800@globex.example"])) == []
        narrow = list(extensions(session, AddressKind.NUMBER, [SWITCHBOARD, *unknown, MOBILE]))
    assert found == [
        (SWITCHBOARD, Module.CONTACTS, "sam"),
        (SWITCHBOARD, Module.LEADS, "lee"),
        (MOBILE, Module.CONTACTS, "sam"),
    ]
    assert narrow == [(SWITCHBOARD, "12", Module.CONTACTS, "sam")]
