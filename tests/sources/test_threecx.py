"""3CX's lines: columns by header, by config and in their usual order; directions, queues, transfers."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from activity_sync.model.interactions import Direction, Outcome
from activity_sync.rules.joining import join
from activity_sync.simulator.dialers.cdr import LogFile, ThreeCxWriter
from activity_sync.simulator.dialers.cdr.threecx import COLUMNS
from tests.sources.stage import HOUR, JO, MAX, NOON, dialer, span

CALLER, DID = "07700900123", "02079460100"


class Cx:
    """A 3CX, and our source on it."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "cdr.csv"
        self.writer = ThreeCxWriter(LogFile(self.path))
        self.source = self.open()

    def open(self, **more: Any) -> Any:
        extensions = {"101": JO, "102": MAX}
        return dialer(name="cx", kind="threecx", cdr=str(self.path), extensions=extensions, **more)

    def record(self, caller: str, called: str, **more: Any) -> Any:
        return self.writer.record(more.pop("at", NOON - HOUR), caller, called, **more)

    def read(self, *records: Any) -> list[Any]:
        self.writer.write(*records)
        changes = self.source.read("", "", span())
        assert not changes.unreadable
        return list(changes.sightings)

    def leg(self, *told: str, **more: Any) -> Any:
        return self.read(self.record(*told, **more))[-1]


@pytest.fixture
def cx(tmp_path: Path) -> Cx:
    return Cx(tmp_path)


def test_a_customer_is_put_through_to_a_rep(cx: Cx) -> None:
    leg = cx.leg(CALLER, "Ext.101", talk=61, dial_no=DID, from_dispname="Ann Lee", from_dn="10000")
    assert (leg.direction, leg.outcome, leg.talk_seconds) == (Direction.INBOUND, Outcome.ANSWERED, 61)
    assert (leg.outside_number, leg.outside_name, leg.line, leg.started) == (CALLER, "Ann Lee", DID, NOON - HOUR)
    assert [rep.email for rep in leg.reps] == [JO]


@pytest.mark.parametrize(
    ("talk", "reason", "outcome"),
    [
        (30, "dst_participant_terminated", Outcome.ANSWERED),
        (None, "src_participant_terminated", Outcome.NO_ANSWER),
        (None, "dst_is_busy", Outcome.BUSY),
        (None, "failed", Outcome.FAILED),
    ],
)
def test_a_rep_calls_out(cx: Cx, talk: int | None, reason: str, outcome: Outcome) -> None:
    leg = cx.leg("Ext.101", CALLER, talk=talk, reason_terminated=reason, from_dn="101", to_dn="10000")
    assert (leg.direction, leg.outcome, leg.outside_number) == (Direction.OUTBOUND, outcome, CALLER)
    assert [rep.email for rep in leg.reps] == [JO]


@pytest.mark.parametrize(
    ("final", "kind", "outcome"),
    [
        ("Ext.102", "Extension", Outcome.ANSWERED),
        ("VMail.101", "VMail", Outcome.VOICEMAIL),
        ("800", "Queue", Outcome.MISSED),
        ("805", "IVR", Outcome.MISSED),
    ],
)
def test_who_had_it_in_the_end_decides(cx: Cx, final: str, kind: str, outcome: Outcome) -> None:
    more = {"to_type": "Queue", "to_dispname": "Sales", "final_number": final, "final_type": kind}
    leg = cx.leg(CALLER, "800", talk=20, **more)
    assert (leg.outcome, leg.queue) == (outcome, "Sales")
    assert [rep.email for rep in leg.reps] == ([MAX] if outcome is Outcome.ANSWERED else [])


def test_ours_among_themselves_are_internal(cx: Cx) -> None:
    assert cx.leg("Ext.101", "Ext.102", talk=5).direction is Direction.INTERNAL


def test_a_transfer_is_one_call(cx: Cx) -> None:
    first = cx.record(CALLER, "Ext.101", talk=60, history="H1")
    later = NOON - HOUR + timedelta(seconds=70)
    second = cx.record(CALLER, "Ext.102", at=later, talk=100, history="H1")
    call = join(cx.read(first, second))
    assert (call.talk_seconds, [rep.email for rep in call.reps]) == (160, [MAX, JO])


def test_the_columns_are_named_by_the_file_or_the_config(cx: Cx) -> None:
    cx.writer.columns = ("time-start", "from-no", "to-no", "time-answered", "time-end", "historyid")
    cx.writer.file.add(",".join(cx.writer.columns))
    assert cx.leg(CALLER, "Ext.101", talk=33).talk_seconds == 33
    cx.path.unlink()
    cx.source = cx.open(columns=list(cx.writer.columns))
    assert cx.leg(CALLER, "Ext.101", talk=34).talk_seconds == 34


def test_the_older_order_with_columns_of_the_bill_is_known(cx: Cx) -> None:
    line = cx.writer.line(cx.record(CALLER, "Ext.101", talk=33, chain="Chain: x;", from_dispname="Ann")).split(",")
    line[16:16] = ["0.02", "0.10", "UK"]
    cx.writer.file.add("Call " + ",".join(line))
    (leg,) = cx.read()
    assert (leg.outside_name, leg.conversation_id[:5]) == ("Ann", "00000")


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"time-end": "2026/03/09 01:00:00"}, "ends before"),
        ({"time-start": ""}, "time-start"),
        ({"time-start": "yesterday"}, "no time"),
        ({"duration": "-5", "time-end": ""}, "duration"),
    ],
)
def test_impossible_lines_are_named(cx: Cx, changes: dict[str, str], why: str) -> None:
    cx.writer.write(cx.record(CALLER, "Ext.101", talk=33) | changes)
    (bad,) = cx.source.read("", "", span()).unreadable
    assert bad.where == "cdr.csv:1"
    assert why in bad.why


def test_more_columns_than_names_are_not_guessed(cx: Cx) -> None:
    cx.writer.file.add(",".join(["x"] * (len(COLUMNS) + 9)))
    (bad,) = cx.source.read("", "", span()).unreadable
    assert "columns" in bad.why
