"""Everything that demo and tests need around the program: three vendors, a company, scenes, a config file."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

from activity_sync.simulator.clock import Clock
from activity_sync.simulator.dialers.aircall import AircallSimulator
from activity_sync.simulator.google import GoogleSimulator
from activity_sync.simulator.microsoft import MicrosoftSimulator
from activity_sync.simulator.scenes import SCENES, Scene
from activity_sync.simulator.scenes.actions import COMPANY_ZONE
from activity_sync.simulator.stage.calendars import OnGoogle, OnMicrosoft
from activity_sync.simulator.stage.expectations import Expectation
from activity_sync.simulator.stage.players import Players
from activity_sync.simulator.stage.settings import settings
from activity_sync.simulator.world import make_world, populate
from activity_sync.simulator.world.company import MAIN_LINE
from activity_sync.simulator.zoho import ZohoSimulator

_KEY_FILE = "google.json"
Calendars = Literal["google", "microsoft", "both"]


class Stage:
    """The made-up company on pretend vendors. Use it as a context manager: the vendors serve while inside.

    `zoho`, `google`, `microsoft`, `aircall`: the simulators; `urls`: where they listen, by name; `folder`: where the
    config was written; `world`; `ids`: the ids of its records in Zoho. Typical: `write_config`, `play(1)`, sync,
    `play(2)`, sync, `expectations(2)`.
    """

    def __init__(
        self,
        clock: Clock | None = None,
        *,
        scenes: Sequence[Scene] = SCENES,
        zoho: ZohoSimulator | None = None,
        key_field: bool = True,
        calendars: Calendars = "google",
    ) -> None:
        """`clock`: None runs with the machine's. `zoho`: one of another edition or with other switches, still empty.

        `key_field`: whether the org has the unique text field for our key. `calendars`: where people keep them, "both":
        every other one here and there.
        """
        self.clock = clock or Clock()
        self.now = self.clock.now()
        self.scenes = scenes
        self.world = make_world(self.now.astimezone(COMPANY_ZONE).date())
        self.zoho = zoho or ZohoSimulator(clock=self.clock, company="Acme")
        if key_field:
            self.zoho.add_key_field()
        self.calendars: Calendars = calendars
        self.google = GoogleSimulator(self.clock)
        self.microsoft = MicrosoftSimulator(self.clock)
        self.aircall = AircallSimulator(self.clock)
        self.urls: dict[str, str] = {}
        self.ids = populate(self.zoho, self.world)
        self._people()
        vendors = (OnGoogle(self.google), OnMicrosoft(self.microsoft))
        self._players = Players(self.now, self.zoho, vendors, self.aircall, dict(self.ids.users))
        self.folder: Path | None = None
        self._spooled = 0
        self._serving = ExitStack()

    def __enter__(self) -> Self:
        for name, vendor in (("zoho", self.zoho), *self._calendars(), ("aircall", self.aircall)):
            self.urls[name] = self._serving.enter_context(vendor.serve())
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._serving.close()

    def play(self, round_number: int) -> None:
        """Let everything of this round happen, in the order of the scenes."""
        for scene in self.scenes:
            for number, action in scene.script:
                if number == round_number:
                    self._players.play(action)
        self._spool()

    @property
    def rounds(self) -> int:
        """How many rounds there are."""
        return max(number for scene in self.scenes for number, _ in scene.script)

    def expectations(self, round_number: int) -> list[Expectation]:
        """What must hold after a sync that followed this round."""
        return [
            Expectation(scene, expected, expected.at.moment(self.now))
            for scene in self.scenes
            for expected in scene.after(round_number)
        ]

    def write_config(self, folder: Path, **changes: Any) -> Path:
        """Write config.yaml, the key file and the import spool into `folder`; gives the path of config.yaml.

        Serve first. `changes` replace or add keys at the top of the config.
        """
        from ruamel.yaml import YAML

        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        if "google" in self.urls:
            key = folder / _KEY_FILE
            key.write_text(json.dumps(self.google.service_account_key(), indent=1), encoding="utf-8")
            key.chmod(0o600)
        self._spool()
        path = folder / "config.yaml"
        config = {"database": f"sqlite:///{folder.resolve() / 'activity-sync.db'}", **self._settings(), **changes}
        with path.open("w", encoding="utf-8") as file:
            file.write("# The made-up company. Every secret in here is worthless.\n")
            YAML().dump(config, file)
        path.chmod(0o600)
        return path

    def _settings(self) -> dict[str, Any]:
        zoho = {
            "accounts_url": self.urls["zoho"],
            "api_url": self.urls["zoho"],
            "client_id": self.zoho.client_id,
            "client_secret": self.zoho.client_secret,
            "refresh_token": self.zoho.refresh_token,
        }
        aircall = {
            "api_id": self.aircall.api_id,
            "api_token": self.aircall.api_token,
            "api_url": self.urls["aircall"],
        }
        return settings(self.world, zoho, self._connections(), aircall)

    def _connections(self) -> list[dict[str, Any]]:
        """The calendar connections; with two of them each one's reps are listed."""
        google = [one.email for one in self.google.directory.members.values() if not one.suspended]
        microsoft = [one.email for one in self.microsoft.meetings.mailboxes.values() if one.enabled]
        both = self.calendars == "both"
        found: list[dict[str, Any]] = []
        if "google" in self.urls:
            reached = {"service_account_file": _KEY_FILE, "api_url": f"{self.urls['google']}/"}
            found.append({"name": "workspace", "kind": "google", "reps": google if both else "all", **reached})
        if "microsoft" in self.urls:
            tenant = self.microsoft.settings()
            found.append({"name": "m365", "kind": "microsoft", "reps": microsoft if both else "all", **tenant})
        return found

    def _calendars(self) -> list[tuple[str, GoogleSimulator | MicrosoftSimulator]]:
        """The calendar vendors in use, by name."""
        held: tuple[tuple[str, GoogleSimulator | MicrosoftSimulator], ...] = (
            ("google", self.google),
            ("microsoft", self.microsoft),
        )
        return [(name, vendor) for name, vendor in held if self.calendars in {name, "both"}]

    def _people(self) -> None:
        """The same people at every vendor; the Zoho administrator has a calendar as well."""
        for number, rep in enumerate(self.world.reps):
            self._open_calendar(number, rep.email, rep.name, rep.time_zone, active=rep.active)
            self.aircall.add_user(rep.email, rep.name, rep.time_zone)
            if rep.line:
                self.aircall.add_number(rep.line, rep.name)
        self.aircall.add_number(MAIN_LINE, "Main line")
        for number, user in enumerate(self.zoho.world.users.values()):
            if user["email"] not in {rep.email for rep in self.world.reps}:
                self._open_calendar(number, user["email"], user["first_name"], admin=True)

    def _open_calendar(
        self,
        number: int,
        email: str,
        name: str,
        zone: str = "Europe/London",
        *,
        active: bool = True,
        admin: bool = False,
    ) -> None:
        if self.calendars == "microsoft" or (self.calendars == "both" and number % 2):
            self.microsoft.add_calendar(email, name, zone, enabled=active, licensed=active)
        else:
            self.google.add_calendar(email, name, zone, suspended=not active, admin=admin)

    def _spool(self) -> None:
        """Hand over the rows of the other telephone system: written under another name first, as writers should."""
        if self.folder is None or not self._players.imported:
            return
        spool = self.folder / "spool" / "calls"
        spool.mkdir(parents=True, exist_ok=True)
        lines = "".join(json.dumps(row) + "\n" for row in self._players.imported)
        self._players.imported.clear()
        fresh = spool / "calls.tmp"
        fresh.write_text(lines, encoding="utf-8")
        self._spooled += 1
        fresh.rename(spool / f"calls-{self._spooled}.jsonl")
