"""Short forms in which most scenes are written."""

from __future__ import annotations

from typing import Any

from activity_sync.simulator.scenes.actions import ImportCall, PutCall, PutMeeting
from activity_sync.simulator.scenes.scene import Expected, Scene

DEAL, ACCOUNT, LEAD, CONTACT = "Deals", "Accounts", "Leads", "Contacts"


def meeting_scene(name: str, meeting: PutMeeting, state: str, **expected: Any) -> Scene:
    """One meeting, put in the first round, and what becomes of it. `expected`: members of `Expected`."""
    return Scene(name=name, script=((1, meeting),), expected=(of_meeting(meeting, state, **expected),))


def of_meeting(meeting: PutMeeting, state: str, **expected: Any) -> Expected:
    """The expectation for a meeting; the title of a private one is never shown."""
    title = None if meeting.visibility in ("private", "confidential") else meeting.title
    told: dict[str, Any] = {"name": meeting.title, "title": title, "at": meeting.at} | expected
    return Expected(kind="meeting", state=state, **told)


def call_scene(name: str, call: PutCall, state: str, **expected: Any) -> Scene:
    """One call, put in the first round, and what becomes of it."""
    return Scene(name=name, script=((1, call),), expected=(of_call(call, state, **expected),))


def of_call(call: PutCall | ImportCall, state: str, **expected: Any) -> Expected:
    """The expectation for a call."""
    told: dict[str, Any] = {"name": call.name, "number": call.number, "at": call.at} | expected
    return Expected(kind="call", state=state, **told)
