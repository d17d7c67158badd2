"""Who it is with is plain; where it goes follows from that."""

from __future__ import annotations

from activity_sync.simulator.scenes.actions import At, PutMeeting
from activity_sync.simulator.scenes.scene import Scene
from activity_sync.simulator.scenes.writing import ACCOUNT, CONTACT, DEAL, LEAD, meeting_scene
from activity_sync.simulator.world.cast import ANA, JO, KIM, MAX, SAM

NORA = "nora.quill@brightwater.example"

SCENES: tuple[Scene, ...] = (
    meeting_scene(
        "A meeting with a contact goes on the account's open deal, not on the closed one",
        PutMeeting(title="Discovery with Brightwater", at=At(-4, "09:00"), reps=(JO,), guests=(NORA,), notes="Agenda"),
        "logged",
        target=(DEAL, "Brightwater rollout"),
        who="Nora Quill",
        owner=JO,
        type="Discovery",
        tasks=1,
    ),
    meeting_scene(
        "Of two open deals the one with the participant on it is taken",
        PutMeeting(
            title="Cedar south wing walk-through",
            at=At(-3, "10:00"),
            reps=(MAX,),
            lasting=45,
            guests=("omar.finch@cedar-clinics.example",),
        ),
        "logged",
        target=(DEAL, "Cedar south wing"),
        who="Omar Finch",
        owner=MAX,
        type="Demo",
        tasks=1,
    ),
    meeting_scene(
        "Two open deals that nothing tells apart: it goes on the account",
        PutMeeting(
            title="Dunmore planning", at=At(-3, "13:00"), reps=(ANA,), guests=("greta.holm@dunmore-rail.example",)
        ),
        "logged",
        target=(ACCOUNT, "Dunmore Rail"),
        who="Greta Holm",
        owner=ANA,
        type="Other",
    ),
    meeting_scene(
        "Of two open deals the one whose owner was there is taken",
        PutMeeting(
            title="Elmstead product demo",
            at=At(-2, "11:00"),
            reps=(KIM,),
            lasting=60,
            guests=("rhys.dale@elmstead.example",),
        ),
        "logged",
        target=(DEAL, "Elmstead cards"),
        who="Rhys Dale",
        owner=KIM,
        type="Demo",
        tasks=1,
    ),
    meeting_scene(
        "Without an open deal it goes on the account, found here by the contact's second address",
        PutMeeting(title="Fernhill check-in", at=At(-1, "14:00"), reps=(KIM,), guests=("mina@sol.example",)),
        "logged",
        target=(ACCOUNT, "Fernhill Labs"),
        who="Mina Sol",
        owner=KIM,
        type="Other",
    ),
    meeting_scene(
        "A lead alone gets it",
        PutMeeting(
            title="Intro call with Pia", at=At(-2, "15:00"), reps=(KIM,), guests=("pia.north@northwind-studio.example",)
        ),
        "logged",
        target=(LEAD, "Pia North"),
        owner=KIM,
        type="Discovery",
        tasks=1,
    ),
    meeting_scene(
        "A contact without an account gets it alone",
        PutMeeting(title="Coffee with Bea", at=At(-1, "09:30"), reps=(ANA,), guests=("bea.solo@freelance.example",)),
        "logged",
        target=(CONTACT, "Bea Solo"),
        who="Bea Solo",
        owner=ANA,
        type="Other",
    ),
    meeting_scene(
        "A contact beside a lead: the contact's side wins",
        PutMeeting(
            title="Brightwater meets Northwind",
            at=At(-2, "09:00"),
            reps=(JO,),
            guests=(NORA, "pia.north@northwind-studio.example"),
            answers={NORA: "tentative"},
        ),
        "logged",
        target=(DEAL, "Brightwater rollout"),
        who="Nora Quill",
        owner=JO,
        type="Other",
        holds={"Description": "Pia North"},
    ),
    meeting_scene(
        "The account with most participants is taken, and its contact who accepted",
        PutMeeting(
            title="Oakley fleet meeting",
            at=At(-1, "11:00"),
            reps=(SAM,),
            guests=("olga.penn@oakley-motors.example", "paul.sage@oakley-motors.example", NORA),
            answers={"olga.penn@oakley-motors.example": "tentative"},
        ),
        "logged",
        target=(DEAL, "Oakley fleet"),
        who="Paul Sage",
        owner=SAM,
        type="Other",
    ),
    meeting_scene(
        "A meeting to come is logged when it is seen; its follow-ups wait until it is over",
        PutMeeting(
            title="Demo for Quarry Stone",
            at=At(2, "10:00"),
            reps=(SAM,),
            lasting=45,
            guests=("quin.ashe@quarry-stone.example",),
        ),
        "logged",
        target=(LEAD, "Quin Ashe"),
        owner=SAM,
        type="Demo",
        tasks=0,
    ),
    meeting_scene(
        "A room and a booking tool beside the customer are not there",
        PutMeeting(
            title="Brightwater in the big room",
            at=At(3, "09:00"),
            reps=(JO,),
            guests=(NORA, "bot@calendly.com"),
            room=True,
        ),
        "logged",
        target=(DEAL, "Brightwater rollout"),
        who="Nora Quill",
        owner=JO,
        type="Other",
    ),
)
