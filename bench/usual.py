"""The same work done the usual way, against the same made-up Zoho: list pages, a search per attendee, an insert per
record. Every request is really made; the ledger of the made-up Zoho tells what it cost."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import httpx

from activity_sync.model.interactions import MeetingCopy
from bench.company import Company, charged

_FIELDS = "Last_Name,Email,Phone,Owner,Account_Name,Modified_Time"
_MODULES = ("Contacts", "Leads", "Accounts", "Deals")


class Usual:
    """A plain client."""

    def __init__(self, company: Company) -> None:
        self._company = company
        sim = company.sim
        grant = {"grant_type": "refresh_token", "client_id": sim.client_id, "client_secret": sim.client_secret}
        self._grant = {**grant, "refresh_token": sim.refresh_token}
        self._client = httpx.Client(base_url=company.url, trust_env=False)
        self._until: datetime | None = None

    def load(self) -> int:
        """All records by list pages of 200; the credits."""
        before = charged(self._company.sim)
        for module in _MODULES:
            place: dict[str, str] = {}
            while True:
                params = {"fields": _FIELDS, "per_page": "200", **place}
                info = self._ask("GET", f"/crm/v8/{module}", params=params).json()["info"]
                if not info["more_records"] or not info["next_page_token"]:
                    break
                place = {"page_token": info["next_page_token"]}
        return charged(self._company.sim) - before

    def quiet_day(self) -> int:
        """Each list asked for changes every five minutes; the credits."""
        before = charged(self._company.sim)
        for _ in range(24 * 12):
            since = (self._company.sim.clock.now() - timedelta(minutes=5)).isoformat(timespec="seconds")
            for module in _MODULES:
                headers = {"If-Modified-Since": since}
                self._ask("GET", f"/crm/v8/{module}", params={"fields": _FIELDS}, headers=headers)
            self._company.sim.clock.shift(timedelta(minutes=5))
        return charged(self._company.sim) - before

    def busy_day(self) -> int:
        """The quiet day, and for each sighting its searches and its write; the credits."""
        before = charged(self._company.sim)
        self.quiet_day()
        made: dict[str, str] = {}
        for _, one in (*self._company.meetings.shown, *self._company.calls.shown):
            if isinstance(one, MeetingCopy):
                people = [{"email": guest.email} for guest in one.participants if not guest.organizer]
                record = {"Event_Title": one.title, "Start_DateTime": _at(one.start), "End_DateTime": _at(one.end)}
                self._written(made, one.event_id, "Events", people, record)
            else:
                missed = not one.talk_seconds
                own = {} if missed else {"Call_Duration": f"{one.talk_seconds // 60:02d}:{one.talk_seconds % 60:02d}"}
                kind = "Missed" if missed else "Outbound"
                record = {"Subject": "Call", "Call_Type": kind, "Call_Start_Time": _at(one.started), **own}
                self._written(made, one.record_id, "Calls", [{"phone": one.outside_number}], record)
                if missed:
                    self._ask("POST", "/crm/v8/Tasks", json={"data": [{"Subject": "Call back"}]})
        return charged(self._company.sim) - before

    def _written(
        self, made: dict[str, str], key: str, module: str, people: list[dict[str, str]], record: dict[str, Any]
    ) -> None:
        if key in made:
            self._ask("PUT", f"/crm/v8/{module}/{made[key]}", json={"data": [{"Description": "later"}]})
            return
        for person in people:
            found = self._ask("GET", "/crm/v8/Contacts/search", params=person)
            if found.status_code == 204:
                self._ask("GET", "/crm/v8/Leads/search", params=person)
        answer = self._ask("POST", f"/crm/v8/{module}", json={"data": [record]}).json()
        made[key] = answer["data"][0]["details"].get("id", "")

    def _ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        now = self._company.sim.clock.now()
        if self._until is None or now > self._until:
            token = self._client.post("/oauth/v2/token", data=self._grant).json()["access_token"]
            self._client.headers["Authorization"] = f"Zoho-oauthtoken {token}"
            self._until = now + timedelta(minutes=50)
        return self._client.request(method, path, **more)


def _at(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
