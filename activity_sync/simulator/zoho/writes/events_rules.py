"""What Zoho wants of a meeting: its times, its participants, its invitations, its repetition."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any

from activity_sync.simulator.zoho.refusals import BAD_ID, Fault, Place, Row
from activity_sync.simulator.zoho.world import World
from activity_sync.simulator.zoho.writes.writing import Writing

MOST_PARTICIPANTS = 50
_MOST_OCCURRENCES = 100
_MODULES = {"contact": "Contacts", "lead": "Leads"}
_STEPS = {"DAILY": timedelta(days=1), "WEEKLY": timedelta(weeks=1)}


def check_event(world: World, changes: Row, before: Row | None, place: Place) -> list[Fault]:
    """The faults of a written meeting; `before` is None for a new one."""
    after = {**(before or {}), **changes}
    start, end = after.get("Start_DateTime"), after.get("End_DateTime")
    faults = []
    if start is not None and end is not None and (end < start or (end == start and not after.get("All_day"))):
        faults.append(place.invalid("End_DateTime", "the end must lie after the start"))
    people = changes.get("Participants") or []
    if len(people) > MOST_PARTICIPANTS:
        text = "Only 50 participants can be added to an event."
        faults.append(place.fault("LIMIT_EXCEEDED", "Participants", text, limit=MOST_PARTICIPANTS))
        return faults
    for index, person in enumerate(people):
        faults += _check_participant(world, person, Place(f"{place.path}.Participants[{index}]"))
    if changes.get("Recurring_Activity") and not after.get("Remind_At"):
        faults.append(place.missing("Remind_At"))
    return faults


def _check_participant(world: World, person: Any, place: Place) -> list[Fault]:
    if not isinstance(person, dict):
        return [place.invalid("type", expected_data_type="jsonobject")]
    kind, who = person.get("type"), person.get("participant")
    if kind in _MODULES:
        return [] if world.live(_MODULES[kind], who) else [place.invalid("participant", BAD_ID)]
    if kind == "user":
        return [] if who in world.users else [place.invalid("participant", BAD_ID)]
    if kind == "email":
        return [] if "@" in str(person.get("Email") or who or "") else [place.invalid("participant")]
    return [place.invalid("type", supported_values=["contact", "lead", "user", "email"])]


def derive_event(world: World, row: Row) -> Row:
    """The row with its participants as they are read back, and its all-day times."""
    people = [_read_back(world, person) for person in row.get("Participants") or []]
    row = {**row, "Participants": people}
    if row.get("All_day") and world.switches.all_day_times == "midnight":
        row |= _whole_days(world, row["Start_DateTime"], row["End_DateTime"])
    return row


def _whole_days(world: World, start: datetime, end: datetime) -> Row:
    first, last = start.astimezone(world.zone).date(), end.astimezone(world.zone).date()
    return {
        "Start_DateTime": datetime.combine(first, time(), world.zone).astimezone(UTC),
        "End_DateTime": datetime.combine(last, time(23, 59), world.zone).astimezone(UTC),
    }


def _read_back(world: World, person: Row) -> Row:
    if "id" in person:
        return person
    kind, who = person["type"], str(person.get("participant") or person.get("Email"))
    source: Row = world.users.get(who) or world.live(_MODULES.get(kind, ""), who) or {}
    email = source.get("email") or source.get("Email") or person.get("Email") or (who if kind == "email" else None)
    name = world.user_name(who) if kind == "user" else source.get("Full_Name") or email
    kept = {"participant": who, "type": kind, "status": "not_known", "invited": False}
    return {"name": name, "Email": email, "id": world.new_id(), **kept}


def invite(writing: Writing, row: Row, data: Row) -> Row:
    """Mail the participants unless the request forbids it; the row with who was invited."""
    switches = writing.world.switches
    wanted = data.get(switches.notification_key, switches.invites_by_default)
    if not wanted or not row.get("Participants"):
        return row
    for person in row["Participants"]:
        writing.mail("invitation", person["Email"] or person["participant"], row["id"])
    return {**row, "Participants": [{**person, "invited": True} for person in row["Participants"]]}


def occurrences(world: World, row: Row) -> list[Row]:
    """The meetings of a repetition: one row each, times moved; a single meeting is itself."""
    rule = (row.get("Recurring_Activity") or {}).get("RRULE")
    if not rule:
        return [row]
    parts = dict(part.split("=", 1) for part in rule.split(";") if "=" in part)
    step = _STEPS.get(parts.get("FREQ", ""), timedelta(days=30)) * int(parts.get("INTERVAL", "1"))
    until = datetime.fromisoformat(parts["UNTIL"]).date() if "UNTIL" in parts else None
    most = min(int(parts.get("COUNT", _MOST_OCCURRENCES)), _MOST_OCCURRENCES)
    rows: list[Row] = []
    for number in range(most):
        start = row["Start_DateTime"] + step * number
        if until and start.astimezone(world.zone).date() > until:
            break
        length = row["End_DateTime"] - row["Start_DateTime"]
        rows.append({**row, "Start_DateTime": start, "End_DateTime": start + length})
    return rows or [row]
