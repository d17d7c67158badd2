"""The app signs in as itself, for all mailboxes that it may read."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import Any

import httpx

from activity_sync.calendars.microsoft.certificate import read_certificate
from activity_sync.calendars.microsoft.door import Door
from activity_sync.calendars.microsoft.sign_in import asking, authority_of, scope, value_of
from activity_sync.model.settings import MicrosoftCalendar


@dataclass(slots=True)
class AppTokens:
    """Tokens by client secret or certificate, kept in memory by msal. May be shared by threads.

    msal also keeps refusals for a minute: many reps ask a wrong secret once.
    """

    calendar: MicrosoftCalendar
    session: httpx.Client
    _door: Door = field(init=False)
    _app: Any = None
    _stamp: int = 0
    _latest: str = ""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self._door = Door(self.session, authority_of(self.calendar))

    def token(self, dead: str = "") -> str:
        """See Tokens."""
        with self._lock, asking(self._door):
            app = self._opened()
            if dead and dead == self._latest:
                app.remove_tokens_for_client()
            self._latest = value_of(app.acquire_token_for_client([scope(self.calendar)]), self._door)
            return self._latest

    def _opened(self) -> Any:
        """msal's app; a new one when the certificate's file was replaced."""
        stamp = self._stamp_of_file()
        if self._app is None or stamp != self._stamp:
            self._app, self._stamp = self._open(), stamp
        return self._app

    def _stamp_of_file(self) -> int:
        file = self.calendar.certificate_file
        if self.calendar.client_secret is not None or file is None or not file.exists():
            return 0
        return file.stat().st_mtime_ns

    def _open(self) -> Any:
        credential = self._credential()
        import msal  # a fifth of a second: only where a calendar is read

        library: Any = msal  # it has no types
        return library.ConfidentialClientApplication(
            self.calendar.client_id,
            client_credential=credential,
            authority=self._door.shown,
            instance_discovery=False,  # no other host is asked about the authority
            azure_region=False,  # nor is a regional one used, whatever the environment says
            http_client=self._door,
        )

    def _credential(self) -> str | dict[str, str]:
        if self.calendar.client_secret is not None:
            return self.calendar.client_secret.get_secret_value()
        assert self.calendar.certificate_file is not None, "neither of them: a person signs in"
        return read_certificate(self.calendar.certificate_file)
