"""From a phone field in Zoho to the person of a call: the parts of the product that a number passes on its way."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from activity_sync.model.interactions import Call
from activity_sync.model.records import Module
from activity_sync.model.settings import Settings
from activity_sync.rules.lookups import lookups
from activity_sync.rules.matching import match
from activity_sync.rules.teams import team_of
from activity_sync.store import shadow
from activity_sync.store.database import Database
from activity_sync.zoho.payloads import addressing, to_row
from tests.builders import a_user


def store_contacts(database: Database, contacts: Iterable[dict[str, Any]], settings: Settings) -> None:
    """Keep Zoho's rows of contacts as a refresh does."""
    how = addressing(settings)
    rows = [to_row(Module.CONTACTS, {"Last_Name": row["id"], **row}, how) for row in contacts]
    with database.transaction() as session:
        shadow.save_records(session, rows)


def who_called(database: Database, calls: Sequence[Call], settings: Settings) -> list[set[str]]:
    """For each call the ids of the records that may be the person outside."""
    team = team_of(settings, [a_user()])
    asked = [lookups(call, team, settings) for call in calls]
    with database.reading() as session:
        found = shadow.candidates(session, {lookup for one in asked for lookup in one})
    matches = [match(call, found, team, settings) for call in calls]
    return [{record.id for person in one.people for record in person.records} for one in matches]
