"""Answers that are none of Zoho's, or of a shape that only old pages show."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import httpx
import orjson
import pytest
import respx

from activity_sync.model.failures import TryLater, Uncertain, Unexpected
from activity_sync.model.records import Module, OrgFacts
from activity_sync.model.writes import Op
from activity_sync.net.patience import Patience
from activity_sync.zoho import ZohoCrm, open_zoho
from tests.builders import settings
from tests.zoho.stage import NOW, Ledger, Tokens, a_row

ORG = OrgFacts(key_field=frozenset({"Events"}))
API = "https://www.zohoapis.eu/crm/v8"


@pytest.fixture
def wire() -> Iterator[respx.MockRouter]:
    with respx.mock(assert_all_called=False) as mock:
        mock.post("https://accounts.zoho.eu/oauth/v2/token").respond(json={"access_token": "a", "expires_in": 3600})
        yield mock


@pytest.fixture
def crm() -> Iterator[ZohoCrm]:
    config = settings(zoho={"data_center": "eu", "client_id": "1", "client_secret": "2", "refresh_token": "3"})
    patience = Patience(pause=lambda _: None)
    opened = open_zoho(config, Tokens(), Ledger(), lambda: NOW, lambda: ORG, patience=patience)
    yield opened
    opened.close()


def refusal(code: str, status: int = 400, **details: Any) -> httpx.Response:
    return httpx.Response(status, json={"code": code, "details": details, "message": code, "status": "error"})


def rows(*results: dict[str, Any], status: int = 200) -> httpx.Response:
    return httpx.Response(status, json={"data": list(results)})


def good(record_id: str = "7") -> dict[str, Any]:
    return {"code": "SUCCESS", "details": {"id": record_id}, "message": "record added", "status": "success"}


def bad(code: str, message: str = "no", **details: Any) -> dict[str, Any]:
    return {"code": code, "details": details, "message": message, "status": "error"}


FOREIGN = [
    httpx.Response(200, html="<h1>Hello</h1>"),
    httpx.Response(200, text='{"data":[{"id":"1"'),
    httpx.Response(200, json=[1]),
    httpx.Response(200, json={"rows": []}),
    httpx.Response(200, json={"data": [7]}),
    httpx.Response(200, stream=httpx.ByteStream(b"no gzip"), headers={"Content-Encoding": "gzip"}),
    httpx.Response(418, text="teapot"),
]


@pytest.mark.parametrize("answer", FOREIGN, ids=range(len(FOREIGN)))
def test_a_reading_says_that_the_answer_is_not_zohos(
    wire: respx.MockRouter, crm: ZohoCrm, answer: httpx.Response
) -> None:
    wire.post(f"{API}/coql").mock(return_value=answer)
    with pytest.raises(Unexpected):
        list(crm.load(Module.CONTACTS, ORG))


NO_RESULT = [{"Last_Name": "no id"}, {}, {"code": "SUCCESS", "details": {}}, {"status": "success", "details": None}]


@pytest.mark.parametrize("result", NO_RESULT, ids=range(len(NO_RESULT)))
def test_a_result_that_says_nothing_leaves_its_row_uncertain(
    wire: respx.MockRouter, crm: ZohoCrm, result: dict[str, Any]
) -> None:
    wire.post(f"{API}/Events").mock(return_value=rows(result, good()))
    results = crm.send([a_row(1), a_row(2)])
    assert (results[1].done, results[1].uncertain) == (False, True)
    assert results[2].done


def test_rows_without_ids_are_not_zohos(wire: respx.MockRouter, crm: ZohoCrm) -> None:
    wire.post(f"{API}/coql").respond(200, json={"data": [{"Last_Name": "no id"}]})
    with pytest.raises(Unexpected):
        list(crm.load(Module.CONTACTS, ORG))


UNCLEAR = [
    *FOREIGN,
    httpx.Response(204),
    httpx.Response(200),
    httpx.Response(500, json={"code": "INTERNAL_ERROR", "status": "error"}),
    httpx.Response(504, html="gateway"),
    rows(),
    rows(good(), good("8")),
    refusal("INTERNAL_ERROR"),
    httpx.ReadError("reset"),
    httpx.ReadTimeout("slow"),
    httpx.WriteError("reset"),
    httpx.RemoteProtocolError("gone"),
]


@pytest.mark.parametrize("answer", UNCLEAR, ids=range(len(UNCLEAR)))
def test_a_write_with_an_unclear_answer_is_uncertain(
    wire: respx.MockRouter, crm: ZohoCrm, answer: httpx.Response | Exception
) -> None:
    route = wire.post(f"{API}/Events").mock(side_effect=[answer])
    with pytest.raises(Uncertain):
        crm.send([a_row(1)])
    assert route.call_count == 1


@pytest.mark.parametrize("error", [httpx.ConnectError("no"), httpx.ConnectTimeout("no"), httpx.ProxyError("no")])
def test_a_write_that_never_left_is_sent_later(wire: respx.MockRouter, crm: ZohoCrm, error: Exception) -> None:
    wire.post(f"{API}/Events").mock(side_effect=error)
    with pytest.raises(TryLater):
        crm.send([a_row(1)])


def test_a_wait_that_zoho_names_is_handed_on(wire: respx.MockRouter, crm: ZohoCrm) -> None:
    wire.post(f"{API}/Events").respond(429, headers={"Retry-After": "90"}, text="slow down")
    with pytest.raises(TryLater) as told:
        crm.send([a_row(1)])
    assert told.value.after == timedelta(seconds=90)


@pytest.mark.parametrize("status", [200, 201, 202, 207, 400])
def test_rows_count_whatever_the_status(wire: respx.MockRouter, crm: ZohoCrm, status: int) -> None:
    answer = rows(good(), bad("MANDATORY_NOT_FOUND", api_name="Event_Title"), status=status)
    wire.post(f"{API}/Events").mock(return_value=answer)
    results = crm.send([a_row(1), a_row(2)])
    assert (results[1].done, results[1].id) == (True, "7")
    assert (results[2].done, results[2].why) == (
        False,
        "Event_Title is mandatory in Zoho and has no value (MANDATORY_NOT_FOUND)",
    )


@pytest.mark.parametrize("code", ["RECORD_LOCKED", "NOT_APPROVED", "NOT_REVIEWED", "TOO_MANY_REQUESTS"])
def test_what_will_pass_is_to_be_tried_again(wire: respx.MockRouter, crm: ZohoCrm, code: str) -> None:
    wire.put(f"{API}/Events").mock(return_value=rows(bad(code), status=400))
    result = crm.send([a_row(1, op=Op.UPDATE, record_id="5", Venue="x")])[1]
    assert (result.done, result.again, result.gone) == (False, True, False)


def test_a_record_that_was_changed_meanwhile_is_to_be_tried_again(wire: respx.MockRouter, crm: ZohoCrm) -> None:
    wire.put(f"{API}/Events").mock(return_value=refusal("ALREADY_MODIFIED", 412, id="5"))
    assert crm.send([a_row(1, op=Op.UPDATE, record_id="5", Venue="x")])[1].again


def test_a_row_over_which_zoho_stumbled_is_uncertain_alone(wire: respx.MockRouter, crm: ZohoCrm) -> None:
    wire.post(f"{API}/Events").mock(return_value=rows(good(), bad("INTERNAL_ERROR"), status=207))
    results = crm.send([a_row(1), a_row(2)])
    assert (results[1].done, results[1].uncertain) == (True, False)
    assert (results[2].done, results[2].uncertain, results[2].again) == (False, True, False)


def test_a_request_that_is_refused_as_a_whole_refuses_each_row(wire: respx.MockRouter, crm: ZohoCrm) -> None:
    wire.post(f"{API}/Events").mock(return_value=refusal("NO_PERMISSION", 403, permissions=["Crm_Create_Events"]))
    results = crm.send([a_row(1), a_row(2)])
    assert [(one.done, one.again, one.code) for one in results.values()] == [(False, False, "NO_PERMISSION")] * 2


def test_a_clash_among_several_faults_on_our_key_counts_as_done(wire: respx.MockRouter, crm: ZohoCrm) -> None:
    twin = bad("DUPLICATE_DATA", api_name="Activity_Sync_Key", duplicate_record={"id": "9"})
    answer = rows(bad("MULTIPLE_OR_MULTI_ERRORS", errors=[bad("INVALID_DATA", api_name="Venue"), twin]), status=400)
    wire.post(f"{API}/Events").mock(return_value=answer)
    assert crm.send([a_row(1)])[1].id == "9"


TWIN = {"api_name": "Email", "id": "9"}


@pytest.mark.parametrize(
    ("details", "there"),
    [
        ([TWIN], (Module.LEADS, "9")),
        ([{"duplicate_record": {"id": "9", "module": {"api_name": "Contacts"}}}], (Module.CONTACTS, "9")),
        ([{**TWIN, "duplicate_record": {"id": "9", "module": "Contacts"}}], (Module.CONTACTS, "9")),
        ([TWIN, {"api_name": "Phone", "id": "9"}], (Module.LEADS, "9")),
        ([TWIN, {"api_name": "Phone", "id": "8"}], None),
        ([{**TWIN, "more_records": True}], None),
        ([{**TWIN, "duplicate_record": {"id": "9", "module": {"api_name": "Vendors"}}}], None),
        ([{"api_name": "Email"}], None),
    ],
)  # fmt: skip
def test_whom_a_clash_names(wire: respx.MockRouter, crm: ZohoCrm, details: Any, there: Any) -> None:
    faults = [bad("DUPLICATE_DATA", **one) for one in details]
    whole = faults[0] if len(faults) == 1 else bad("MULTIPLE_OR_MULTI_ERRORS", errors=faults)
    wire.post(f"{API}/Leads").mock(return_value=rows(whole, status=400))
    result = crm.send([a_row(1, Module.LEADS)])[1]
    assert (result.done, result.again, result.there) == (False, False, there)


def test_results_of_a_deletion_are_told_apart_by_id(wire: respx.MockRouter, crm: ZohoCrm) -> None:
    mixed = rows(bad("INVALID_DATA", "record not deleted", id="6"), good("5"), status=207)
    wire.delete(f"{API}/Events").mock(return_value=mixed)
    results = crm.send([a_row(1, op=Op.DELETE, record_id="5"), a_row(2, op=Op.DELETE, record_id="6")])
    assert (results[1].done, results[2].gone) == (True, True)


def part(status: int, body: Any) -> dict[str, Any]:
    return {"code": "SUCCESS", "status": "success", "details": {"response": {"status_code": status, "body": body}}}


def test_parts_of_a_composite_are_judged_one_by_one(wire: respx.MockRouter, crm: ZohoCrm) -> None:
    parts = [
        part(201, {"data": [good("7")]}),
        part(500, {"code": "INTERNAL_ERROR", "status": "error"}),
        {"code": "NOT_ALLOWED", "status": "error", "message": "stopped", "details": {}},
        part(404, bad("INVALID_DATA", "the id given seems to be invalid", resource_path_index=1)),
        part(200, "<html>"),
    ]
    wire.post(f"{API}/__composite_requests").respond(207, json={"__composite_requests": parts})
    mixture = [
        a_row(1),
        a_row(2, Module.CALLS),
        a_row(3, Module.TASKS),
        a_row(4, op=Op.UPDATE, record_id="5", Venue="x"),
        a_row(5, Module.TASKS),
    ]
    results = crm.send(mixture)
    assert results[1].done
    assert [results[number].uncertain for number in range(1, 6)] == [False, True, False, False, True]
    assert [results[number].again for number in range(1, 6)] == [False, False, True, False, False]
    assert results[4].gone


@pytest.mark.parametrize("answer", [{"__composite_requests": []}, {"__composite_requests": None}, {}])
def test_a_composite_with_missing_parts_is_uncertain(wire: respx.MockRouter, crm: ZohoCrm, answer: Any) -> None:
    wire.post(f"{API}/__composite_requests").respond(200, json=answer)
    with pytest.raises(Uncertain):
        crm.send([a_row(1), a_row(2, Module.CALLS)])


CURSORS = {"Contacts": "2026-03-02T10:00:00+00:00", "Leads": "2026-03-02T10:00:00+00:00"}


def composite(*parts: Any) -> Callable[[httpx.Request], httpx.Response]:
    return lambda _: httpx.Response(200, json={"__composite_requests": list(parts)})


def test_a_failed_part_is_noted_and_its_cursor_stays(wire: respx.MockRouter, crm: ZohoCrm) -> None:
    contact = {"id": "7", "Last_Name": "Doe", "Modified_Time": "2026-03-02T11:00:00+00:00"}
    body = {"data": [contact], "info": {"more_records": False}}
    wire.post(f"{API}/__composite_requests").mock(
        side_effect=composite(part(200, body), part(500, None), {"code": "X", "status": "error"})
    )
    found = crm.refresh(CURSORS, OrgFacts())
    assert [row.record.id for row in found.rows[Module.CONTACTS]] == ["7"]
    assert found.cursors["Contacts"] == "2026-03-02T11:00:00+00:00"
    assert "Leads" not in found.cursors
    assert found.deleted == {}
    assert len(found.notes) == 2


def test_bodies_that_are_json_in_a_text_are_read(wire: respx.MockRouter, crm: ZohoCrm) -> None:
    contact = {"id": "7", "Last_Name": "Doe", "Modified_Time": "2026-03-02T11:00:00+00:00"}
    text = orjson.dumps({"data": [contact], "info": {}}).decode()
    wire.post(f"{API}/__composite_requests").mock(side_effect=composite(part(200, text), part(204, ""), part(204, {})))
    assert len(crm.refresh(CURSORS, OrgFacts()).rows[Module.CONTACTS]) == 1


def test_a_composite_of_another_length_is_not_guessed_at(wire: respx.MockRouter, crm: ZohoCrm) -> None:
    wire.post(f"{API}/__composite_requests").mock(side_effect=composite(part(204, None)))
    with pytest.raises(Unexpected):
        crm.refresh(CURSORS, OrgFacts())


def test_a_page_that_repeats_itself_ends_the_comparing_of_ids(wire: respx.MockRouter, crm: ZohoCrm) -> None:
    pages = [[{"id": str(100 + number)} for number in range(2000)], [{"id": "2100"}]]
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        query = orjson.loads(request.content)["select_query"]
        asked.append(query)
        last = query.endswith("limit 2000, 2000")
        return httpx.Response(200, json={"data": pages[last], "info": {"more_records": not last}})

    wire.post(f"{API}/coql").mock(side_effect=answer)
    wire.get(f"{API}/Contacts/actions/count").respond(json={"count": 2001})
    found = [row.record.id for page in crm.load(Module.CONTACTS, OrgFacts()) for row in page.rows]
    assert found == [row["id"] for page in pages for row in page]
    assert len(asked) == 3
