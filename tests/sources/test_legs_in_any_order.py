"""Legs that show one after the other, in any order, over several readings: one key, and at last the whole call."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations
from typing import Any

import pytest

from activity_sync.model.interactions import Call, CallLeg, Outcome
from activity_sync.rules.joining import join
from tests.sources.dialpad_stage import SALES, DialpadStage
from tests.sources.ringcentral_stage import RingCentralStage
from tests.sources.stage import HOUR, JO, MAX, NOON
from tests.sources.twilio_stage import CALLER, OUR_LINE, TwilioStage
from tests.sources.zoom_phone_stage import ZoomPhoneStage

ORDERS = list(permutations(range(3)))


def played(stage: Any, hidden: dict[str, Any], shown: dict[str, Any], order: tuple[int, ...]) -> Iterator[CallLeg]:
    """Everything read while the hidden records show one by one; a cursor is set back now and then."""
    names, first = list(hidden), ""
    for turn, index in enumerate(order):
        shown[names[index]] = hidden[names[index]]
        changes = stage.read("" if turn == 1 else first, thorough=turn == 1)
        first = changes.cursor
        yield from changes.sightings


def as_stored(sightings: Iterator[CallLeg]) -> Call:
    """What the store would join: the last sighting of each record, all under one key."""
    stored = {leg.record_id: leg for leg in sightings}
    assert len({leg.key for leg in stored.values()}) == 1
    call = join(list(stored.values()))
    assert isinstance(call, Call)
    return call


@pytest.mark.parametrize("order", ORDERS)
def test_twilios_legs(order: tuple[int, ...]) -> None:
    with TwilioStage().serve() as stage:
        root = stage.leg("inbound", CALLER, OUR_LINE, NOON - HOUR, lasting=300)
        jo = stage.dial(root, "client:jo", after=5, lasting=90)
        stage.dial(jo, "sip:max@acme.sip.twilio.com", after=100, lasting=190)
        shown = stage.simulator.calls
        hidden = dict(shown)
        shown.clear()
        call = as_stored(played(stage, hidden, shown, order))
    assert (call.outcome, call.direction, call.outside_number) == (Outcome.ANSWERED, "inbound", CALLER)
    assert [(rep.email, rep.talk_seconds) for rep in call.reps] == [(MAX, 190), (JO, 90)]


@pytest.mark.parametrize("order", ORDERS)
def test_ringcentrals_records(order: tuple[int, ...]) -> None:
    with RingCentralStage().serve() as stage:
        queue = stage.queue_call(talk=None)
        session = stage.session(queue)
        stage.call(NOON - HOUR + HOUR / 60, session=session, lasting=90)
        stage.call(NOON - HOUR + HOUR / 30, session=session, extension=stage.max, lasting=190)
        shown = stage.simulator.records
        hidden = dict(shown)
        shown.clear()
        call = as_stored(played(stage, hidden, shown, order))
    assert (call.outcome, call.queue, call.start) == (Outcome.ANSWERED, "Sales", NOON - HOUR)
    assert [(rep.email, rep.talk_seconds) for rep in call.reps] == [(MAX, 190), (JO, 90)]


@pytest.mark.parametrize("order", ORDERS)
def test_dialpads_records(order: tuple[int, ...]) -> None:
    with DialpadStage().serve() as stage:
        entry = stage.call(target=SALES, entry_point_target=SALES, talk=280)
        stage.call(entry_point=entry, talk=90)
        later, target = NOON - HOUR + HOUR / 30, stage.simulator.user_target(stage.max)
        stage.call(later, target=target, entry_point=entry, talk=150, is_transferred=True)
        shown = stage.simulator.calls
        hidden = dict(shown)
        shown.clear()
        call = as_stored(played(stage, hidden, shown, order))
    assert (call.outcome, call.queue, call.start) == (Outcome.ANSWERED, "Sales", NOON - HOUR)
    assert [(rep.email, rep.talk_seconds) for rep in call.reps] == [(MAX, 150), (JO, 90)]


@pytest.mark.parametrize("order", ORDERS)
def test_zooms_records(order: tuple[int, ...]) -> None:
    with ZoomPhoneStage().serve() as stage:
        queue = stage.queue_call(talk=None)
        one = stage.conversation(queue)
        stage.call(NOON - HOUR + HOUR / 60, call_id=one, talk=90)
        stage.call(NOON - HOUR + HOUR / 30, call_id=f"{one}_1", user=stage.max, talk=150)
        shown = stage.simulator.records
        hidden = dict(shown)
        shown.clear()
        call = as_stored(played(stage, hidden, shown, order))
    assert (call.outcome, call.queue, call.start) == (Outcome.ANSWERED, "Sales", NOON - HOUR)
    assert [(rep.email, rep.talk_seconds) for rep in call.reps] == [(MAX, 150), (JO, 90)]
