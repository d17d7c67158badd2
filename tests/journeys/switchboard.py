"""Four telephone systems of one company, the conversations on them as they truly are, and the program beside."""

from __future__ import annotations

import json
import re
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from activity_sync.dialers.imported.pushed import PushedRows, place
from activity_sync.simulator.dialers.aircall import AircallSimulator
from activity_sync.simulator.dialers.cdr import AsteriskWriter, LogFile
from activity_sync.simulator.dialers.twilio import TwilioSimulator
from activity_sync.simulator.zoho import ZohoSimulator
from activity_sync.steps.round import sync
from activity_sync.store import cursors
from activity_sync.wiring import open_app
from tests.config.builders import settings_of
from tests.journeys.more_lines import JustCallLine, RingCentralLine

JO, MAX = "jo@acme.example", "max@acme.example"
CUSTOMER, LINE = "+447700900123", "+442079460100"
SOURCES = ("aircall", "legacy", "pbx", "twilio")
MORE: dict[str, Any] = {"justcall": JustCallLine, "ringcentral": RingCentralLine}
"""Two more, for those who have the time."""
PUSHING = ("aircall", "twilio")
"""Those whose pushes are a hint to read."""
FIRST, APART = timedelta(hours=60), timedelta(minutes=7)


@dataclass
class Conversation:
    """As it truly is. `legs`: seconds of talk of each leg, None where nobody answered; `notes`: all that was said."""

    name: str
    source: str
    start: datetime
    legs: list[int | None]
    notes: list[str] = field(default_factory=list)
    version: int = 0

    @property
    def type(self) -> str:
        """Zoho's word for it."""
        return "Missed" if self.talk is None else "Inbound"

    @property
    def summary(self) -> str:
        """What Aircall's add-on wrote; it is asked about conversations, not about a few words."""
        return f"summary of {self.name}" if self.source == "aircall" and (self.talk or 0) >= 30 else ""

    @property
    def talk(self) -> int | None:
        """Seconds, None: nobody ever answered."""
        answered = [leg for leg in self.legs if leg is not None]
        return sum(answered) if answered else None


@dataclass
class Switchboard:
    """What happens on the telephones."""

    zoho: ZohoSimulator = field(default_factory=lambda: ZohoSimulator(company="Acme"))
    aircall: AircallSimulator = field(default_factory=AircallSimulator)
    twilio: TwilioSimulator = field(default_factory=TwilioSimulator)
    more: dict[str, Any] = field(default_factory=dict)
    conversations: list[Conversation] = field(default_factory=list)
    kept: list[dict[str, str]] = field(default_factory=list)
    begun: datetime = field(default_factory=lambda: datetime.now(UTC).replace(microsecond=0, second=0) - FIRST)
    deliveries: int = 0
    half: str = ""

    def open(self, stack: ExitStack, folder: Path) -> None:
        """Serve, and start the program."""
        self.zoho.add_key_field()
        account = self.zoho.add("Accounts", Account_Name="Globex")
        self.zoho.add("Contacts", Last_Name="Lee", Phone=CUSTOMER, Account_Name=account)
        for email in (JO, MAX):
            self.zoho.add_user(email, email[:3].title(), "Rep")
            self.aircall.add_user(email)
        self.aircall.add_number(LINE)
        self.aircall.summaries = {}
        serving: list[Any] = [self.zoho, self.aircall, self.twilio, *(line.vendor for line in self.more.values())]
        urls = [stack.enter_context(one.serve()) for one in serving]
        zoho = {
            "accounts_url": urls[0], "api_url": urls[0], "client_id": self.zoho.client_id,
            "client_secret": self.zoho.client_secret, "refresh_token": self.zoho.refresh_token,
        }  # fmt: skip
        told = {"api_id": self.aircall.api_id, "api_token": self.aircall.api_token, "api_url": urls[1]}
        twilio = {"account_sid": self.twilio.account_sid, "auth_token": self.twilio.auth_token, "api_url": urls[2]}
        dialers = [
            {"name": "aircall", "kind": "aircall", **told},
            {"name": "legacy", "kind": "import", "path": str(folder / "spool"), "webhook": {"secret": "s"}},
            {"name": "pbx", "kind": "asterisk", "cdr": str(folder / "Master.csv"),
             "extensions": {"201": JO, "202": MAX}},
            {"name": "twilio", "kind": "twilio", **twilio, "extensions": {"client:jo": JO, "client:max": MAX}},
            *(line.config(url) for line, url in zip(self.more.values(), urls[3:], strict=True)),
        ]  # fmt: skip
        changes = {"zoho": zoho, "calendars": [], "dialers": dialers, "calls.settle": "0s"}
        settings = settings_of(folder, {**changes, "database": f"sqlite:///{folder / 'calls.db'}"})
        self.writer = AsteriskWriter(LogFile(folder / "Master.csv"), ZoneInfo(settings.timezone))
        file = place(settings.dialers[1], settings.database)  # type: ignore[arg-type]
        assert file is not None
        self.rows = PushedRows(file)
        self.app = open_app(settings, folder)
        stack.callback(self.app.close)

    def sync(self, only: str = "") -> Any:
        """A round, or the reading of one source that a push brought forward; its cursors are remembered."""
        result = sync(self.app.means, wait=False, thorough=not only, only=[only] if only else None)
        with self.app.database.reading() as session:
            here = {name: cursors.cursor_of(session, name, "") for name in (*SOURCES, *self.more)}
        self.kept.append({name: row.cursor for name, row in here.items() if row is not None})
        return result

    def begins_anew(self, source: str) -> bool:
        """Whether its cursor is lost."""
        with self.app.database.reading() as session:
            row = cursors.cursor_of(session, source, "")
        return row is None or not row.cursor

    def set_back(self, source: str, which: int) -> None:
        """A cursor as it was earlier, or none at all."""
        at = self.kept[which % len(self.kept)].get(source, "") if which % 4 and self.kept else ""
        with self.app.database.transaction() as session:
            cursors.read_well(session, source, "", at, datetime.now(UTC))

    # --- conversations

    def ring(self, source: str, talk: int | None) -> Conversation:
        """A customer rings Jo."""
        number = len(self.conversations) + 1
        start = self.begun + APART * number
        one = Conversation(f"call-{number}", source, start, [talk])
        self.conversations.append(one)
        match source:
            case "aircall":
                user = JO if talk is not None else None
                one.name = str(self.aircall.add_call("inbound", CUSTOMER, start, user=user, line=LINE, talk=talk))
                assert self.aircall.summaries is not None
                self.aircall.summaries[int(one.name)] = f"summary of {one.name}"
            case _ if source in self.more:
                one.name = self.more[source].ring(one, CUSTOMER, LINE)
            case "twilio":
                one.name = self.twilio.add_call("inbound", CUSTOMER, LINE, start, lasting=200)
                self._dial(one)
            case "legacy":
                self.push(self.row(one, 0))
            case _:
                told = self._record(one, 0)
                one.name = told["linkedid"]
                self._write(told)
        return one

    def another_leg(self, one: Conversation, talk: int | None) -> None:
        """It is put through to Max."""
        line = self.more.get(one.source)
        if one.source == "aircall" or (line and not line.has_legs):
            return
        one.legs.append(talk)
        number = len(one.legs) - 1
        if line:
            line.another_leg(one)
        elif one.source == "legacy":
            self.push(self.row(one, number))
        elif one.source == "twilio":
            self._dial(one)
        else:
            self._write(self._record(one, number))

    def note(self, one: Conversation, text: str) -> None:
        """Somebody types something, however late."""
        line = self.more.get(one.source)
        if one.source in ("pbx", "twilio") or (line and not line.has_notes):
            return
        one.notes.append(text)
        if line:
            line.note(one)
        elif one.source == "aircall":
            self.aircall.comment(int(one.name), text, by=JO)
        else:
            one.version += 1
            self.push(self.row(one, 0))

    def answered_after_all(self, one: Conversation, talk: int) -> None:
        """What was told as missed was taken."""
        line = self.more.get(one.source)
        if line and line.has_late_answers and one.talk is None:
            one.legs = [talk]
            line.answered(one, talk)
        if one.source == "aircall" and one.talk is None:
            one.legs = [talk]
            self.aircall.change_call(int(one.name), user=JO)
            self.aircall.finish_call(int(one.name), talk=talk)

    def _dial(self, one: Conversation) -> None:
        """The last leg, which the first one of all started."""
        number, talk = len(one.legs) - 1, one.legs[-1]
        called, at = "client:max" if number else "client:jo", one.start + timedelta(seconds=100 * number + 5)
        took = {"status": "no-answer"} if talk is None else {"lasting": talk}
        self.twilio.add_call("outbound-dial", CUSTOMER, called, at, parent=one.name, **took)

    # --- rows that are pushed, lines that are written

    def row(self, one: Conversation, leg: int) -> dict[str, Any]:
        """A row of the import; later legs name the first as their parent."""
        talk = one.legs[leg]
        own = {"notes": "\n".join(one.notes), "version": one.version + 1} if leg == 0 else {"parent_id": one.name}
        return {
            "id": one.name if leg == 0 else f"{one.name}-{leg}",
            "started_at": (one.start + timedelta(seconds=100 * leg)).isoformat(),
            "direction": "in", "from": CUSTOMER, "to": LINE, "talk_seconds": talk or 0,
            "rep_email": JO if leg == 0 else MAX, **own,
        }  # fmt: skip

    def push(self, *rows: dict[str, Any], delivery: str = "") -> None:
        """As the listener stores them."""
        self.deliveries += 1
        lines = [json.dumps(row).encode() for row in rows]
        self.rows.add(delivery or f"msg-{self.deliveries}", lines, datetime.now(UTC))

    def push_old(self, one: Conversation) -> None:
        """A sender repeats what it sent first, under another id; the version tells that it is old."""
        if one.source == "legacy" and one.version:
            self.push(self.row(Conversation(one.name, one.source, one.start, one.legs[:1], one.notes[:0]), 0))

    def rotate(self, *, copied: bool) -> None:
        """logrotate comes."""
        if self.writer.file.path.exists() and not self.half:
            (self.writer.file.copy_and_empty if copied else self.writer.file.rename_away)()

    def write_half(self, one: Conversation) -> None:
        """Some of a line; the rest comes with the next one."""
        if one.source == "pbx" and not self.half:
            one.legs.append(11)
            line = self.writer.line(self._record(one, len(one.legs) - 1))
            self.half = line[len(line) // 2 :]
            self.writer.file.add_part(line[: len(line) // 2])

    def finish_half(self) -> None:
        """The rest of it."""
        if self.half:
            self.writer.file.add(self.half)
            self.half = ""

    def _record(self, one: Conversation, leg: int) -> Any:
        trunk = self.writer.channel("PJSIP/trunk")
        rep = self.writer.channel("PJSIP/201" if leg == 0 else "PJSIP/202")
        at = one.start + timedelta(seconds=100 * leg)
        linked = one.name if leg else ""
        return self.writer.record(at, CUSTOMER, LINE, trunk, rep, talk=one.legs[leg], linked=linked, ring=2)

    def _write(self, told: Any) -> None:
        self.finish_half()
        self.writer.write(told)

    # --- what came of it

    def wanted(self) -> dict[str, tuple[str, frozenset[str]]]:
        """By start: Zoho's word for the call, and what must stand in it."""
        lines = {one.name: {*one.notes, one.summary} - {""} for one in self.conversations}
        return {one.start.isoformat(): (one.type, frozenset(lines[one.name])) for one in self.conversations}

    def held(self) -> dict[str, tuple[str, frozenset[str]]]:
        """The same as Zoho has it."""
        found = {}
        for call in self.zoho.records("Calls"):
            at = datetime.fromisoformat(call["Call_Start_Time"]).astimezone(UTC).isoformat()
            assert at not in found, f"twice: {at}"
            lines = re.findall(r"^note .*|summary of \d+", str(call["Description"]), re.MULTILINE)
            found[at] = (call["Call_Type"], frozenset(lines))
        return found
