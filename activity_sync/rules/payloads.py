"""How a meeting, a call and a task are spelled in Zoho's Events, Calls and Tasks (zoho.md 4, dialers.md 18).

Nothing here sends mail: no `Participants` unless the self-test proved that they are not invited, no
`$send_notification`, `Send_Notification_Email` always false.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from activity_sync.model.decisions import Target
from activity_sync.model.interactions import Call, Direction, Meeting, Outcome
from activity_sync.model.learned import NOTHING_YET, Learned
from activity_sync.model.records import FieldFacts, Module, OrgFacts, User
from activity_sync.model.team import Team
from activity_sync.rules.texts import comparable, one_line, several_lines
from activity_sync.rules.values import LINES_LENGTH, TEXT_LENGTH, instant, picklist_value

TITLES = {Module.EVENTS: "Event_Title", Module.CALLS: "Subject", Module.TASKS: "Subject"}
"""The field that holds an activity's title, by module."""

_CALL_STATUS = ("Outgoing_Call_Status", "Outbound_Call_Status", "Call_Status")


def field_facts(org: OrgFacts, module: Module, name: str) -> FieldFacts | None:
    """What the org's metadata says of a field; None when there is no such field, or no metadata."""
    return org.fields.get(module, {}).get(name)


def room(org: OrgFacts, module: Module, name: str) -> int:
    """How many characters a text field takes."""
    fields = org.fields.get(module)
    facts = fields.get(name) if fields else None
    return (facts.length if facts else 0) or (LINES_LENGTH if name == "Description" else TEXT_LENGTH)


def links(target: Target, module: Module = Module.TASKS, learned: Learned = NOTHING_YET) -> dict[str, Any]:
    """The links of an activity: a lead only by What_Id, a contact alone only by Who_Id (zoho.md 4.1).

    An org whose meetings take no leads has the lead among the participants, where that is known to invite nobody.
    """
    record, who = target.record, target.who
    if lead_without_link(target, module, learned):
        assert record is not None
        return {"Participants": [{"type": "lead", "participant": record.id}]} if learned.quiet_participants else {}
    if record is not None and record.module is Module.CONTACTS:
        return {"Who_Id": {"id": record.id}}
    parent = {"What_Id": {"id": record.id}, "$se_module": str(record.module)} if record is not None else {}
    if who is None or who.module is not Module.CONTACTS or (record is not None and record.module is Module.LEADS):
        return parent
    return {**parent, "Who_Id": {"id": who.id}}


def lead_without_link(target: Target, module: Module, learned: Learned) -> bool:
    """Whether it should go on a lead and this org does not take a lead there."""
    on_lead = target.record is not None and target.record.module is Module.LEADS
    return on_lead and module is Module.EVENTS and not learned.events_take_leads


def event_fields(meeting: Meeting, title: str, description: str, org: OrgFacts) -> dict[str, Any]:
    """An Event without links and owner. A meeting without length lasts a minute: Zoho wants the end after the start."""
    end = max(meeting.end, meeting.start + timedelta(minutes=1))
    fields: dict[str, Any] = {
        "Event_Title": one_line(title, room(org, Module.EVENTS, "Event_Title")),
        "Start_DateTime": instant(meeting.start),
        "End_DateTime": instant(end),
        "Description": several_lines(description, room(org, Module.EVENTS, "Description")),
    }
    if meeting.all_day:
        fields["All_day"] = True
    if meeting.location.strip():
        fields["Venue"] = one_line(meeting.location, room(org, Module.EVENTS, "Venue"))
    return _filled(fields)


def call_fields(call: Call, title: str, description: str, org: OrgFacts) -> dict[str, Any]:
    """A finished Call without links and owner."""
    kind = call_type(call)
    fields: dict[str, Any] = {
        "Subject": one_line(title, room(org, Module.CALLS, "Subject")),
        "Call_Type": kind,
        "Call_Start_Time": instant(call.start),
        "Description": several_lines(description, room(org, Module.CALLS, "Description")),
    }
    if kind != "Missed":
        fields["Call_Duration"] = duration(call.talk_seconds, org.learned)
    if kind == "Outbound":
        fields |= _completed(org)
    result = _result(call, org)
    return _filled({**fields, "Call_Result": result})


def call_type(call: Call) -> str:
    """Zoho's word for direction and outcome; a voicemail and an unanswered call from outside are Missed."""
    if call.direction is not Direction.INBOUND:
        return "Outbound"
    talked = call.outcome is Outcome.UNKNOWN and call.talk_seconds > 0
    return "Inbound" if call.outcome is Outcome.ANSWERED or talked else "Missed"


def duration(seconds: int, learned: Learned = NOTHING_YET) -> str:
    """`mm:ss`, `hh:mm:ss` from one hour on; at least a second, because Zoho refuses none (zoho.md 4.4).

    An org that reads hours and minutes gets all three parts; if it does not take these, whole minutes begun.
    """
    whole = max(seconds, 1)
    minutes, rest = divmod(whole, 60)
    if learned.long_durations and (minutes >= 60 or learned.duration_unit == "HH:mm"):
        return f"{minutes // 60:02}:{minutes % 60:02}:{rest:02}"
    if learned.duration_unit == "mm:ss":
        return f"{minutes:02}:{rest:02}"
    begun = -(-whole // 60)
    return f"{begun // 60:02}:{begun % 60:02}"


def _completed(org: OrgFacts) -> dict[str, str]:
    known = (name for name in _CALL_STATUS if field_facts(org, Module.CALLS, name))
    name = org.learned.call_status_key or next(known, _CALL_STATUS[0])
    facts = field_facts(org, Module.CALLS, name)
    word = picklist_value("Completed", facts) if facts and facts.picklist else "Completed"
    return {name: word} if word else {}


def _result(call: Call, org: OrgFacts) -> str | None:
    facts = field_facts(org, Module.CALLS, "Call_Result")
    return picklist_value(call.disposition, facts) if facts and call.disposition.strip() else None


def task_fields(
    subject: str, owner: User, due: datetime, due_day: str, reminder: bool, org: OrgFacts
) -> dict[str, Any]:
    """A Task without links, status and priority. `due`: the moment for the reminder; `due_day`: yyyy-MM-dd."""
    fields: dict[str, Any] = {
        "Subject": one_line(subject, room(org, Module.TASKS, "Subject")),
        "Due_Date": due_day,
        "Owner": {"id": owner.id},
        "Send_Notification_Email": False,
    }
    if reminder:
        trigger = instant(due)
        fields["Remind_At"] = {"ALARM": f"FREQ=NONE;ACTION=POPUP;TRIGGER=DATE-TIME:{trigger}"}
    return fields


def call_block(call: Call, text: str, team: Team, *, with_notes: bool) -> str:
    """A call's description: `text` first, then one line for each thing known; what `text` says is not said again."""
    lines = [f"{heading}: {value}" for heading, value in _call_lines(call, team) if value]
    known = comparable(text)
    spoken = [(heading, value) for heading, value in _spoken(call) if with_notes and comparable(value) not in known]
    said = [f"{heading}:\n{value}" for heading, value in spoken]
    return "\n\n".join(piece for piece in (text.strip(), "\n".join(lines), *said) if piece)


def _call_lines(call: Call, team: Team) -> Iterator[tuple[str, str]]:
    talked = f", {duration(call.talk_seconds)}" if call.talk_seconds > 0 else ""
    yield "Outcome", f"{call.outcome.replace('_', ' ')}{talked}"
    number, name = call.outside_number.strip(), call.outside_name.strip()
    yield "Number", f"{number} ({name})" if number and name else number or name
    yield "Line", f"{call.line_name} ({call.line})" if call.line_name and call.line else call.line_name or call.line
    yield "Queue", call.queue
    talkers = [share for share in call.reps if share.talk_seconds > 0]
    yield "Rep", ", ".join(_rep_name(share.email, team) for share in talkers or call.reps)
    yield "Disposition", call.disposition.strip()
    yield "Tags", ", ".join(call.tags)
    yield "Recording", call.recording_url


def _spoken(call: Call) -> Iterator[tuple[str, str]]:
    yield "Notes", "\n".join(note.strip() for note in call.notes if note.strip())
    yield "Summary", call.summary.strip()


def _rep_name(email: str, team: Team) -> str:
    user = team.user(email)
    return (user.full_name if user else "") or email


def _filled(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value not in (None, "")}
