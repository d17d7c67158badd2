"""What the pages and hooks work with: the config and the store as they are now, and what lives as long as we listen."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from activity_sync.dialers.imported.pushed import PushedRows, place
from activity_sync.model.settings import Calendar, Dialer, ImportDialer, Settings
from activity_sync.steps.pushing import url_of
from activity_sync.web.door import Door
from activity_sync.web.limits import CONNECTION, PEER, Limit, Rate
from activity_sync.web.tally import Tally
from activity_sync.web.vendors import takes_pushes
from activity_sync.wiring import App


class Desk:
    """One for a listener. `app` and `hurry` are replaced together when the config is read again."""

    def __init__(
        self, app: App, hurry: Callable[[str], None], peers: Rate = PEER, connections: Rate = CONNECTION
    ) -> None:
        """`hurry`: brings the next reading of a connection forward."""
        self.app, self.hurry = app, hurry
        self.peers, self.connections = Limit(peers), Limit(connections)
        self.tally, self.door = Tally(), Door()
        self._rows: dict[Path, PushedRows] = {}

    @property
    def settings(self) -> Settings:
        """The config."""
        return self.app.settings

    @property
    def zoho_pushes(self) -> bool:
        """Whether the config lets Zoho push."""
        return self.settings.zoho.notifications and self.settings.web.public_url is not None

    def dialer(self, name: str) -> Dialer | None:
        """The enabled dialer of this name that takes pushes."""
        found = (one for one in self.settings.dialers if one.name == name and one.enabled)
        return next((one for one in found if takes_pushes(one, self.settings)), None)

    def calendar(self, name: str) -> Calendar | None:
        """The enabled calendar connection of this name that is to push."""
        found = (one for one in self.settings.calendars if one.name == name and url_of(self.settings, name))
        return next(found, None)

    def rows(self, dialer: ImportDialer) -> PushedRows:
        """Where its pushed rows are stored. Raises OSError: there is no place for them (`config` refuses that)."""
        file = place(dialer, self.settings.database)
        if file is None:
            raise FileNotFoundError(2, "no place for pushed rows: set a path")
        return self._rows.setdefault(file, PushedRows(file))
