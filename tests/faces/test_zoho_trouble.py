"""What can be wrong with Zoho: named in `check` and `status`, nothing is lost by it, and work resumes by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from activity_sync.config import load
from activity_sync.model.records import ACTIVITIES
from activity_sync.net import session
from activity_sync.net.patience import Patience
from activity_sync.simulator.clock import Clock
from activity_sync.simulator.mishaps import Mishap
from activity_sync.simulator.zoho import ALL_SCOPES, ZohoSimulator
from activity_sync.steps.progress import hold
from activity_sync.store.database import open_database
from tests.dose import dose
from tests.faces.conftest import Desk, company
from tests.faces.test_connect import configure, lines

ALWAYS = 10**6


@pytest.fixture(autouse=True)
def _in_a_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits between two tries."""
    monkeypatch.setattr(session, "Patience", lambda: Patience(pause=lambda _: None))


@pytest.fixture
def synced(tmp_path: Path) -> Iterator[Desk]:
    """A company with some scenes after its first sync; there is more to come."""
    with company(tmp_path, scenes=4) as desk:
        assert desk("sync", "--json").exit == 0
        yield desk


@dataclass(frozen=True)
class Trouble:
    """`why`: of the line in `check` and of the connection in `status`; `hint`: what `check` says is to be done."""

    begin: Callable[[ZohoSimulator], object]
    end: Callable[[ZohoSimulator], object]
    why: str
    hint: str = ""


def other_region(zoho: ZohoSimulator) -> None:
    zoho.accounts.client_id = "1000.ANOTHER"
    zoho.accounts.expire_access_tokens()


def own_region(zoho: ZohoSimulator) -> None:
    zoho.accounts.client_id = zoho.client_id


def revoke(zoho: ZohoSimulator) -> None:
    zoho.accounts.revoke(zoho.refresh_token)


def grant_again(zoho: ZohoSimulator) -> None:
    zoho.accounts._grants[zoho.refresh_token] = zoho.accounts._grants[zoho.accounts.add_refresh_token()]


def throttle(zoho: ZohoSimulator) -> None:
    zoho.accounts._grants[zoho.refresh_token].created.extend([zoho.clock.now()] * 10)
    zoho.accounts.expire_access_tokens()


def throttle_no_more(zoho: ZohoSimulator) -> None:
    zoho.accounts._grants[zoho.refresh_token].created.clear()


def take_licence(zoho: ZohoSimulator) -> None:
    zoho.switches.unlicensed = True


def give_licence(zoho: ZohoSimulator) -> None:
    zoho.switches.unlicensed = False


def befall(mishap: Mishap) -> Callable[[ZohoSimulator], None]:
    return lambda zoho: zoho.mishaps.plan(mishap, path="/crm/", times=ALWAYS)


def clear(zoho: ZohoSimulator) -> None:
    zoho.mishaps.clear()


TROUBLES = {
    "no access": [
        Trouble(other_region, own_region, "does not know this client id in this region", "zoho.data_center"),
        Trouble(revoke, grant_again, "refresh token: it was revoked", "connect zoho"),
        Trouble(throttle, throttle_no_more, "too many access tokens"),
        Trouble(take_licence, give_licence, "has no licence for Zoho CRM", "licence"),
    ],
    "no answer": [
        Trouble(befall(Mishap.BAD_GATEWAY), clear, "Zoho has trouble (HTTP 502)", "next round"),
        Trouble(befall(Mishap.TOO_MANY), clear, "asks us to slow down", "next round"),
        Trouble(befall(Mishap.DROP_BEFORE), clear, "did not answer", "next round"),
    ],
    "strange answers": [
        Trouble(befall(Mishap.HTML), clear, "something that is not Zoho's", "proxy"),
        Trouble(befall(Mishap.FOREIGN), clear, "Zoho's answer", "proxy"),
        Trouble(befall(Mishap.TRUNCATED), clear, "Zoho did not answer", "next round"),
    ],
}


@pytest.mark.torture
@pytest.mark.parametrize("kind", dose(["no access", "strange answers"], list(TROUBLES)))
def test_each_trouble_is_named_costs_nothing_and_passes(synced: Desk, kind: str) -> None:
    zoho = synced.stage.zoho
    before, known = activities(zoho), synced("status", "--json").json["shadow"]
    somebody_is_met(synced)
    for trouble in TROUBLES[kind]:
        trouble.begin(zoho)
        told = synced("check", "--json")
        assert told.exit == 3
        assert trouble.why in lines(told)["zoho"]["detail"]
        assert trouble.hint in lines(told)["zoho"]["hint"]
        assert synced("sync", "--json").exit == 3
        status = synced("status", "--json").json
        assert not status["ok"]
        assert trouble.why in str(of_zoho(status)["error"])
        assert (held(status["shadow"]), activities(zoho)) == (held(known), before)
        trouble.end(zoho)
    assert synced("sync", "--json").json["problems"] == []
    status = synced("status", "--json").json
    assert (status["ok"], of_zoho(status)["ok"]) == (True, True), status["alerts"]
    assert len(activities(zoho)["Events"]) == len(before["Events"]) + 1
    assert held(status["shadow"])["Contacts"] == held(known)["Contacts"] + 1
    assert synced("check", "--json").exit == 0


def test_a_permission_that_was_taken_away_is_named_until_it_is_granted_again(synced: Desk) -> None:
    less = tuple(scope for scope in ALL_SCOPES if scope != "ZohoCRM.coql.READ")
    configure(synced, refresh_token=synced.stage.zoho.accounts.add_refresh_token(less))
    told = synced("check", "--json")
    assert "missing: ZohoCRM.coql.READ" in lines(told)["permissions"]["detail"]
    status = synced("status", "--json").json
    assert any("ZohoCRM.coql.READ" in alert["text"] for alert in status["alerts"])
    synced("sync", "--json")
    assert held(synced("status", "--json").json["shadow"]) == held(status["shadow"])
    configure(synced, refresh_token=synced.stage.zoho.refresh_token)
    assert synced("check", "--json").exit == 0
    assert synced("sync", "--json").json["problems"] == []
    assert synced("status", "--json").json["ok"]


@pytest.mark.parametrize(("wanted", "scope"), [(True, "ZohoCRM.notifications.ALL"), (False, "ZohoCRM.bulk.ALL")])
def test_a_permission_for_something_besides_is_named(tmp_path: Path, wanted: bool, scope: str) -> None:
    web = {"listen": "127.0.0.1:0", "public_url": "https://hooks.acme.example"}
    with company(tmp_path, scenes=1, web=web) as desk:
        less = tuple(one for one in ALL_SCOPES if one != scope)
        token = desk.stage.zoho.accounts.add_refresh_token(less)
        configure(desk, refresh_token=token, notifications=wanted)
        desk("sync", "--json")
        told = desk("check", "--json")
        assert (told.exit, lines(told)["permissions"]["ok"]) == (int(wanted), not wanted)
        assert scope.rpartition(".")[0] in lines(told)["permissions"]["detail"]
        said = "https://hooks.acme.example/hooks/zoho; Zoho does not push yet" if wanted else "none are asked for"
        assert lines(told)["webhooks"]["detail"].startswith(said)
        alerts = [alert["text"] for alert in desk("status", "--json").json["alerts"]]
        assert any(scope in alert for alert in alerts) is wanted


def test_a_field_that_vanished_is_named_and_the_rest_goes_on(tmp_path: Path) -> None:
    matching = {"email_fields": {"Contacts": ["Email", "Private_Email"]}}
    with company(tmp_path, scenes=2, matching=matching) as desk:
        desk.stage.zoho.add_field("Contacts", "Private_Email", "email")
        assert desk("sync", "--json").exit == 0
        known = desk("status", "--json").json
        assert not [one for one in known["alerts"] if "Private_Email" in one["text"]]
        del desk.stage.zoho.world.modules["Contacts"].fields["Private_Email"]
        told = desk("check", "--json")
        assert (told.exit, "has no field Private_Email" in told.out) == (1, True)
        status = desk("status", "--json").json
        assert any("Private_Email" in one["text"] for one in status["alerts"])
        desk.stage.play(2)
        assert desk("sync", "--json").exit == 0
        assert held(status["shadow"]) == held(known["shadow"])
        desk.stage.zoho.add_field("Contacts", "Private_Email", "email")
        assert desk("check", "--json").exit == 0
        assert desk("status", "--json").json["ok"]


_CLOCKS = [(timedelta(hours=-1), "behind"), (timedelta(hours=1), "ahead of")]


@pytest.mark.torture
@pytest.mark.parametrize(("ours", "word"), dose(_CLOCKS[:1], _CLOCKS))
def test_a_clock_that_is_wrong_by_an_hour_is_named_and_loses_nothing(
    tmp_path: Path, ours: timedelta, word: str
) -> None:
    with company(tmp_path, scenes=4) as desk:
        zoho = desk.stage.zoho
        zoho.clock = zoho.world.clock = zoho.accounts.clock = Shifted(-ours)
        assert desk("sync", "--json").exit == 0
        told = desk("check", "--json")
        assert (told.exit, lines(told)["clock"]["ok"]) == (1, False)
        assert f"60 minutes {word} Zoho's" in lines(told)["clock"]["detail"]
        status = desk("status", "--json").json
        assert any(f"60 minutes {word} Zoho's" in alert["text"] for alert in status["alerts"])
        before = held(status["shadow"])["Contacts"]
        zoho.add("Contacts", Last_Name="New", Email="new@brightwater.example")
        desk("sync", "--json")
        assert held(desk("status", "--json").json["shadow"])["Contacts"] == before + 1
        zoho.clock.shift(ours)
        assert desk("check", "--json").exit == 0
        assert desk("sync", "--json").exit == 0
        assert desk("status", "--json").json["ok"]


class Shifted(Clock):
    """Zoho's own clock, beside which ours is wrong."""

    def __init__(self, by: timedelta) -> None:
        super().__init__()
        self.shift(by)


def somebody_is_met(desk: Desk) -> None:
    """A new contact in Zoho, and a meeting with that person."""
    desk.stage.zoho.add("Contacts", Last_Name="New", Email="new@newcomers.example")
    start = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=6)
    people = [
        {"email": "jo@acme.example", "organizer": True, "responseStatus": "accepted"},
        {"email": "new@newcomers.example", "responseStatus": "accepted"},
    ]
    times = {"start": start, "end": start + timedelta(minutes=30)}
    desk.stage.google.put_event(["jo@acme.example"], summary="First talk", attendees=people, **times)


def activities(zoho: ZohoSimulator) -> dict[str, list[str]]:
    return {module: [record["id"] for record in zoho.records(module)] for module in ACTIVITIES}


def of_zoho(status: dict[str, Any]) -> dict[str, Any]:
    return next(one for one in status["connections"] if one["kind"] == "zoho")


def held(shadow: dict[str, Any]) -> dict[str, int]:
    return {name: count for name, count in shadow.items() if isinstance(count, int)}


def test_what_has_gone_for_good_goes_when_a_person_agrees(synced: Desk) -> None:
    told = synced("sync", "--agree", "Contacts")
    assert told.exit == 2
    assert "--agree Contacts: it is not held back" in told.err
    contacts = synced.stage.zoho.world.tables["Contacts"]
    for one in list(contacts.rows):
        contacts.remove(one, None)
    database = open_database(load(synced.config, {}).database)
    with database.transaction() as session:
        hold(session, "Contacts", "none of them is shown", datetime.now(UTC))
    database.dispose()
    status = synced("status", "--json").json
    assert any("`activity-sync sync --agree Contacts`" in alert["text"] for alert in status["alerts"])
    assert held(status["shadow"])["Contacts"] > 0
    assert synced("sync", "--agree", "contacts").exit == 0
    status = synced("status", "--json").json
    assert (held(status["shadow"])["Contacts"], status["shadow"]["held"], status["ok"]) == (0, {}, True)
