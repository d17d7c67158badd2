"""Is it alive, does it do its work, and in figures."""

from __future__ import annotations

from datetime import datetime, timedelta

from prometheus_client.parser import text_string_to_metric_families

from activity_sync.model.records import SHADOWED
from activity_sync.steps.progress import Progress, keep_progress
from activity_sync.store import runs
from tests.web.conftest import Serve, Served, now


def a_round(served: Served, started: datetime, seconds: float | None = 12) -> None:
    """A round that began then; None: it goes on."""
    with served.app.database.transaction() as session:
        run = runs.start_run(session, "run", started)
        if seconds is not None:
            runs.finish_run(session, run, {"problems": []}, started + timedelta(seconds=seconds))


def loaded(served: Served) -> None:
    with served.app.database.transaction() as session:
        keep_progress(session, Progress(cursors={module.value: "x" for module in SHADOWED}), now())


def test_it_is_alive_before_it_is_ready(served: Served) -> None:
    assert served.client.get("/healthz").json() == {"ok": True}
    answer = served.client.get("/readyz")
    assert (answer.status_code, answer.json()) == (
        503,
        {"ok": False, "reasons": ["the local copy of Zoho is not loaded yet", "no round was done yet"]},
    )
    loaded(served)
    a_round(served, now())
    assert served.client.get("/readyz").json() == {"ok": True, "reasons": []}


def test_a_round_that_is_overdue_is_a_reason(served: Served) -> None:
    loaded(served)
    a_round(served, now() - timedelta(minutes=19))
    assert served.client.get("/readyz").status_code == 200
    with served.app.database.transaction() as session:
        row = runs.latest_runs(session)[0]
        row.started = row.ended = now() - timedelta(minutes=22)
        session.add(row)
    answer = served.client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["reasons"][0].startswith("the last round is of ")


def test_a_database_of_another_version_is_a_reason_and_the_process_is_alive(served: Served) -> None:
    with served.app.database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = 'of another'")
    (reason,) = served.client.get("/readyz").json()["reasons"]
    assert "newer Activity Sync" in reason
    assert served.client.get("/healthz").status_code == 200


def test_a_database_that_is_gone_is_a_reason_and_a_figure(served: Served) -> None:
    file = served.app.database.file
    assert file is not None
    served.app.database.dispose()
    file.rename(file.with_suffix(".gone"))
    file.mkdir()
    assert served.client.get("/readyz").json()["reasons"][0].startswith("the database cannot be used: ")
    assert served.figure("database_up") == 0
    assert served.figure("alerts") is None
    assert served.client.get("/healthz").status_code == 200


def test_the_figures_are_those_of_status_and_credits(served: Served) -> None:
    a_round(served, now(), 12)
    a_round(served, now(), None)
    answer = served.client.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=")
    names = {family.name for family in text_string_to_metric_families(answer.text)}
    assert names == {
        f"activity_sync_{name}"
        for name in (
            "database_up", "interactions", "outbox", "shadow_rows", "connection_up", "connection_lag_seconds",
            "credits_limit", "credits_left", "credits_usable", "credits_used", "alerts",
            "last_round_duration_seconds", "pushes",
        )
    }  # fmt: skip
    assert served.figure("database_up") == 1
    assert served.figure("last_round_duration_seconds") == 12
    assert served.figure("connection_up", connection="aircall") == 1
    assert served.figure("connection_up", connection="resting") is None
    assert served.figure("outbox", state="failed") == 0
    assert served.figure("shadow_rows", module="Contacts") == 0


def test_a_connection_that_fails_is_down(served: Served) -> None:
    from activity_sync.store import cursors

    with served.app.database.transaction() as session:
        cursors.read_well(session, "ring", "", "x", now() - timedelta(minutes=3))
        cursors.read_badly(session, "ring", "", "no longer", now())
    assert served.figure("connection_up", connection="ring", kind="ringcentral") == 0
    assert 170 < (served.figure("connection_lag_seconds", connection="ring") or 0) < 400
    assert served.figure("alerts") == 1


def test_figures_can_be_read_while_rounds_write(serve: Serve) -> None:
    served = serve()
    with served.app.database.transaction():
        assert served.client.get("/metrics").status_code == 200
        assert served.client.get("/readyz").status_code == 503
