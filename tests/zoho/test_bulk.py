"""Big modules come by Zoho's Bulk Read: for fewer credits, and all the same after a crash at any point."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest

from activity_sync.model.failures import ConnectionFailure
from activity_sync.model.ports import LoadPage
from activity_sync.model.records import Module, OrgFacts
from activity_sync.simulator.clock import Clock
from activity_sync.simulator.mishaps import Mishap
from activity_sync.simulator.zoho import ALL_SCOPES, ZohoSimulator
from activity_sync.zoho import bulk, loading
from tests.zoho.stage import LONG_AGO, NOW, Stage, a_stage


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Exports of few records are worth it, so that tests need not have many."""
    monkeypatch.setattr(bulk, "MOST_ROWS", 50)
    monkeypatch.setattr(loading, "MOST_ROWS", 50)
    monkeypatch.setattr(loading, "_UNTOLD", 100)
    monkeypatch.setattr(loading, "is_worth_it", lambda rows: rows > 100)


@contextmanager
def big(
    count: int = 400, page_rows: int = 200_000, scopes: tuple[str, ...] = ALL_SCOPES
) -> Iterator[tuple[Stage, OrgFacts, list[str]]]:
    with a_stage(ZohoSimulator(Clock(NOW), scopes=scopes)) as stage:
        stage.sim.switches.bulk_page_rows = page_rows
        account = stage.sim.add("Accounts", Account_Name="Globex")
        ids = [
            stage.sim.add(
                "Contacts",
                Last_Name=f'Person, {number} "the\nnext"',
                Email=f"p{number}@globex.example",
                Account_Name=account if number % 2 else None,
                Modified_Time=LONG_AGO,
            )
            for number in range(count)
        ]
        org = stage.learn()
        stage.cost()
        yield stage, org, ids


def waited(stage: Stage, pages: Iterator[LoadPage]) -> Iterator[LoadPage]:
    for page in pages:
        stage.clock.shift(page.wait)
        yield page


def collect(into: list[LoadPage], stage: Stage, pages: Iterator[LoadPage]) -> None:
    for page in waited(stage, pages):
        into.append(page)  # noqa: PERF402 - what came before a failure counts


def load(stage: Stage, org: OrgFacts, after: str = "") -> list[LoadPage]:
    pages = stage.crm.resume(Module.CONTACTS, org, after) if after else stage.crm.load(Module.CONTACTS, org)
    return list(waited(stage, pages))


def records(pages: list[LoadPage]) -> dict[str, Any]:
    return {row.record.id: row for page in pages for row in page.rows}


def exports(stage: Stage) -> int:
    return sum(one.method == "POST" for one in stage.asked("/crm/bulk/v8/read"))


def test_a_big_module_is_exported_and_costs_the_same_however_big_it_is() -> None:
    with big() as (stage, org, ids):
        pages = load(stage, org)
        assert set(records(pages)) == set(ids)
        booked, charged = stage.cost()
        assert booked == charged == 1 + 1 + 50 + 1 + 1
        assert pages[-1].after == ""
        assert pages[-1].done == pages[-1].total == len(ids)


def test_an_export_gives_the_very_records_that_pages_give(monkeypatch: pytest.MonkeyPatch) -> None:
    with big(160) as (stage, org, _):
        exported = records(load(stage, org))
        monkeypatch.setattr(loading, "is_worth_it", lambda rows: False)
        assert exported == records(load(stage, org))


def test_several_exports_follow_one_another() -> None:
    with big(400, page_rows=150) as (stage, org, ids):
        pages = load(stage, org)
        assert set(records(pages)) == set(ids)
        assert exports(stage) == 3


def test_a_load_that_is_killed_after_any_page_goes_on_there() -> None:
    with big(400, page_rows=150) as (stage, org, ids):
        whole = load(stage, org)
        for crash in range(1, len(whole)):
            pages: list[LoadPage] = []
            for page in waited(stage, stage.crm.load(Module.CONTACTS, org)):
                pages.append(page)
                if len(pages) == crash:
                    break
            asked = exports(stage)
            stage.clock.shift(timedelta(minutes=2))  # downloads are counted by the minute
            rest = load(stage, org, pages[-1].after)
            assert set(records([*pages, *rest])) == set(ids)
            assert exports(stage) - asked <= 3
            stage.clock.shift(timedelta(minutes=2))


def test_without_the_right_to_exports_the_pages_go_on() -> None:
    scopes = tuple(one for one in ALL_SCOPES if "bulk" not in one)
    assert len(scopes) < len(ALL_SCOPES)
    with big(scopes=scopes) as (stage, org, ids):
        assert set(records(load(stage, org))) == set(ids)
        assert exports(stage) == 1


def test_without_a_number_of_records_an_export_is_tried_after_many_pages() -> None:
    scopes = tuple(one for one in ALL_SCOPES if "earch" not in one)
    with big(scopes=scopes) as (stage, org, ids):
        assert set(records(load(stage, org))) == set(ids)
        assert exports(stage) == 1


def test_a_job_that_zoho_has_forgotten_is_asked_for_again() -> None:
    with big() as (stage, org, ids):
        pages = []
        for page in waited(stage, stage.crm.load(Module.CONTACTS, org)):
            pages.append(page)
            if page.wait:
                stage.sim.world.bulk.jobs.clear()
                break
        rest = load(stage, org, pages[-1].after)
        assert set(records([*pages, *rest])) == set(ids)


def test_a_page_token_that_has_expired_begins_the_export_anew() -> None:
    with big(400, page_rows=150) as (stage, org, ids):
        pages = []
        for page in waited(stage, stage.crm.load(Module.CONTACTS, org)):
            pages.append(page)
            if page.done >= 150 and '"job":""' in page.after:
                stage.sim.world.bulk.tokens.clear()
                break
        rest = load(stage, org, pages[-1].after)
        assert set(records([*pages, *rest])) == set(ids)


def test_an_export_that_fails_is_replaced_by_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("activity_sync.simulator.zoho.bulk.reading._state", lambda *_: "FAILURE")
    with big() as (stage, org, ids):
        assert set(records(load(stage, org))) == set(ids)
        assert exports(stage) == 1


def test_an_export_that_never_ends_is_given_up() -> None:
    with big() as (stage, org, ids):
        stage.sim.switches.bulk_read_seconds = 1e9
        assert set(records(load(stage, org))) == set(ids)


@pytest.mark.parametrize("mishap", [Mishap.TRUNCATED, Mishap.HTML, Mishap.DROP_BEFORE, Mishap.BAD_GATEWAY])
def test_a_damaged_download_is_no_empty_module(mishap: Mishap) -> None:
    with big() as (stage, org, ids):
        stage.sim.mishaps.plan(mishap, path="/result", times=8)
        pages: list[LoadPage] = []
        with pytest.raises(ConnectionFailure):
            collect(pages, stage, stage.crm.load(Module.CONTACTS, org))
        stage.sim.mishaps.clear()
        rest = load(stage, org, pages[-1].after)
        assert set(records([*pages, *rest])) == set(ids)
        assert exports(stage) == 1


@pytest.mark.parametrize("mishap", [Mishap.DROP_AFTER, Mishap.ERROR_AFTER, Mishap.TRUNCATED])
def test_exports_whose_answers_are_lost_do_not_go_on_for_ever(mishap: Mishap) -> None:
    with big() as (stage, org, _):
        stage.sim.mishaps.plan(mishap, "POST", "/crm/bulk/v8/read", times=99)
        pages: list[LoadPage] = []
        for _ in range(6):
            try:
                pages += waited(stage, stage.crm.resume(Module.CONTACTS, org, pages[-1].after if pages else ""))
            except ConnectionFailure:
                continue
            break
        assert exports(stage) <= 3
