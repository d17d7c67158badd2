"""Rows that are pushed: signed, checked, stored before the answer, once, and read with the next turn."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from activity_sync.dialers.imported.pushed import REMEMBERED, PushedRows
from activity_sync.model.ports import Span
from tests.config.builders import told
from tests.web.conftest import IMPORT, KEY, Serve, Served, now, plain, row, standard


def read(served: Served, cursor: str = "") -> Any:
    """What the connection hands over since the cursor."""
    (source,) = (one for one in served.app.means.sources if one.name == "pbx")
    days = timedelta(days=7)
    return source.read("", cursor, Span(now=now(), oldest=now() - days, newest=now() + days, thorough=False))


def ids(changes: Any) -> list[str]:
    return [leg.record_id for leg in changes.sightings]


@pytest.mark.parametrize("path", ["pbx", "import/pbx"])
def test_rows_are_stored_and_read_with_the_next_turn(served: Served, path: str) -> None:
    answer = served.rows([row(1), row(2)], path=path)
    assert (answer.status_code, answer.json()) == (202, {"accepted": 2, "rejected": []})
    assert served.hurried == {"pbx"}
    first = read(served)
    assert ids(first) == ["1", "2"]
    assert served.rows(row(3), "msg_2", path).json()["accepted"] == 1
    second = read(served, first.cursor)
    assert ids(second) == ["3"]
    assert ids(read(served, second.cursor)) == []


def test_bad_rows_are_named_and_the_others_taken(served: Served) -> None:
    future = (now() + timedelta(days=40)).isoformat()
    rows = [row(1), row(2, to=None), "nonsense", row(3, started_at=future), row(4, **{"from": 4.42e11}), row(5)]
    told = served.rows(rows).json()
    assert told["accepted"] == 2
    assert [(one["index"], one["reason"]) for one in told["rejected"]] == [
        (1, "it has no `to`; write anonymous for a withheld number"),
        (2, "it is no JSON object"),
        (3, "it begins in the future: check its time and zone"),
        (4, "`from` is not the number any more, a spreadsheet rounded it: format the column as text"),
    ]
    assert served.stored() == ["1", "5"]


def test_a_delivery_that_is_repeated_is_answered_alike_and_stored_once(served: Served) -> None:
    answers = [served.rows([row(1), row(2, direction="up")]) for _ in range(3)]
    assert len({answer.text for answer in answers}) == 1
    assert (answers[0].status_code, served.stored()) == (202, ["1"])
    assert served.figure("pushes_total", connection="pbx", outcome="repeated") == 2


def test_a_delivery_is_known_again_after_a_restart_and_later_forgotten(tmp_path: Path) -> None:
    file = tmp_path / "a" / "rows.jsonl"
    now = datetime.now(UTC)
    assert PushedRows(file).add("msg_1", [b"{}"], now)
    assert not PushedRows(file).add("msg_1", [b"{}"], now + timedelta(hours=30))
    assert PushedRows(file).add("msg_1", [b"{}"], now + REMEMBERED + timedelta(seconds=2))
    assert PushedRows(file).add("", [b"{}"], now)
    assert PushedRows(file).add("", [b"{}"], now)
    assert file.read_bytes() == b"{}\n" * 4


def test_500_rows_fit_and_501_do_not(served: Served) -> None:
    many = [row(number) for number in range(501)]
    refused = served.rows(many)
    assert (refused.status_code, served.stored()) == (413, [])
    assert "several parts" in refused.json()["error"]
    assert served.rows(many[:500]).json() == {"accepted": 500, "rejected": []}
    assert len(served.stored()) == 500
    assert served.rows([], "msg_2").json() == {"accepted": 0, "rejected": []}


def test_what_is_neither_object_nor_array_is_refused(served: Served) -> None:
    for body in (b"", b"{", b'"text"', b"7", b"null", b"\xff"):
        assert served.push("pbx", content=body, **standard(body)).status_code == 400, body


def test_a_row_that_is_nested_too_deeply_fails_alone(served: Served) -> None:
    deep = json.dumps(row(2, more="X")).replace('"X"', "[" * 600 + "]" * 600)
    body = f"[{json.dumps(row(1))},{deep}]".encode()
    told = served.push("pbx", content=body, **standard(body)).json()
    assert (told["accepted"], [one["index"] for one in told["rejected"]]) == (1, [1])
    assert ids(read(served)) == ["1"]


def test_without_a_valid_signature_nothing_is_stored(served: Served) -> None:
    raw = json.dumps(row(1)).encode()
    good = standard(raw)
    now = time.time()
    for bad in (
        {},
        {**good, "webhook_id": "msg_2"},
        {**good, "webhook_signature": good["webhook_signature"].replace("v1,", "v2,")},
        {**good, "webhook_signature": "v1,"},
        {**good, "webhook_timestamp": "soon"},
        {**good, "webhook_timestamp": "\u0661767607200"},
        standard(raw, at=now - 301),
        standard(raw, at=now + 330),
        standard(raw, key="whsec_YW5vdGhlcg=="),
        {name: value for name, value in good.items() if name != "webhook_id"},
        {"X_Signature": "sha256="},
        {"X_Signature": "sha256=" + hmac.new(b"", raw, hashlib.sha256).hexdigest()},
        {"X_Signature": plain(raw), "webhook_id": "msg_1"},
    ):
        sent = {name.replace("_", "-"): value.encode() for name, value in bad.items()}
        assert served.client.post("/hooks/pbx", content=raw, headers=sent).status_code == 401, bad
    assert served.push("pbx", content=raw + b" ", **good).status_code == 401
    assert (served.stored(), served.hurried) == ([], set())


@pytest.mark.parametrize("key", [KEY.encode(), b"secretkey-of-the-pbx"])
def test_a_simple_telephone_system_signs_the_body_alone(served: Served, key: bytes) -> None:
    raw = json.dumps(row(1)).encode()
    assert served.push("pbx", content=raw, X_Signature=plain(raw, key).upper()).status_code == 202
    assert served.stored() == ["1"]


def test_one_of_several_signatures_is_enough(served: Served) -> None:
    raw = json.dumps(row(1)).encode()
    good = standard(raw)
    several = f"v1a,x v1,{'A' * 44} {good['webhook_signature']}"
    assert served.push("pbx", content=raw, **{**good, "webhook_signature": several}).status_code == 202


def test_a_half_written_line_of_another_process_spoils_nothing(served: Served) -> None:
    served.rows(row(1))
    with served.file().open("a") as stream:
        stream.write('{"id": "ha')
    served.rows(row(2), "msg_2")
    changes = read(served)
    assert (ids(changes), len(changes.unreadable)) == (["1", "2"], 1)


def test_when_nothing_can_be_stored_the_sender_is_told_to_try_again(served: Served) -> None:
    served.file().parent.parent.write_text("a file where the folder should be")
    answer = served.rows(row(1))
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "60")
    served.file().parent.parent.unlink()
    assert served.rows(row(1)).status_code == 202
    assert served.stored() == ["1"]


def test_rows_of_somebody_who_is_forgotten_are_blanked_and_the_others_stay_where_they_are(served: Served) -> None:
    nora = {"notes": "with Nora Qu\u00edll"}
    served.rows([row(1), row(2, **nora), row(3, **{"from": "020 7946 0999"})])
    served.file().rename(served.file().with_name("rows-1.jsonl"))
    served.rows([row(4), row(5, extra={"mail": ["N.Quill@Globex.example"]}), row(6)], "msg_2")
    first = read(served)
    assert len(ids(first)) == 6
    with served.file().open("a") as stream:
        stream.write('{"half": "n.quill@globex.example')
    size = served.file().stat().st_size
    (stored,) = served.app.means.stored
    assert stored.forget({"nora qu\u00edll", "+442079460999", "n.quill@globex.example"}) == 4
    assert stored.forget({"nora qu\u00edll", "+442079460999", "n.quill@globex.example"}) == 0
    assert served.file().stat().st_size == size
    assert [word for word in (b"uill", b"0999") if word in served.file().read_bytes()] == []
    served.rows(row(7), "msg_3")
    assert "7" in ids(read(served, first.cursor))
    assert sorted(ids(read(served))) == ["1", "4", "6", "7"]


def test_rows_of_long_ago_and_of_connections_that_are_read_no_more_are_forgotten_too(
    served: Served, tmp_path: Path
) -> None:
    old = row(1, started_at="2024-01-05T09:00:00Z")
    served.rows([old, row(2)])
    for name in ("off", "gone"):
        (tmp_path / "webhook" / name).mkdir()
    off, gone = (tmp_path / "webhook" / name / "rows.jsonl" for name in ("off", "gone"))
    gone.write_text(f"{json.dumps(old)}\nno row at all\n")
    off.write_text(json.dumps(row(3, **{"from": "+442079460999"})) + "\n")
    (stored,) = served.app.means.stored
    assert stored.forget({"+442079460999"}) == 1
    assert off.read_text().strip() == ""
    assert stored.shorten(datetime(2025, 1, 1, tzinfo=UTC)) == 2
    assert json.loads(served.file().read_text())["id"] == "2"
    assert gone.read_text().split() == ["no", "row", "at", "all"]  # tells no time, and its file is not old
    os.utime(gone, (0, 0))
    assert stored.shorten(datetime(2025, 1, 1, tzinfo=UTC)) == 1
    assert gone.stat().st_mtime == 0
    assert stored.shorten(datetime(2025, 1, 1, tzinfo=UTC)) == 0


def test_the_file_is_for_its_owner_only(served: Served) -> None:
    served.rows(row(1))
    assert served.file().stat().st_mode & 0o777 == 0o600
    assert served.file().parent.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("form", ["jsonl", "csv"])
def test_files_and_pushes_of_one_connection_are_read_together(serve: Serve, tmp_path: Path, form: str) -> None:
    served = serve(dialers=[{**IMPORT, "path": "calls", "format": form}])
    (tmp_path / "calls").mkdir()
    cells = row("file")
    text = json.dumps(cells) if form == "jsonl" else f"{','.join(cells)}\n{','.join(map(str, cells.values()))}\n"
    file = tmp_path / "calls" / "monday"
    file.write_text(text)
    os.utime(file, (time.time() - 60,) * 2)
    served.rows(row("pushed"))
    changes = read(served)
    assert sorted(ids(changes)) == ["file", "pushed"]
    again = read(served, changes.cursor)
    assert ids(again) == []
    served.rows(row("later"), "msg_2")
    assert ids(read(served, again.cursor)) == ["later"]
    assert (tmp_path / "calls" / "done" / "monday").exists()


def test_a_growing_file_and_pushes_of_one_connection_are_read_together(serve: Serve, tmp_path: Path) -> None:
    served = serve(dialers=[{**IMPORT, "path": "calls.jsonl"}])
    (tmp_path / "calls.jsonl").write_text(json.dumps(row("one")) + "\n")
    served.rows(row("two"))
    changes = read(served)
    assert ids(changes) == ["one", "two"]
    with (tmp_path / "calls.jsonl").open("a") as stream:
        stream.write(json.dumps(row("three")) + "\n")
    assert ids(read(served, changes.cursor)) == ["three"]


def test_pushed_rows_need_a_place(tmp_path: Path) -> None:
    elsewhere = {"database": "postgresql+psycopg://u:p@db.acme.example/sync", "dialers": [IMPORT]}
    (line,) = told(tmp_path, elsewhere)
    assert line.startswith("dialers[0].path: is needed; a folder")
    (line,) = told(tmp_path, {"zoho.notifications": True})
    assert line.startswith("zoho.notifications: Zoho must be able to reach us; set web.public_url")
    (line,) = told(tmp_path, {"web.listen": None, "dialers": [IMPORT]})
    assert line.startswith("dialers[0].webhook: nothing can come, as web.listen is null")
