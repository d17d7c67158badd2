"""The company's calls at another vendor: each takes the place of Aircall on the stage."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from activity_sync.simulator.clock import Clock
from activity_sync.simulator.dialers.cloudtalk import CloudTalkSimulator
from activity_sync.simulator.dialers.dialpad import DialpadSimulator
from activity_sync.simulator.dialers.quo import QuoSimulator
from activity_sync.simulator.dialers.zoom_phone import ZoomPhoneSimulator

People = Mapping[str, str]
"""E-mail to line."""


def plain(number: str) -> str:
    return number.replace(" ", "")


class AtDialpad:
    """A call that nobody took is one of the main department."""

    def __init__(self, clock: Clock, people: People) -> None:
        self.vendor = DialpadSimulator(clock)
        self.users = {email: self.vendor.add_user(email, email, plain(line)) for email, line in people.items()}

    def config(self, url: str) -> dict[str, Any]:
        return {"kind": "dialpad", "api_url": url, "api_key": self.vendor.api_key}

    def add_call(
        self,
        direction: str,
        digits: str,
        at: datetime,
        *,
        user: str | None,
        line: str,
        ring: int,
        talk: int | None,
        status: str,
        missed: str | None,
        voicemail: bool,
    ) -> str:
        target = self.vendor.user_target(self.users[user]) if user else {"id": "1", "type": "office", "name": "Acme"}
        message = {"voicemail_share_link": "https://dialpad.com/v/1"} if voicemail else {}
        told: dict[str, Any] = {"target": target, "line": plain(line), "ring": ring, "talk": talk, **message}
        return self.vendor.add_call(direction, plain(digits), at, over=status == "done", **told)


class AtQuo(AtDialpad):
    """Every line is somebody's, the main one too."""

    def __init__(self, clock: Clock, people: People) -> None:
        self.quo = QuoSimulator(clock)
        self.members = {email: self.quo.add_user(email, email) for email in people}
        self.lines: dict[str, str] = {}

    def config(self, url: str) -> dict[str, Any]:
        return {"kind": "quo", "api_url": url, "api_key": self.quo.api_key}

    def add_call(self, direction: str, digits: str, at: datetime, **told: Any) -> str:
        line = self.lines.setdefault(told["line"], "") or self.quo.add_number(plain(told["line"]))
        self.lines[told["line"]] = line
        way = {"inbound": "incoming", "outbound": "outgoing"}[direction]
        by = self.members.get(told["user"] or "", "")
        more: dict[str, Any] = {"voicemail": {"id": "VM1", "status": "completed"}} if told["voicemail"] else {}
        times = {
            "ring": told["ring"],
            "talk": told["talk"],
            "status": "" if told["status"] == "done" else "in-progress",
        }
        return self.quo.add_call(way, plain(digits), at, line=line, owner=by or "US0", by=by, **times, **more)


class AtCloudTalk(AtDialpad):
    """Digits without a plus."""

    def __init__(self, clock: Clock, people: People) -> None:
        self.talk = CloudTalkSimulator(clock)
        self.agents = {email: self.talk.add_agent(email, email) for email in people}

    def config(self, url: str) -> dict[str, Any]:
        return {"kind": "cloudtalk", "api_url": url, "api_id": self.talk.api_id, "api_key": self.talk.api_key}

    def add_call(self, direction: str, digits: str, at: datetime, **told: Any) -> str:
        way = {"inbound": "incoming", "outbound": "outgoing"}[direction]
        number, line = plain(digits).removeprefix("+"), int(plain(told["line"]).removeprefix("+"))
        times = {"ring": told["ring"], "talk": told["talk"], "over": told["status"] == "done"}
        agent = self.agents.get(told["user"] or "", "")
        return self.talk.add_call(way, number, at, line=line, agent=agent, voicemail=told["voicemail"], **times)


class AtZoomPhone(AtDialpad):
    """A call that nobody took rang in a queue."""

    def __init__(self, clock: Clock, people: People) -> None:
        self.zoom = ZoomPhoneSimulator(clock)
        self.ends = {email: self.zoom.add_user(email, email, str(101 + n)) for n, email in enumerate(people)}

    def config(self, url: str) -> dict[str, Any]:
        keys = {name: getattr(self.zoom, name) for name in ("account_id", "client_id", "client_secret")}
        return {"kind": "zoom_phone", "api_url": url, **keys}

    def add_call(self, direction: str, digits: str, at: datetime, **told: Any) -> str:
        mine, theirs = ("callee", "caller") if direction == "inbound" else ("caller", "callee")
        line = {f"{mine}_did_number": plain(told["line"])}
        queue = {f"{mine}_ext_type": "call_queue", f"{mine}_name": "Everybody"}
        ours = self.zoom.user_end(self.ends[told["user"]], mine) if told["user"] else queue
        ends = {f"{theirs}_did_number": plain(digits), **ours, **line}
        if digits == "anonymous":
            ends |= {f"{theirs}_did_number": None, f"{theirs}_number_type": "anonymous_number"}
        result = "answered" if told["talk"] is not None else "voicemail" if told["voicemail"] else "no_answer"
        return self.zoom.add_record(direction, at, ends, result=result, ring=told["ring"], talk=told["talk"])


VENDORS: dict[str, tuple[type[AtDialpad], str]] = {
    "cloudtalk": (AtCloudTalk, "talk"),
    "dialpad": (AtDialpad, "vendor"),
    "quo": (AtQuo, "quo"),
    "zoom_phone": (AtZoomPhone, "zoom"),
}
"""The vendor on the stage, and where it holds its simulator."""
