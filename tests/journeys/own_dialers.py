"""The company's calls at JustCall, and in the records of its own Asterisk: each takes the place of Aircall."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from activity_sync.simulator.clock import Clock
from activity_sync.simulator.dialers.cdr import AsteriskWriter, LogFile
from activity_sync.simulator.dialers.justcall import JustCallSimulator

People = Mapping[str, str]
"""E-mail to line."""


class AtJustCall:
    """One record for a call; times in a zone that nobody tells."""

    def __init__(self, clock: Clock, people: People) -> None:
        self.justcall = JustCallSimulator(clock)
        self.agents = {email: self.justcall.add_user(email, email) for email in people}

    def config(self, url: str) -> dict[str, Any]:
        keys = {name: getattr(self.justcall, name) for name in ("api_key", "api_secret")}
        return {"kind": "justcall", "api_url": url, **keys}

    def add_call(self, direction: str, digits: str, at: datetime, **told: Any) -> int:
        way = {"inbound": "Incoming", "outbound": "Outgoing"}[direction]
        kind = "Voicemail" if told["voicemail"] else "" if told["status"] == "done" else "In Progress"
        more = {"agent": self.agents.get(told["user"] or ""), "line": told["line"], "kind": kind}
        return self.justcall.add_call(way, digits, at, ring=told["ring"], talk=told["talk"], **more)


@dataclass
class Machine:
    """The folder of its records, while it runs."""

    folder: Path = Path()

    @contextmanager
    def serve(self) -> Iterator[str]:
        with tempfile.TemporaryDirectory() as folder:
            self.folder = Path(folder)
            yield folder


class AtAsterisk:
    """A record for each path of a call, in UTC; the file is rotated after every one."""

    def __init__(self, clock: Clock, people: People) -> None:
        self.machine = Machine()
        self.extensions = {email: str(201 + number) for number, email in enumerate(people)}

    def config(self, url: str) -> dict[str, Any]:
        owners = {number: email for email, number in self.extensions.items()}
        return {"kind": "asterisk", "cdr": f"{url}/Master.csv", "extensions": owners}

    def add_call(self, direction: str, digits: str, at: datetime, **told: Any) -> str:
        if told["status"] != "done":
            return ""
        number, line = digits.replace(" ", ""), told["line"].replace(" ", "")
        writer = AsteriskWriter(LogFile(self.machine.folder / "Master.csv", rotated=int(at.timestamp())), UTC)
        trunk = writer.channel("PJSIP/trunk")
        ours = writer.channel(f"PJSIP/{self.extensions[told['user']]}") if told["user"] else ""
        times = {"ring": told["ring"], "talk": told["talk"]}
        if direction == "outbound":
            record = writer.record(at, line, number, ours, trunk, **times)
        else:
            mailbox = {"lastapp": "VoiceMail", "talk": 20} if told["voicemail"] else {}
            record = writer.record(at, number, line, trunk, ours, dcontext="from-trunk", **{**times, **mailbox})
        writer.write(record)
        writer.file.rename_away()
        return str(record["linkedid"])


VENDORS: dict[str, tuple[type[Any], str]] = {"asterisk": (AtAsterisk, "machine"), "justcall": (AtJustCall, "justcall")}
"""As `other_dialers` has it."""
