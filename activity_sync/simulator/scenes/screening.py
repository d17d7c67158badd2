"""What is not to be logged, and why."""

from __future__ import annotations

from activity_sync.simulator.scenes.actions import At, CancelMeeting, PutMeeting
from activity_sync.simulator.scenes.scene import Scene
from activity_sync.simulator.scenes.writing import meeting_scene, of_meeting
from activity_sync.simulator.world.cast import ANA, JO, KIM, MAX, SAM

NORA, THEO = "nora.quill@brightwater.example", "theo.marsh@brightwater.example"

_CALLED_OFF = PutMeeting(title="Called off early", at=At(-3, "12:15"), reps=(JO,), guests=(NORA,))
_VANISHED = PutMeeting(title="Gone but for its id", at=At(-3, "12:45"), reps=(JO,), guests=(NORA,))

SCENES: tuple[Scene, ...] = (
    meeting_scene(
        "Only our own people",
        PutMeeting(title="Team stand-up", at=At(-4, "08:45"), reps=(JO, MAX, SAM), lasting=15, room=True),
        "screened",
        reason="our own",
    ),
    meeting_scene(
        "Nobody but oneself",
        PutMeeting(title="Solo planning", at=At(1, "08:15"), reps=(ANA,)),
        "screened",
        reason="our own",
    ),
    meeting_scene(
        "A private meeting",
        PutMeeting(
            title="Medical matters",
            at=At(-2, "17:15"),
            reps=(JO,),
            guests=(NORA,),
            visibility="private",
            notes="Secret",
        ),
        "screened",
        reason="private",
    ),
    meeting_scene(
        "A confidential one is private too",
        PutMeeting(title="Merger talks", at=At(4, "17:45"), reps=(KIM,), guests=(THEO,), visibility="confidential"),
        "screened",
        reason="private",
    ),
    meeting_scene(
        "All of ours declined",
        PutMeeting(
            title="Nobody of us goes",
            at=At(-1, "15:15"),
            reps=(JO, MAX),
            guests=(THEO,),
            organizer=THEO,
            answers={JO: "declined", MAX: "declined"},
        ),
        "screened",
        reason="declined",
    ),
    Scene(
        name="Cancelled before it was ever logged",
        script=((1, _CALLED_OFF), (1, CancelMeeting(name="Called off early", stub=False))),
        expected=(of_meeting(_CALLED_OFF, "screened", reason="cancelled"),),
    ),
    Scene(
        name="Cancelled before it was ever seen, with nothing left but its id",
        script=((1, _VANISHED), (1, CancelMeeting(name="Gone but for its id"))),
        expected=(of_meeting(_VANISHED, "screened", row="none"),),
    ),
    meeting_scene(
        "All day",
        PutMeeting(title="Trade fair", at=At(2, "00:00"), reps=(MAX,), guests=(THEO,), all_day=True),
        "screened",
        reason="all-day",
    ),
    meeting_scene(
        "Out of office",
        PutMeeting(title="On holiday", at=At(1, "09:05"), reps=(SAM,), lasting=480, kind="outOfOffice"),
        "screened",
        row="either",
        reason="out of office",
    ),
    meeting_scene(
        "The word [nolog] in the title",
        PutMeeting(title="Chat with Nora [nolog]", at=At(-2, "12:30"), reps=(JO,), guests=(NORA,)),
        "screened",
        reason="[nolog]",
    ),
    meeting_scene(
        "The word [nolog] in the text",
        PutMeeting(title="Quiet chat", at=At(3, "12:30"), reps=(SAM,), guests=(THEO,), notes="Between us. [NoLog]"),
        "screened",
        reason="[nolog]",
    ),
    meeting_scene(
        "A title on the never list",
        PutMeeting(title="Lunch with Theo", at=At(-1, "12:00"), reps=(JO,), guests=(THEO,), lasting=60),
        "screened",
        reason="lunch",
    ),
    meeting_scene(
        "An event without an end cannot be read; it fails alone",
        PutMeeting(title="Broken event", at=At(2, "15:35"), reps=(ANA,), guests=(THEO,), lasting=None),
        "failed",
        row="none",
    ),
)
