"""What was logged in the first round and changes in the second."""

from __future__ import annotations

from activity_sync.simulator.scenes.actions import (
    Answer,
    At,
    CancelMeeting,
    DeleteInZoho,
    EditInZoho,
    MoveMeeting,
    PutMeeting,
    PutSeries,
    RenameMeeting,
)
from activity_sync.simulator.scenes.scene import Expected, Scene
from activity_sync.simulator.scenes.writing import ACCOUNT, DEAL, of_meeting
from activity_sync.simulator.world.cast import ANA, JO, KIM, MAX, SAM

THEO, MINA = "theo.marsh@brightwater.example", "mina.sol@fernhill.example"
_MINAS = {"target": (ACCOUNT, "Fernhill Labs"), "who": "Mina Sol", "owner": KIM, "type": "Other"}
_MOVED = PutMeeting(title="Fernhill next steps", at=At(2, "11:15"), reps=(KIM,), guests=(MINA,))
_CANCELLED = PutMeeting(
    title="Oakley price talk", at=At(3, "14:10"), reps=(SAM,), guests=("paul.sage@oakley-motors.example",)
)
_RENAMED = PutMeeting(title="Penrose layout", at=At(4, "10:20"), reps=(ANA,), guests=("s.roe@gmail.com",))
_EDITED = PutMeeting(title="Fernhill contract", at=At(3, "16:05"), reps=(KIM,), guests=(MINA,))
_DELETED = PutMeeting(title="Fernhill archive visit", at=At(5, "09:40"), reps=(KIM,), guests=(MINA,))
_LEFT = PutMeeting(title="Theo and two of us", at=At(6, "10:25"), reps=(JO, MAX), guests=(THEO,), organizer=THEO)
_ADDED = PutMeeting(
    title="Written down later", at=At(-1, "17:25"), reps=(MAX,), guests=("ivy.lark@cedar-clinics.example",)
)
_WEEKLY = PutSeries(
    title="Cedar weekly",
    starts=(At(-2, "10:35"), At(3, "10:35"), At(8, "10:35")),
    reps=(MAX,),
    guests=("ivy.lark@cedar-clinics.example",),
)


def _weekly(number: int, at: At, since: int = 1, activities: int = -1) -> Expected:
    return Expected(
        name=f"Cedar weekly #{number}",
        kind="meeting",
        at=at,
        title="Cedar weekly",
        state="logged",
        since=since,
        target=(DEAL, "Cedar north wing"),
        who="Ivy Lark",
        owner=MAX,
        type="Other",
        activities=activities,
    )


SCENES: tuple[Scene, ...] = (
    Scene(
        name="A meeting that moves is updated in place",
        script=((1, _MOVED), (2, MoveMeeting(name="Fernhill next steps", to=At(4, "12:05")))),
        expected=(
            of_meeting(_MOVED, "logged", **_MINAS),
            of_meeting(_MOVED, "logged", since=2, **_MINAS | {"at": At(4, "12:05")}),
        ),
    ),
    Scene(
        name="A meeting that is cancelled before its start goes away again",
        script=((1, _CANCELLED), (2, CancelMeeting(name="Oakley price talk"))),
        expected=(
            of_meeting(_CANCELLED, "logged", target=(DEAL, "Oakley fleet"), who="Paul Sage", owner=SAM, type="Other"),
            of_meeting(_CANCELLED, "", since=2, activities=0),
        ),
    ),
    Scene(
        name="A new title in the calendar is a new title in Zoho",
        script=((1, _RENAMED), (2, RenameMeeting(name="Penrose layout", title="Penrose layout and prices"))),
        expected=tuple(
            of_meeting(
                _RENAMED,
                "logged",
                since=since,
                title=title,
                holds={"Event_Title": title},
                target=(DEAL, "Penrose showroom"),
                who="Sal Roe",
                owner=ANA,
                type="Other",
            )
            for since, title in ((1, "Penrose layout"), (2, "Penrose layout and prices"))
        ),
    ),
    Scene(
        name="What a person wrote in Zoho stays when the meeting moves",
        script=(
            (1, _EDITED),
            (
                2,
                EditInZoho(module="Events", subject="Fernhill contract", fields={"Event_Title": "Signing day"}, by=SAM),
            ),
            (2, MoveMeeting(name="Fernhill contract", to=At(5, "16:15"))),
        ),
        expected=(
            of_meeting(_EDITED, "logged", **_MINAS),
            of_meeting(
                _EDITED, "logged", since=2, holds={"Event_Title": "Signing day"}, **_MINAS | {"at": At(5, "16:15")}
            ),
        ),
    ),
    Scene(
        name="What a person deleted in Zoho is not made again",
        script=(
            (1, _DELETED),
            (2, DeleteInZoho(module="Events", subject="Fernhill archive visit", by=KIM)),
            (2, MoveMeeting(name="Fernhill archive visit", to=At(6, "09:50"))),
        ),
        expected=(
            of_meeting(_DELETED, "logged", **_MINAS),
            of_meeting(_DELETED, "", since=2, at=At(6, "09:50"), activities=0),
        ),
    ),
    Scene(
        name="The one whose name it stood under declines: a colleague takes it over",
        script=((1, _LEFT), (2, Answer(name="Theo and two of us", who=JO, answer="declined"))),
        expected=tuple(
            of_meeting(
                _LEFT,
                "logged",
                since=since,
                owner=owner,
                target=(DEAL, "Brightwater rollout"),
                who="Theo Marsh",
                type="Other",
            )
            for since, owner in ((1, JO), (2, MAX))
        ),
    ),
    Scene(
        name="A meeting written into the calendar after it was held",
        script=((2, _ADDED),),
        expected=(
            of_meeting(
                _ADDED, "logged", since=2, target=(DEAL, "Cedar north wing"), who="Ivy Lark", owner=MAX, type="Other"
            ),
        ),
    ),
    Scene(
        name="A series: each time is a meeting of its own, one moved, one cancelled",
        script=(
            (1, _WEEKLY),
            (1, MoveMeeting(name="Cedar weekly #2", to=At(4, "10:45"))),
            (2, CancelMeeting(name="Cedar weekly #3")),
        ),
        expected=(
            _weekly(1, At(-2, "10:35")),
            _weekly(2, At(4, "10:45")),
            _weekly(3, At(8, "10:35")),
            Expected(
                name="Cedar weekly #3",
                kind="meeting",
                at=At(8, "10:35"),
                title="Cedar weekly",
                state="",
                since=2,
                activities=0,
            ),
        ),
    ),
)
