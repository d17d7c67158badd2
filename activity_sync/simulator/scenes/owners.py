"""Several of ours in one meeting: one activity, under one of them."""

from __future__ import annotations

from activity_sync.simulator.scenes.actions import At, PutMeeting
from activity_sync.simulator.scenes.scene import Scene
from activity_sync.simulator.scenes.writing import ACCOUNT, DEAL, meeting_scene
from activity_sync.simulator.world.cast import ANA, JO, KIM, LEE, MAX, SAM

THEO, RHYS = "theo.marsh@brightwater.example", "rhys.dale@elmstead.example"

SCENES: tuple[Scene, ...] = (
    meeting_scene(
        "Three of ours in one meeting make one activity, the organiser's",
        PutMeeting(
            title="All of us at Cedar",
            at=At(-4, "15:00"),
            reps=(MAX, JO, SAM),
            lasting=60,
            guests=("ivy.lark@cedar-clinics.example",),
        ),
        "logged",
        target=(DEAL, "Cedar north wing"),
        who="Ivy Lark",
        owner=MAX,
        type="Other",
    ),
    meeting_scene(
        "The customer organises: who accepted comes before who only may",
        PutMeeting(
            title="Invited by Theo",
            at=At(-3, "11:30"),
            reps=(JO, MAX),
            guests=(THEO,),
            organizer=THEO,
            answers={JO: "tentative"},
        ),
        "logged",
        target=(DEAL, "Brightwater rollout"),
        who="Theo Marsh",
        owner=MAX,
        type="Other",
    ),
    meeting_scene(
        "Both accepted: the owner of the record it is on",
        PutMeeting(title="Invited by Rhys", at=At(-2, "14:00"), reps=(KIM, SAM), guests=(RHYS,), organizer=RHYS),
        "logged",
        target=(ACCOUNT, "Elmstead Bank"),
        who="Rhys Dale",
        owner=SAM,
        type="Other",
    ),
    meeting_scene(
        "Nobody stands out: the first by address",
        PutMeeting(
            title="Invited by Greta",
            at=At(-1, "13:00"),
            reps=(MAX, JO),
            organizer="greta.holm@dunmore-rail.example",
            guests=("greta.holm@dunmore-rail.example",),
        ),
        "logged",
        target=(ACCOUNT, "Dunmore Rail"),
        who="Greta Holm",
        owner=JO,
        type="Other",
    ),
    meeting_scene(
        "The organiser has no active Zoho user any more: a colleague who was there",
        PutMeeting(
            title="Lee's last meeting", at=At(-4, "17:00"), reps=(LEE, JO), guests=("nora.quill@brightwater.example",)
        ),
        "logged",
        target=(DEAL, "Brightwater rollout"),
        who="Nora Quill",
        owner=JO,
        type="Other",
    ),
    meeting_scene(
        "One of ours declined: the other has it",
        PutMeeting(
            title="Only Ana goes",
            at=At(5, "11:00"),
            reps=(JO, ANA),
            guests=(THEO,),
            organizer=THEO,
            answers={JO: "declined"},
        ),
        "logged",
        target=(DEAL, "Brightwater rollout"),
        who="Theo Marsh",
        owner=ANA,
        type="Other",
    ),
)
