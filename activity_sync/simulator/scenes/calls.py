"""Calls that reached somebody, or tried to."""

from __future__ import annotations

from activity_sync.simulator.scenes.actions import Ago, At, CommentCall, FinishCall, ImportCall, PutCall
from activity_sync.simulator.scenes.scene import Scene
from activity_sync.simulator.scenes.writing import ACCOUNT, CONTACT, DEAL, LEAD, call_scene, of_call
from activity_sync.simulator.world.cast import ANA, JO, KIM, LEE, MAX, OPS, REPS, SAM
from activity_sync.simulator.world.company import MAIN_LINE

LINES = {rep.email: rep.line for rep in REPS}

_NOTED = PutCall(
    name="Max rings Theo",
    direction="outbound",
    number="+44 7700 900102",
    at=At(-3, "14:07"),
    line=LINES[MAX],
    rep=MAX,
    talk=180,
)
_RUNNING = PutCall(
    name="Kim talks to Ivy",
    direction="outbound",
    number="+44 7700 900103",
    at=Ago(12),
    line=LINES[KIM],
    rep=KIM,
    status="initial",
)
_IMPORTED = ImportCall(
    name="Sam rings Paul from the workshop",
    direction="outbound",
    number="+447700900113",
    at=At(-2, "16:37"),
    line="+442079460105",
    rep=SAM,
    talk=125,
)
_THEOS = {"target": (DEAL, "Brightwater rollout"), "who": "Theo Marsh", "owner": MAX, "type": "Other"}

SCENES: tuple[Scene, ...] = (
    call_scene(
        "A customer rings and somebody answers",
        PutCall(
            name="Nora rings Jo",
            direction="inbound",
            number="+44 7700 900101",
            at=At(-4, "10:07"),
            line=LINES[JO],
            rep=JO,
            talk=288,
        ),
        "logged",
        target=(DEAL, "Brightwater rollout"),
        who="Nora Quill",
        owner=JO,
        type="Other",
    ),
    Scene(
        name="What is noted after the call is added to it",
        script=((1, _NOTED), (2, CommentCall(name="Max rings Theo", text="Wants the quote by Friday", by=MAX))),
        expected=(
            of_call(_NOTED, "logged", **_THEOS),
            of_call(_NOTED, "logged", since=2, holds={"Description": "Wants the quote by Friday"}, **_THEOS),
        ),
    ),
    Scene(
        name="A call that is still running is logged when it is over",
        script=((1, _RUNNING), (2, FinishCall(name="Kim talks to Ivy", talk=300))),
        expected=(
            of_call(_RUNNING, "", row="either", activities=0),
            of_call(
                _RUNNING, "logged", since=2, target=(DEAL, "Cedar north wing"), who="Ivy Lark", owner=KIM, type="Other"
            ),
        ),
    ),
    call_scene(
        "Nobody picks up at a lead's",
        PutCall(
            name="Sam rings Quin",
            direction="outbound",
            number="+44 1632 960700",
            at=At(-2, "11:37"),
            line=LINES[SAM],
            rep=SAM,
        ),
        "logged",
        target=(LEAD, "Quin Ashe"),
        owner=SAM,
        type="Other",
    ),
    call_scene(
        "A contact without an account rings",
        PutCall(
            name="Bea rings Ana",
            direction="inbound",
            number="+44 7700 900111",
            at=At(-3, "17:07"),
            line=LINES[ANA],
            rep=ANA,
            talk=61,
        ),
        "logged",
        target=(CONTACT, "Bea Solo"),
        who="Bea Solo",
        owner=ANA,
        type="Other",
    ),
    call_scene(
        "A switchboard number on several contacts of one account: the account",
        PutCall(
            name="Gale's switchboard",
            direction="inbound",
            number="+44 1632 960500",
            at=At(-2, "10:07"),
            line=LINES[ANA],
            rep=ANA,
            talk=45,
        ),
        "logged",
        target=(ACCOUNT, "Gale Logistics"),
        owner=ANA,
        type="Other",
    ),
    call_scene(
        "A number that two accounts share: nothing is certain, it waits",
        PutCall(
            name="The shared house telephone",
            direction="inbound",
            number="+44 1632 960600",
            at=At(-2, "12:07"),
            line=MAIN_LINE,
            rep=SAM,
            talk=90,
        ),
        "waiting",
    ),
    call_scene(
        "Answered by somebody without an active Zoho user: the default owner",
        PutCall(
            name="Rhys rings Lee",
            direction="inbound",
            number="+44 7700 900106",
            at=At(-4, "12:07"),
            line=LINES[LEE],
            rep=LEE,
            talk=120,
        ),
        "logged",
        target=(ACCOUNT, "Elmstead Bank"),
        who="Rhys Dale",
        owner=OPS,
        type="Other",
    ),
    Scene(
        name="A call from an import file is a call like any other",
        script=((1, _IMPORTED),),
        expected=(
            of_call(_IMPORTED, "logged", target=(DEAL, "Oakley fleet"), who="Paul Sage", owner=SAM, type="Other"),
        ),
    ),
)
