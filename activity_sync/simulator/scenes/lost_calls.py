"""Missed calls, and calls that are nobody's business or nobody's number."""

from __future__ import annotations

from activity_sync.simulator.scenes.actions import At, ImportCall, PutCall
from activity_sync.simulator.scenes.calls import LINES
from activity_sync.simulator.scenes.scene import Scene
from activity_sync.simulator.scenes.writing import ACCOUNT, DEAL, LEAD, call_scene, of_call
from activity_sync.simulator.world.cast import ANA, JO, KIM, MAX, SAM
from activity_sync.simulator.world.company import MAIN_LINE

_MISSED = "Missed customer call"
_EXTENSIONS = ImportCall(
    name="Max rings Sam within the house",
    direction="internal",
    number="201",
    at=At(-1, "16:37"),
    line="202",
    rep=MAX,
    talk=30,
)

SCENES: tuple[Scene, ...] = (
    call_scene(
        "Missed on a rep's line: that rep is to call back",
        PutCall(
            name="Olga misses Sam",
            direction="inbound",
            number="+44 7700 900112",
            at=At(-1, "10:37"),
            line=LINES[SAM],
            missed="agents_did_not_answer",
        ),
        "logged",
        target=(DEAL, "Oakley fleet"),
        who="Olga Penn",
        owner=SAM,
        type=_MISSED,
        tasks=1,
    ),
    call_scene(
        "Missed on the main line: the owner of the record is to call back",
        PutCall(
            name="Mina misses everybody",
            direction="inbound",
            number="+44 7700 900107",
            at=At(-2, "08:37"),
            line=MAIN_LINE,
            missed="no_available_agent",
        ),
        "logged",
        target=(ACCOUNT, "Fernhill Labs"),
        who="Mina Sol",
        owner=KIM,
        type=_MISSED,
        tasks=1,
    ),
    call_scene(
        "A voicemail counts as missed",
        PutCall(
            name="Rosa leaves a message",
            direction="inbound",
            number="+44 7700 900121",
            at=At(-1, "18:07"),
            line=LINES[ANA],
            missed="out_of_opening_hours",
            voicemail=True,
        ),
        "logged",
        target=(LEAD, "Rosa Lind"),
        owner=ANA,
        type=_MISSED,
        tasks=1,
    ),
    call_scene(
        "A withheld number",
        PutCall(
            name="Somebody unnamed",
            direction="inbound",
            number="anonymous",
            at=At(-3, "08:37"),
            line=MAIN_LINE,
            rep=JO,
            talk=30,
        ),
        "screened",
        reason="withheld",
    ),
    call_scene(
        "A short number that the config names is an extension of ours",
        PutCall(
            name="From desk 201",
            direction="inbound",
            number="201",
            at=At(-3, "09:37"),
            line=LINES[MAX],
            rep=MAX,
            talk=30,
        ),
        "screened",
        reason="internal",
    ),
    call_scene(
        "Any other short number matches nobody",
        PutCall(
            name="A short code",
            direction="inbound",
            number="60500",
            at=At(-2, "09:37"),
            line=LINES[MAX],
            rep=MAX,
            talk=30,
        ),
        "unmatched",
    ),
    Scene(
        name="From one of our extensions to another",
        script=((1, _EXTENSIONS),),
        expected=(of_call(_EXTENSIONS, "screened", reason="internal"),),
    ),
    call_scene(
        "A call from one of our own lines",
        PutCall(
            name="Sam rings Jo",
            direction="inbound",
            number=LINES[SAM],
            at=At(-1, "09:07"),
            line=LINES[JO],
            rep=JO,
            talk=70,
        ),
        "screened",
        reason="internal",
    ),
    call_scene(
        "A number that nobody has",
        PutCall(
            name="An unknown number",
            direction="inbound",
            number="+44 7700 900999",
            at=At(-4, "16:07"),
            line=LINES[KIM],
            rep=KIM,
            talk=200,
        ),
        "unmatched",
    ),
    call_scene(
        "A number that is no number",
        PutCall(
            name="No number at all",
            direction="inbound",
            number="Konferenz B",
            at=At(-1, "14:37"),
            line=MAIN_LINE,
            rep=MAX,
            talk=20,
        ),
        "unmatched",
    ),
)
