"""The pretend Zoom Phone, Quo and CloudTalk, asked over real HTTP."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from activity_sync.simulator.clock import Clock
from activity_sync.simulator.dialers.cloudtalk import CloudTalkSimulator
from activity_sync.simulator.dialers.quo import QuoSimulator
from activity_sync.simulator.dialers.zoom_phone import ZoomPhoneSimulator

NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def iso(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"


def zoom_token(web: httpx.Client, zoom: ZoomPhoneSimulator, **changes: str) -> httpx.Response:
    form = {"grant_type": "account_credentials", "account_id": zoom.account_id} | changes
    return web.post("/oauth/token", data=form, auth=(zoom.client_id, zoom.client_secret))


def test_zoom_gives_a_token_for_an_hour_and_names_a_host_of_its_region() -> None:
    zoom = ZoomPhoneSimulator(Clock(NOON))
    with zoom.serve() as url, httpx.Client(base_url=url, trust_env=False) as web:
        assert zoom_token(web, zoom, account_id="another").status_code == 400
        assert web.get("/v2/phone/call_history").json()["code"] == 124
        told = zoom_token(web, zoom).json()
        assert told["api_url"] != url
        web.headers["Authorization"] = f"Bearer {told['access_token']}"
        assert web.get("/v2/phone/call_history").json()["call_history"] == []
        zoom.clock.shift(HOUR)
        assert web.get("/v2/phone/call_history").status_code == 401


def test_zooms_history_has_windows_filters_pages_that_die_and_retired_twins() -> None:
    zoom = ZoomPhoneSimulator(Clock(NOON))
    jo = zoom.add_user("jo@acme.example", "Jo Smith", "101")
    ends = {"caller_did_number": "+447700900123", **zoom.user_end(jo, "callee")}
    made = [zoom.add_record("inbound", NOON - hours * HOUR, ends, talk=60, recorded=hours == 1) for hours in (1, 2, 3)]
    with zoom.serve() as url, httpx.Client(base_url=url, trust_env=False) as web:
        web.headers["Authorization"] = f"Bearer {zoom_token(web, zoom).json()['access_token']}"

        def ask(path: str = "/call_history", **asked: Any) -> httpx.Response:
            zoom.clock.shift(timedelta(seconds=1))
            return web.get(f"/v2/phone{path}", params=asked)

        week = {"from": iso(NOON - 7 * DAY), "to": iso(NOON)}
        first = ask(**week, page_size=2).json()
        second = ask(**week, page_size=2, next_page_token=first["next_page_token"]).json()
        assert [one["id"] for one in first["call_history"] + second["call_history"]] == made
        assert second["next_page_token"] == ""
        assert [one["id"] for one in ask(**week, recording_status="non_recorded").json()["call_history"]] == made[1:]
        zoom.recorded_by_default = True
        assert [one["id"] for one in ask(**week).json()["call_history"]] == made[:1]
        zoom.clock.shift(timedelta(minutes=16))
        assert ask(**week, page_size=2, next_page_token=first["next_page_token"]).status_code == 400
        for wrong in (
            {"from": iso(NOON - DAY)},
            {"from": iso(NOON - 40 * DAY), "to": iso(NOON)},
            {"from": iso(NOON - 300 * DAY), "to": iso(NOON - 290 * DAY)},
            {**week, "page_size": 301},
            {**week, "time_type": "endTime"},
            {**week, "limit": 5},
        ):
            assert ask(**wrong).status_code == 400, wrong
        assert ask("/call_logs").status_code == 404
        assert ask(f"/call_history/{made[0]}").json()["call_elements"] == []
        zoom.scopes.clear()
        assert ask(**week).json()["code"] == 4711
        assert [web.get("/v2/phone/users").status_code for _ in range(11)][-1] == 429


def test_quo_wants_its_version_and_lists_the_workspace_newest_first() -> None:
    quo = QuoSimulator(Clock(NOON))
    jo, line = quo.add_user("jo@acme.example", "Jo Smith"), quo.add_number("+442079460100")
    made = [
        quo.add_call("incoming", "+447700900123", NOON - hours * HOUR, line=line, owner=jo, by=jo)
        for hours in range(1, 13)
    ]
    with quo.serve() as url, httpx.Client(base_url=url, trust_env=False) as web:
        assert web.get("/calls", headers={"Authorization": f"Bearer {quo.api_key}"}).status_code == 401
        web.headers["Authorization"] = quo.api_key
        assert web.get("/calls").status_code == 400
        web.headers["Quo-Api-Version"] = "2026-03-30"
        first = web.get("/calls").json()
        second = web.get("/calls", params={"after": first["nextCursor"]}).json()
        assert [one["id"] for one in first["data"] + second["data"]] == made
        assert (len(first["data"]), second["nextCursor"], "summary" in first["data"][0]) == (10, None, False)
        shown = web.get("/calls", params={"include": "summary,voicemail", "limit": 1}).json()["data"][0]
        assert (shown["summary"]["status"], "voicemail" in shown) == ("absent", False)
        assert web.get("/calls", params={"createdAt[gte]": iso(NOON - HOUR)}).json()["data"][0]["id"] == made[0]
        for wrong in ({"limit": 51}, {"include": "recording"}, {"createdAt[gt]": iso(NOON)}, {"maxResults": 5}):
            assert web.get("/calls", params=wrong).status_code == 400, wrong
        assert web.get("/calls").status_code == 429
        quo.clock.shift(timedelta(seconds=1))
        assert web.get(f"/calls/{made[0]}").json()["data"]["status"] == "completed"


def test_cloudtalk_wraps_its_answers_and_tells_when_requests_come_back() -> None:
    talk = CloudTalkSimulator(Clock(NOON), limit=10)
    agent = talk.add_agent("jo@acme.example", "Jo Smith")
    made = [talk.add_call("incoming", 447700900123, NOON - days * DAY, line=442079460100, agent=agent, talk=60)
            for days in (1, 2, 3)]  # fmt: skip
    accept = {"Accept": "application/json"}
    with talk.serve() as url, httpx.Client(base_url=f"{url}/api", trust_env=False, headers=accept) as web:
        assert web.get("/calls/index.json").status_code == 401
        web.auth = httpx.BasicAuth(talk.api_id, talk.api_key)
        held = web.get("/calls/index.json", params={"limit": 2}).json()["responseData"]
        assert ([one["Cdr"]["id"] for one in held["data"]], held["pageCount"], held["itemsCount"]) == (made[:2], 2, 3)
        since = {"date_from": f"{NOON - 2.5 * DAY:%Y-%m-%d %H:%M:%S}"}
        assert len(web.get("/calls/index.json", params=since).json()["responseData"]["data"]) == 2
        for wrong in ({"limit": 1001}, {"date_from": "2026-03-09T00:00:00Z"}, {"per_page": 5}):
            answer = web.get("/calls/index.json", params=wrong)
            assert (answer.status_code, answer.json()["responseData"]["status"]) == (400, 400), wrong
        assert web.get("/calls/index.json", headers={"Accept": "text/html"}).status_code == 406
        statuses = [web.get("/agents/index.json") for _ in range(4)]
        assert [one.status_code for one in statuses] == [200, 200, 200, 429]
        assert "retry-after" not in statuses[-1].headers
        assert int(statuses[-1].headers["X-CloudTalkAPI-ResetTime"]) == int((NOON + HOUR / 60).timestamp())
