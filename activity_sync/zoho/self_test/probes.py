"""What the self-test tries, one open point of zoho.md 11 each."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from activity_sync.model.failures import ConnectionFailure
from activity_sync.model.learned import Finding, Learned
from activity_sync.model.records import ACTIVITIES, Module
from activity_sync.zoho import composite
from activity_sync.zoho.client import ScopeMissing
from activity_sync.zoho.composite import Part
from activity_sync.zoho.coql import Query, quoted
from activity_sync.zoho.payloads import moment_of
from activity_sync.zoho.refusals import ZohoRefused
from activity_sync.zoho.self_test.records import MARKER, TITLES, Bench, Made

STATUS_KEYS = ("Outgoing_Call_Status", "Outbound_Call_Status", "Call_Status")
_SHORT, _LONG = ("01:30", 90), ("01:00:30", 3630)


@dataclass(slots=True)
class Trial:
    """The records so far and what they taught. `keys`: the key that each module's first record bears."""

    bench: Bench
    key_field: str
    learned: Learned
    lead: str = ""
    event: str = ""
    keys: dict[Module, str] = field(default_factory=dict)

    def learn(self, **lessons: Any) -> None:
        """Something is known now."""
        self.learned = replace(self.learned, **lessons)

    def keyed(self, module: Module) -> dict[str, str]:
        """The key for the first record of a module; nothing where the org has no key field."""
        if not self.key_field or module not in self.bench.org.key_field:
            return {}
        self.keys[module] = f"self-test/{secrets.token_hex(8)}"
        return {self.key_field: self.keys[module]}

    def on_lead(self) -> dict[str, Any]:
        """The link to the lead."""
        return {"What_Id": {"id": self.lead}, "$se_module": "Leads"} if self.lead else {}

    def start(self) -> datetime:
        """When the activities took place: an hour ago, in whole minutes."""
        return self.bench.now.astimezone(UTC).replace(second=0, microsecond=0) - timedelta(hours=1)


Findings = Iterator[Finding]


def a_lead(trial: Trial) -> Findings:
    """A lead for the activities to stand on. Its address belongs to nobody."""
    (made,) = trial.bench.make(Module.LEADS, {"Company": MARKER, "Email": "self-test@activity-sync.example"})
    trial.lead = made.id
    yield _done("lead", made, "a lead can be written")


def a_meeting(trial: Trial) -> Findings:
    """Whether a lead can carry a meeting; if not, whether it can be a participant without being invited."""
    fields = {**_times(trial), **trial.keyed(Module.EVENTS)}
    (made,) = trial.bench.make(Module.EVENTS, {**fields, **trial.on_lead()})
    carried = bool(made.id) and (not trial.lead or _parent(trial, Module.EVENTS, made.id) == trial.lead)
    if trial.lead and (carried or not made.id):
        refused = made.refused_about("What_Id", "$se_module")
        if made.id or refused:
            trial.learn(events_take_leads=carried)
    elif trial.lead:
        trial.learn(events_take_leads=False)
    if not made.id:
        (made,) = trial.bench.make(Module.EVENTS, fields)
    trial.event = made.id
    yield _done("meeting", made, "a meeting can be written")
    if made.id and trial.lead:
        yield _of_leads(trial)


def _of_leads(trial: Trial) -> Finding:
    if trial.learned.events_take_leads:
        return Finding(name="meetings on leads", detail="a lead can carry a meeting")
    person = {"Participants": [{"type": "lead", "participant": trial.lead}]}
    changed = trial.bench.change(Module.EVENTS, trial.event, person)
    people = _value(trial, Module.EVENTS, trial.event, "Participants") if changed.id else None
    quiet = isinstance(people, list) and bool(people) and all(one.get("invited") is False for one in people)
    trial.learn(quiet_participants=quiet)
    instead = "it becomes a participant, who is not invited" if quiet else "it is named in the description"
    return Finding(name="meetings on leads", detail=f"a lead cannot carry a meeting here: {instead}")


def times(trial: Trial) -> Findings:
    """Milliseconds and `Z` in times. We write neither; that they are taken is good to know."""
    if not trial.event:
        return
    start = trial.start()
    forms = {"milliseconds": f"{start:%Y-%m-%dT%H:%M:%S}.000+00:00", "zulu": f"{start:%Y-%m-%dT%H:%M:%S}Z"}
    for name, text in forms.items():
        changed = trial.bench.change(Module.EVENTS, trial.event, {**_times(trial), "Start_DateTime": text})
        trial.learn(**{name: bool(changed.id)})
    there = moment_of(_value(trial, Module.EVENTS, trial.event, "Start_DateTime"))
    words = [f"{what} {'taken' if known else 'refused'}" for what, known in
             (("milliseconds", trial.learned.milliseconds), ("Z", trial.learned.zulu))]  # fmt: skip
    yield Finding(name="times", detail=f"{', '.join(words)}; we write neither", ok=there == start)


def calls(trial: Trial) -> Findings:
    """The unit of Call_Duration, and the name of the field for a call's status."""
    names = _status_names(trial)
    common = {"Call_Start_Time": _text(trial.start()), **trial.on_lead()}
    short = {"Call_Type": "Outbound", "Call_Duration": _SHORT[0], names[0]: "Completed", **common}
    long = {"Call_Type": "Inbound", "Call_Duration": _LONG[0], **common}
    made, longer = trial.bench.make(Module.CALLS, {**short, **trial.keyed(Module.CALLS)}, long)
    worked = names[0]
    if not made.id and made.refused_about(names[0]):
        worked = names[1]
        (made,) = trial.bench.make(Module.CALLS, {**_without(short, names[0]), worked: "Completed"})
    yield _done("call", made, "a call can be written")
    if not made.id:
        return
    columns = ("Call_Duration_in_seconds", *STATUS_KEYS)
    rows = trial.bench.read(Module.CALLS, [one.id for one in (made, longer) if one.id], *columns)
    yield _of_durations(trial, rows.get(made.id, {}), rows.get(longer.id, {}))
    yield _of_status(trial, short, worked, rows.get(made.id, {}))


def _of_durations(trial: Trial, short: Mapping[str, Any], long: Mapping[str, Any]) -> Finding:
    seconds, further = _seconds(short), _seconds(long)
    if seconds not in (_SHORT[1], _SHORT[1] * 60):
        return Finding(
            name="call duration", detail="Zoho does not show the seconds of a call: mm:ss is assumed", ok=False
        )
    unit = "mm:ss" if seconds == _SHORT[1] else "HH:mm"
    trial.learn(duration_unit=unit, long_durations=further == _LONG[1])
    more = "hh:mm:ss too" if trial.learned.long_durations else "hh:mm:ss is not understood"
    return Finding(name="call duration", detail=f"read as {unit}; {more}")


def _of_status(trial: Trial, fields: Mapping[str, Any], worked: str, row: Mapping[str, Any]) -> Finding:
    """The name under which a status was kept; if it was not, the other names are tried on calls of their own."""
    if _kept(row, worked):
        trial.learn(call_status_key=worked)
        return Finding(name="call status", detail=f"the field is {worked}")
    plain = _without(fields, worked)
    for name in (one for one in _status_names(trial) if one != worked):
        (made,) = trial.bench.make(Module.CALLS, {**plain, name: "Completed"})
        back = trial.bench.read(Module.CALLS, [made.id], *STATUS_KEYS).get(made.id, {}) if made.id else {}
        if _kept(back, name):
            trial.learn(call_status_key=name)
            return Finding(name="call status", detail=f"the field is {name}")
    detail = "no field for a call's status takes Completed: calls are written without"
    return Finding(name="call status", detail=detail, ok=False)


def _kept(row: Mapping[str, Any], name: str) -> bool:
    """Under this name, or under the one that Zoho reads it back as."""
    return any(row.get(one) == "Completed" for one in (name, *STATUS_KEYS))


def a_task(trial: Trial) -> Findings:
    """Whether a task with a reminder can be written."""
    alarm = f"FREQ=NONE;ACTION=POPUP;TRIGGER=DATE-TIME:{_text(trial.start() + timedelta(days=2))}"
    day = (trial.start() + timedelta(days=2)).strftime("%Y-%m-%d")
    fields = {"Due_Date": day, "Remind_At": {"ALARM": alarm}, **trial.on_lead(), **trial.keyed(Module.TASKS)}
    (made,) = trial.bench.make(Module.TASKS, fields)
    yield _done("task", made, "a task with a reminder can be written")


def key_field(trial: Trial) -> Findings:
    """Whether a key that is there is refused, and free again once its record is deleted."""
    unique = [module for module in ACTIVITIES if module in trial.keys and module in trial.bench.org.key_unique]
    lax = [module for module in unique if not _refuses_twin(trial, module)]
    trial.learn(keys_not_enforced=frozenset(lax))
    if lax:
        detail = f"the same key is taken twice in {', '.join(lax)}: uncertain writes there are looked for first"
        yield Finding(name="key field", detail=detail, ok=False, hint="Mark the field as unique in Zoho's setup.")
    elif unique:
        yield Finding(name="key field", detail=f"a second record of the same key is refused in {', '.join(unique)}")
    if Module.EVENTS in unique and trial.event:
        trial.bench.remove(Module.EVENTS, [trial.event])
        free = bool(_twin(trial, Module.EVENTS).id)
        trial.learn(key_free_again=free)
        said = "is free again" if free else "stays taken"
        yield Finding(name="deleted keys", detail=f"the key of a deleted record {said}; we never use one twice")


def _refuses_twin(trial: Trial, module: Module) -> bool:
    twin = _twin(trial, module)
    return not twin.id and twin.refused_about(trial.key_field)


def _twin(trial: Trial, module: Module) -> Made:
    """Another record with the key of the first."""
    fields: dict[Module, dict[str, Any]] = {
        Module.EVENTS: _times(trial),
        Module.CALLS: {"Call_Type": "Inbound", "Call_Start_Time": _text(trial.start()), "Call_Duration": "01:30"},
        Module.TASKS: {"Due_Date": trial.start().strftime("%Y-%m-%d")},
    }
    (made,) = trial.bench.make(module, {**fields[module], trial.key_field: trial.keys[module]})
    return made


def together(trial: Trial) -> Findings:
    """Whether a Composite carries writes beside a query that finds nothing, and the record arrives whole."""
    name, day = "Composites", trial.start().strftime("%Y-%m-%d")
    nothing = Query(module=Module.TASKS, columns=("id",), where=f"Subject = {quoted(MARKER + ' of nobody')}", limit=1)
    sent = trial.bench.whole(Module.TASKS, {"Due_Date": day, "Description": MARKER})
    parts = [
        Part(name="nothing", method="POST", path="/coql", body=nothing.body()),
        Part(name="task", method="POST", path=f"/{Module.TASKS}", body={"data": [sent], "trigger": []}),
    ]
    try:
        answers = composite.send(trial.bench.client, parts, "self-test", purpose="checking", writes=True)
    except (ZohoRefused, ScopeMissing) as refused:
        trial.learn(composite_writes=False)
        yield Finding(name=name, detail=f"{refused.why}: writes go one kind at a time")
        return
    record_id = _id_of(answers)
    if record_id:
        trial.bench.note(Module.TASKS, record_id)
    whole = bool(record_id) and _value(trial, Module.TASKS, record_id, "Due_Date", "Description") == day
    trial.learn(composite_writes=whole)
    yield Finding(name=name, detail="carry writes" if whole else "drop writes: these go one kind at a time")


def _id_of(answers: list[composite.PartAnswer] | None) -> str:
    if answers is None or not answers[1].is_good:
        return ""
    rows = answers[1].body.get("data") if isinstance(answers[1].body, dict) else None
    details = rows[0].get("details") if isinstance(rows, list) and rows and isinstance(rows[0], dict) else None
    return str(details.get("id") or "") if isinstance(details, dict) else ""


PROBES: tuple[Callable[[Trial], Findings], ...] = (a_lead, a_meeting, times, calls, a_task, key_field, together)

# --- values ------------------------------------------------------------------------------------------------------


def _times(trial: Trial) -> dict[str, Any]:
    start = trial.start()
    return {"Start_DateTime": _text(start), "End_DateTime": _text(start + timedelta(minutes=30))}


def _text(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S+00:00")


def _value(trial: Trial, module: Module, record_id: str, *names: str) -> Any:
    """The first of these fields as Zoho holds it."""
    return trial.bench.read(module, [record_id], *names).get(record_id, {}).get(names[0])


def _parent(trial: Trial, module: Module, record_id: str) -> str:
    link = _value(trial, module, record_id, "What_Id", TITLES[module])
    return str(link.get("id") or "") if isinstance(link, Mapping) else ""


def _status_names(trial: Trial) -> list[str]:
    known = trial.bench.org.fields.get(Module.CALLS, {})
    return sorted(STATUS_KEYS, key=lambda name: name not in known)


def _seconds(row: Mapping[str, Any]) -> int | None:
    value = row.get("Call_Duration_in_seconds")
    return int(value) if isinstance(value, int | str) and str(value).isdecimal() else None


def _without(fields: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in fields.items() if key != name}


def _done(name: str, made: Made, said: str) -> Finding:
    if made.id:
        return Finding(name=name, detail=said)
    why = made.fault.words() if made.fault else "Zoho gave no id"
    return Finding(name=name, detail=f"cannot be written: {why}", ok=False, hint="Mend this in Zoho's setup.")


def broken_off(failure: ConnectionFailure) -> Finding:
    """The last finding of a self-test that could not go on."""
    return Finding(name="broken off", detail=failure.why, ok=False, hint=failure.next_step or "Try again later.")
