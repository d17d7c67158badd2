"""The real daemon, told by Zoho what changed: by a channel of its own, with pushes that prove themselves."""

from __future__ import annotations

import signal
from typing import Any

import httpx
import pytest

from activity_sync.store import shadow
from tests.journeys.company import Company
from tests.journeys.conftest import Founded
from tests.journeys.test_pushes import address, said, until


def contacts(company: Company) -> int:
    from activity_sync.model.records import Module

    with company.database() as database, database.reading() as session:
        return shadow.count(session, Module.CONTACTS)


def channels(company: Company) -> list[Any]:
    return list(company.stage.zoho.world.channels.values())


def renewals(company: Company) -> int:
    return sum(one.method == "PATCH" and one.path.endswith("/actions/watch") for one in company.stage.zoho.requests)


def refreshes(company: Company) -> int:
    return sum(one.path.endswith("/__composite_requests") for one in company.stage.zoho.requests)


def test_zoho_pushes_and_the_daemon_reads_long_before_its_turn(found: Founded, request: pytest.FixtureRequest) -> None:
    company = found(
        ["A customer rings"],
        zoho={"notifications": True, "shadow": {"refresh_every": "24h"}},
        web={"listen": "127.0.0.1:0", "public_url": "https://hooks.acme.example"},
        logging={"format": "json"},
    )
    company.set_["activity_sync.schedule:HURRIED_ZOHO"] = {"seconds": 1}
    company.set_["activity_sync.steps.channel:_RENEWED"] = {"seconds": 0}
    run = company.start("run")
    request.addfinalizer(run.kill)
    at = address(run)
    with httpx.Client(base_url=at, trust_env=False, timeout=20) as client:
        until(lambda: client.get("/readyz").status_code == 200, "it is ready")
        [channel] = until(lambda: channels(company), "the channel is made")
        assert channel.url == "https://hooks.acme.example/hooks/zoho"
        channel.url = f"{at}/hooks/zoho"
        before = contacts(company)

        company.stage.zoho.add("Contacts", Last_Name="Forged", Email="forged@newcomers.example")
        asked = refreshes(company)
        for wrong in ({"token": "guessed"}, {"channel_id": "1", "token": channel.token}, {"channel_id": channel.id}):
            forged = {"module": "Contacts", "ids": ["1"], "operation": "insert", "channel_id": channel.id, **wrong}
            assert client.post("/hooks/zoho", json=forged).status_code == 401
        assert client.post("/hooks/zoho", content=b"{").status_code == 400
        assert client.post("/hooks/Contacts", json={}).status_code == 404
        assert (refreshes(company), contacts(company)) == (asked, before)

        assert company.stage.zoho.push(twice=True, shuffled=True) == [202, 202]
        until(lambda: contacts(company) == before + 1, "the contact that was pushed")
        until(lambda: renewals(company), "the channel is renewed")
        assert channels(company) == [channel]

        assert client.get("/healthz").json()["ok"]
        told = client.get("/metrics").text
        assert 'activity_sync_pushes_total{connection="zoho",outcome="accepted"} 2.0' in told
        assert 'activity_sync_pushes_total{connection="zoho",outcome="refused"} 3.0' in told
        assert f'activity_sync_shadow_rows{{module="Contacts"}} {before + 1}.0' in told
        assert 'activity_sync_connection_up{connection="Acme",kind="zoho"} 1.0' in told
        assert 'activity_sync_credits_used{purpose="reading"}' in told
    run.send(signal.SIGTERM)
    done = run.done()
    assert done.exit == 0, done.err[-2000:]
    assert channel.token not in done.words
    assert not [one for one in said(run) if one["event"] == "round failed"]

    company.configure(zoho={"notifications": False})
    company.sync()
    assert channels(company) == []
