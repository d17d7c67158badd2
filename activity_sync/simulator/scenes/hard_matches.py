"""Unknown, ambiguous and oddly written people."""

from __future__ import annotations

from activity_sync.simulator.scenes.actions import At, PutMeeting
from activity_sync.simulator.scenes.scene import Scene
from activity_sync.simulator.scenes.writing import ACCOUNT, DEAL, meeting_scene
from activity_sync.simulator.world.cast import ANA, JO, KIM, MAX, SAM

SCENES: tuple[Scene, ...] = (
    meeting_scene(
        "An unknown person of a known company: the account, by its web site",
        PutMeeting(title="Juniper introduction", at=At(-2, "13:00"), reps=(MAX,), guests=("jane@juniper.example",)),
        "logged",
        target=(ACCOUNT, "Juniper Media"),
        owner=MAX,
        type="Other",
    ),
    meeting_scene(
        "An unknown person of a company without a web site: the account of all known people there",
        PutMeeting(title="Nettle tasting", at=At(-3, "15:00"), reps=(MAX,), guests=("buyer@nettle-foods.example",)),
        "logged",
        target=(ACCOUNT, "Nettle Foods"),
        owner=MAX,
        type="Other",
    ),
    meeting_scene(
        "A domain that two accounts share matches neither",
        PutMeeting(title="Moorgate first contact", at=At(-1, "10:00"), reps=(KIM,), guests=("tom@moorgate.example",)),
        "unmatched",
    ),
    meeting_scene(
        "Nobody knows the stranger",
        PutMeeting(title="Hello from a stranger", at=At(-3, "09:00"), reps=(SAM,), guests=("wilma@nobody.example",)),
        "unmatched",
    ),
    meeting_scene(
        "A free-mail address says nothing about a company",
        PutMeeting(title="Free-mail stranger", at=At(4, "16:00"), reps=(KIM,), guests=("x.y@gmail.com",)),
        "unmatched",
    ),
    meeting_scene(
        "A person who is lead and contact alike counts as the contact",
        PutMeeting(
            title="Kestrel account review", at=At(-4, "11:00"), reps=(JO,), guests=("otto.frost@kestrel.example",)
        ),
        "logged",
        target=(ACCOUNT, "Kestrel Energy"),
        who="Otto Frost",
        owner=JO,
        type="Other",
    ),
    meeting_scene(
        "Twins at one account: the person is unsure, the account is not",
        PutMeeting(
            title="Larkfield workshop", at=At(-4, "13:00"), reps=(SAM,), guests=("ada.reyes@larkfield.example",)
        ),
        "logged",
        target=(ACCOUNT, "Larkfield Schools"),
        owner=SAM,
        type="Other",
    ),
    meeting_scene(
        "An address that people of two accounts share: nothing is certain, it waits",
        PutMeeting(
            title="Two firms, one mailbox", at=At(-2, "16:00"), reps=(SAM,), guests=("office@two-firms.example",)
        ),
        "waiting",
    ),
    meeting_scene(
        "Dots and tags of a Gmail address do not matter, nor which of its two domains it has",
        PutMeeting(
            title="Penrose by private mail", at=At(-1, "16:00"), reps=(ANA,), guests=("sroe+work@googlemail.com",)
        ),
        "logged",
        target=(DEAL, "Penrose showroom"),
        who="Sal Roe",
        owner=ANA,
        type="Other",
    ),
    meeting_scene(
        "A tag elsewhere is dropped when nobody has the exact address",
        PutMeeting(
            title="Brightwater billing",
            at=At(-3, "16:30"),
            reps=(JO,),
            guests=("nora.quill+billing@brightwater.example",),
        ),
        "logged",
        target=(DEAL, "Brightwater rollout"),
        who="Nora Quill",
        owner=JO,
        type="Other",
    ),
)
