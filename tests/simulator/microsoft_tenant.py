"""A tenant of the made-up Microsoft, and a plain client on it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from activity_sync.simulator.microsoft import MicrosoftSimulator, person

NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
JO, MAX, ANN = "jo@acme.example", "max@acme.example", "ann@customer.example"
WINDOW = {"startDateTime": "2026-03-02T00:00:00Z", "endDateTime": "2026-03-23T00:00:00Z"}


class Tenant:
    """The simulator and a plain client on it, signed in as the app."""

    def __init__(self, simulator: MicrosoftSimulator, url: str) -> None:
        self.simulator, self.url = simulator, url
        self.http = httpx.Client(base_url=f"{url}/v1.0/", trust_env=False)
        self.http.headers["Authorization"] = f"Bearer {self.token()}"

    def token(self) -> str:
        identity = self.simulator.identity
        form = {"grant_type": "client_credentials", "client_id": identity.client, "client_secret": identity.secret}
        scope = {"scope": "https://graph.microsoft.com/.default"}
        answer = self.http.post(f"{self.url}/{identity.tenant}/oauth2/v2.0/token", data=form | scope)
        return str(answer.json()["access_token"])

    def get(self, path: str, asked: dict[str, str] | None = None, prefer: str = "") -> Any:
        return self.http.get(path, params=asked, headers={"Prefer": prefer} if prefer else {})

    def view(self, rep: str = JO, prefer: str = "", **asked: str) -> list[dict[str, Any]]:
        asked = WINDOW | {f"${name}": value for name, value in asked.items()}
        answer = self.get(f"users/{rep}/calendarView", asked, prefer)
        assert answer.status_code == 200, answer.text
        return list(answer.json()["value"])

    def delta(self, link: str = "", prefer: str = "", rep: str = JO) -> tuple[list[dict[str, Any]], str]:
        """A whole round: everything told, and the link for the next."""
        found: list[dict[str, Any]] = []
        page = self.get(link or f"users/{rep}/calendarView/delta", None if link else WINDOW, prefer)
        while True:
            assert page.status_code == 200, page.text
            told = page.json()
            found += told["value"]
            if "@odata.deltaLink" in told:
                return found, told["@odata.deltaLink"]
            page = self.get(told["@odata.nextLink"], prefer=prefer)


def put(tenant: Tenant, calendars: list[str] | None = None, start: datetime = NOON, **event: Any) -> str:
    told = {"subject": "Demo", "attendees": [person(JO), person(ANN)]} | event
    return tenant.simulator.put_event(calendars or [JO], start=start, end=start + HOUR, **told)
