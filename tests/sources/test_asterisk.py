"""Asterisk's records: ends, directions, queues, menus, mailboxes, transfers; times; FreePBX's table."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import create_engine, text

from activity_sync.dialers.cdr.asterisk.records import to_record
from activity_sync.model.failures import SignInAgain, TryLater
from activity_sync.model.interactions import Direction, Outcome
from activity_sync.model.wire import NoCall
from activity_sync.rules.joining import join
from activity_sync.simulator.dialers.cdr import AsteriskWriter, LogFile
from activity_sync.simulator.dialers.cdr.asterisk import TABLE, table_row
from tests.sources.stage import HOUR, JO, MAX, NOON, dialer, span

CALLER, DID = "07700900123", "02079460100"
EXTENSIONS = {"201": JO, "202": MAX, "+447700900999": MAX}


class Pbx:
    """A telephone system that writes a file, and our source on it."""

    def __init__(self, folder: Path) -> None:
        self.writer = AsteriskWriter(LogFile(folder / "Master.csv"))
        self.source: Any = dialer(
            name="pbx", kind="asterisk", cdr=str(self.writer.file.path), extensions=EXTENSIONS, lines={DID: MAX}
        )

    def record(
        self, src: str, dst: str, channel: str, called: str = "", at: datetime = NOON - HOUR, **more: Any
    ) -> Any:
        local = [one if not one or one.startswith("Local/") else self.writer.channel(one) for one in (channel, called)]
        return self.writer.record(at, src, dst, *local, **more)

    def read(self, *records: Any) -> list[Any]:
        self.writer.write(*records)
        return list(self.source.read("", "", span()).sightings)

    def leg(self, *told: Any, **more: Any) -> Any:
        (leg,) = self.read(self.record(*told, **more))
        return leg

    def call(self, *records: Any) -> Any:
        """All legs of one conversation, joined."""
        legs = self.read(*records)
        assert len({leg.key for leg in legs}) == 1
        return join(legs)


@pytest.fixture
def pbx(tmp_path: Path) -> Pbx:
    return Pbx(tmp_path)


def test_a_customer_is_put_through_to_a_rep(pbx: Pbx) -> None:
    leg = pbx.leg(CALLER, DID, "PJSIP/trunk", "PJSIP/201", talk=288, ring=12, clid='"Ann Lee" <07700900123>')
    assert (leg.direction, leg.outcome, leg.talk_seconds) == (Direction.INBOUND, Outcome.ANSWERED, 288)
    assert (leg.outside_number, leg.outside_name, leg.line, leg.line_rep) == (CALLER, "Ann Lee", DID, MAX)
    assert (leg.answered - leg.started, leg.ended - leg.started) == (timedelta(seconds=12), timedelta(seconds=300))
    assert [(rep.email, rep.talk_seconds) for rep in leg.reps] == [(JO, 288)]


def test_a_rep_calls_out_under_the_companys_number(pbx: Pbx) -> None:
    leg = pbx.leg(DID, "0044770 0900123".replace(" ", ""), "PJSIP/201", "SIP/voipms", talk=30)
    assert (leg.direction, leg.outcome, leg.line) == (Direction.OUTBOUND, Outcome.ANSWERED, DID)
    assert [rep.email for rep in leg.reps] == [JO]


@pytest.mark.parametrize(
    ("disposition", "outcome"),
    [
        ("NO ANSWER", Outcome.NO_ANSWER),
        ("BUSY", Outcome.BUSY),
        ("FAILED", Outcome.FAILED),
        ("CONGESTION", Outcome.FAILED),
    ],
)
def test_what_became_of_a_call_out_is_the_disposition(pbx: Pbx, disposition: str, outcome: Outcome) -> None:
    assert pbx.leg("201", CALLER, "PJSIP/201", "PJSIP/trunk", disposition=disposition).outcome is outcome


@pytest.mark.parametrize(
    ("app", "called", "outcome"),
    [
        ("Dial", "PJSIP/201", Outcome.ANSWERED),
        ("Queue", "PJSIP/201", Outcome.ANSWERED),
        ("VoiceMail", "", Outcome.VOICEMAIL),
        ("BackGround", "", Outcome.MISSED),
        ("Playback", "", Outcome.MISSED),
        ("Queue", "", Outcome.MISSED),
    ],
)
def test_a_menu_a_queue_and_a_mailbox_are_no_person(pbx: Pbx, app: str, called: str, outcome: Outcome) -> None:
    leg = pbx.leg(CALLER, "201", "PJSIP/trunk", called, talk=40, lastapp=app, dcontext="from-trunk")
    assert leg.outcome is outcome
    assert leg.talk_seconds == (40 if outcome is Outcome.ANSWERED else 0)


def test_ours_among_themselves_are_internal(pbx: Pbx) -> None:
    assert pbx.leg("201", "202", "PJSIP/201", "PJSIP/202", talk=9).direction is Direction.INTERNAL
    assert pbx.read(pbx.record("201", "*97", "PJSIP/201", "", talk=9, lastapp="VoiceMailMain"))[1].direction is (
        Direction.INTERNAL
    )


@pytest.mark.parametrize("withheld", ["", "anonymous", "unknown", "0"])
def test_a_withheld_caller_comes_in(pbx: Pbx, withheld: str) -> None:
    leg = pbx.leg(withheld, DID, "PJSIP/trunk", "PJSIP/201", talk=5, clid='"Anonymous" <anonymous>')
    assert leg.direction is Direction.INBOUND
    assert leg.outside_number in (withheld, "anonymous")


def queue_call(pbx: Pbx, *, linked: bool = True, taken: bool = True) -> list[Any]:
    """Max's telephone rings in vain, then Jo's; each ring goes over the two halves of a local channel."""
    first = pbx.record(CALLER, "600", "PJSIP/trunk", "Local/202@from-queue-0001;1", lastapp="Queue",
                       lastdata="600,t,,,300", dcontext="ext-queues")  # fmt: skip
    link = first["linkedid"] if linked else ""
    later: dict[str, Any] = {"at": NOON - HOUR + timedelta(seconds=20), "linked": link}
    talk: dict[str, Any] = {"talk": 100} if taken else {}
    rest = [
        pbx.record(CALLER, "202", "Local/202@from-queue-0001;2", "PJSIP/202", linked=link),
        pbx.record(CALLER, "600", "PJSIP/trunk", "Local/201@from-queue-0002;1", lastapp="Queue",
                   lastdata="600,t,,,300", dcontext="ext-queues", **later, **talk),
        pbx.record(CALLER, "201", "Local/201@from-queue-0002;2", "PJSIP/201", **later, **talk),
        pbx.record(CALLER, "201", "Local/201@from-queue-0002;2", "Local/x@y-0003;1", **later),
    ]  # fmt: skip
    if not linked:
        rest[1]["uniqueid"] = first["uniqueid"]  # the same channel
    return [first, *rest]


@pytest.mark.parametrize("taken", [True, False])
def test_a_queue_is_one_call_whose_talk_counts_once(pbx: Pbx, taken: bool) -> None:
    call = pbx.call(*queue_call(pbx, taken=taken))
    assert (call.direction, call.outside_number, call.queue) == (Direction.INBOUND, CALLER, "600")
    assert call.outcome is (Outcome.ANSWERED if taken else Outcome.MISSED)
    assert call.talk_seconds == (100 if taken else 0)
    assert (call.reps[0].email, call.reps[0].talk_seconds) == ((JO, 100) if taken else (JO, 0))
    assert {rep.email for rep in call.reps} == {JO, MAX}


@pytest.mark.parametrize(("taken", "talk"), [(100, 100), (1, 101), (0, 0)])
def test_waiting_in_a_queue_that_answers_at_once_is_no_talk(pbx: Pbx, taken: int, talk: int) -> None:
    """The queue bills from its music on. A local channel that is optimised away ends at once, the caller talks on."""
    caller = pbx.record(CALLER, "600", "PJSIP/trunk", "Local/201@from-queue-0001;1", lastapp="Queue",
                        lastdata="600,t,,,300", dcontext="ext-queues", ring=0, talk=130)  # fmt: skip
    later: dict[str, Any] = {"at": NOON - HOUR + timedelta(seconds=19), "linked": caller["linkedid"]}
    agent = pbx.record(CALLER, "201", "Local/201@from-queue-0001;2", "PJSIP/201", ring=10 + (taken == 100),
                       talk=taken or None, **later)  # fmt: skip
    call = pbx.call(agent, caller)
    assert (call.talk_seconds, call.outcome) == (talk, Outcome.ANSWERED if taken else Outcome.MISSED)


@pytest.mark.parametrize("whole", [True, False])
def test_without_linked_ids_a_queue_is_still_one_call(pbx: Pbx, whole: bool) -> None:
    pbx.writer.columns = 18
    records = queue_call(pbx, linked=False)
    call = pbx.call(*records) if whole else pbx.call(*reversed(records))
    assert (call.outcome, call.talk_seconds) == (Outcome.ANSWERED, 100)


def test_a_transfer_is_one_call_with_both_reps(pbx: Pbx) -> None:
    first = pbx.record(CALLER, DID, "PJSIP/trunk", "PJSIP/201", talk=60)
    later = NOON - HOUR + timedelta(seconds=70)
    second = pbx.record(CALLER, "202", "PJSIP/trunk", "PJSIP/202", at=later, talk=200, linked=first["linkedid"])
    call = pbx.call(second, first)
    assert (call.talk_seconds, [rep.email for rep in call.reps]) == (260, [MAX, JO])
    assert call.line == DID


def test_a_call_forwarded_to_a_reps_own_mobile_is_answered_by_the_rep(pbx: Pbx) -> None:
    leg = pbx.leg(CALLER, "+447700900999", "PJSIP/trunk", "PJSIP/trunk", talk=44, dcontext="from-trunk")
    assert (leg.outcome, leg.outside_number, [rep.email for rep in leg.reps]) == (Outcome.ANSWERED, CALLER, [MAX])


@pytest.mark.parametrize("columns", range(16, 22))
def test_however_many_columns_the_file_has(pbx: Pbx, columns: int) -> None:
    pbx.writer.columns = columns
    record = pbx.record(CALLER, DID, "PJSIP/trunk", "PJSIP/201", talk=60)
    legs = pbx.read(record, record)
    assert len(legs) == (2 if columns == 16 else 1)  # told twice, it is one, where it has a name
    if columns > 16:
        assert legs[0].conversation_id == record["linkedid" if columns > 18 else "uniqueid"]


def test_twins_without_ids_are_told_apart_and_stay_themselves(pbx: Pbx) -> None:
    pbx.writer.columns = 16
    record = pbx.record(CALLER, DID, "PJSIP/trunk", "PJSIP/201", talk=60)
    ids = [leg.record_id for leg in pbx.read(record, record)]
    assert len(set(ids)) == 2
    assert [leg.record_id for leg in pbx.read()] == ids


def test_what_makes_no_sense_is_told_of_calls_that_were_asked_for(pbx: Pbx) -> None:
    long_ago = pbx.record(CALLER, DID, "PJSIP/trunk", "PJSIP/201", at=NOON - 900 * HOUR, billsec=-1)
    pbx.writer.write(long_ago, pbx.record(CALLER, DID, "PJSIP/trunk", "PJSIP/201", billsec=-1))
    assert [one.where for one in pbx.source.read("", "", span()).unreadable] == ["Master.csv:2"]


SUMMER = datetime(2026, 7, 1, 10, tzinfo=UTC)


@pytest.mark.parametrize("zone", ["Europe/London", "UTC"])
def test_the_id_tells_whether_the_machine_writes_utc(pbx: Pbx, zone: str) -> None:
    pbx.writer.zone = ZoneInfo(zone)
    pbx.writer.write(pbx.record(CALLER, DID, "PJSIP/trunk", "PJSIP/201", at=SUMMER, talk=60))
    (leg,) = pbx.source.read("", "", span(SUMMER + HOUR)).sightings
    assert leg.started == SUMMER


def test_the_hour_that_comes_twice_is_told_by_the_id(pbx: Pbx) -> None:
    at = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)  # half past one for the second time
    pbx.writer.write(pbx.record(CALLER, DID, "PJSIP/trunk", "PJSIP/201", at=at, talk=60))
    (leg,) = pbx.source.read("", "", span(at + HOUR)).sightings
    assert leg.started == at


@pytest.fixture(params=["sqlite", "postgresql"])
def table(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    url = f"sqlite:///{tmp_path / 'cdr.db'}"
    url = str(request.getfixturevalue("postgresql_url")) if request.param == "postgresql" else url
    run(url, TABLE)
    return url


def run(url: str, statement: str, **values: Any) -> None:
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text(statement), values)
    engine.dispose()


def add(url: str, told: Any) -> None:
    row = table_row(told)
    run(url, f"INSERT INTO cdr ({', '.join(row)}) VALUES ({', '.join(f':{name}' for name in row)})", **row)


def test_the_table_of_any_database_is_read_on_from_where_it_was_left(pbx: Pbx, table: str) -> None:
    source: Any = dialer(name="pbx", kind="asterisk", cdr=table, extensions=EXTENSIONS)
    assert "can be read" in source.probe("")
    first = pbx.record(CALLER, DID, "PJSIP/trunk", "PJSIP/201", talk=60) | {"did": DID, "recordingfile": "in-1.wav"}
    add(table, first)
    changes = source.read("", "", span())
    (leg,) = changes.sightings
    assert (leg.started, leg.talk_seconds, leg.line) == (NOON - HOUR, 60, DID)
    assert leg.extra["recordingfile"] == "in-1.wav"
    long_one = pbx.record(CALLER, DID, "PJSIP/trunk", "PJSIP/202", at=NOON - 9 * HOUR, talk=8 * 3600)
    add(table, long_one)  # it ended just now, and began long before the last one
    legs = source.read("", changes.cursor, span(thorough=False)).sightings
    assert long_one["linkedid"] in {leg.conversation_id for leg in legs}
    source.close()


@pytest.mark.parametrize("column", ["disposition", "billsec", "duration", "src", "dst", "channel", "dstchannel"])
def test_a_table_without_a_column_that_tells_what_became_of_calls_is_refused(
    pbx: Pbx, tmp_path: Path, column: str
) -> None:
    table = f"sqlite:///{tmp_path / 'cdr.db'}"
    run(table, TABLE)
    add(table, pbx.record(CALLER, DID, "PJSIP/trunk", "PJSIP/201", talk=60))
    run(table, f"ALTER TABLE cdr RENAME COLUMN {column} TO elsewhere")
    source: Any = dialer(name="pbx", kind="asterisk", cdr=table, extensions=EXTENSIONS)
    for ask in (source.probe, lambda part: source.read(part, "", span())):
        with pytest.raises(SignInAgain, match=column):
            ask("")
    source.close()


def test_a_database_that_is_away_or_refuses_is_named_without_its_password(pbx: Pbx, table: str) -> None:
    run(table, "DROP TABLE cdr")
    away = "postgresql+psycopg://cdr:hunter2@127.0.0.1:9/cdr"
    for url, failure in ((table, SignInAgain), (away, TryLater), ("nosuch+driver://cdr:hunter2@h/x", SignInAgain)):
        source: Any = dialer(name="pbx", kind="asterisk", cdr=url)
        for ask in (source.probe, lambda part, of=source: of.read(part, "", span())):
            with pytest.raises(failure) as caught:
                ask("")
            assert "hunter2" not in str(caught.value) + caught.value.next_step + repr(source)
        source.close()


@pytest.mark.parametrize("billsec", [60, "60", "00000000060", "60.482", Decimal("60.482"), b"60"])
def test_seconds_are_read_however_a_table_has_them(pbx: Pbx, billsec: object) -> None:
    row = {**table_row(pbx.record(CALLER, DID, "PJSIP/trunk", "PJSIP/201", talk=60)), "billsec": billsec}
    assert to_record(row, "row 1", 0, UTC).talk == 60


@pytest.mark.parametrize(("billsec", "why"), [("-60", "billsec is negative"), ("an hour", "no number of seconds")])
def test_seconds_that_make_no_sense_are_named(pbx: Pbx, billsec: str, why: str) -> None:
    row = {**table_row(pbx.record(CALLER, DID, "PJSIP/trunk", "PJSIP/201", talk=60)), "billsec": billsec}
    with pytest.raises(NoCall, match=why):
        to_record(row, "row 1", 0, UTC)


def test_a_name_in_a_column_of_bytes_is_text(pbx: Pbx) -> None:
    row = table_row(pbx.record(CALLER, DID, "PJSIP/trunk", "PJSIP/201", talk=60))
    for written in ("J\u00fcrgen".encode(), "J\u00fcrgen".encode("latin-1")):
        assert to_record({**row, "cnam": written}, "row 1", 0, UTC).caller_name == "J\u00fcrgen"
