"""A private meeting leaves no word anywhere: database, logs, Zoho, what is printed; at both vendors."""

from __future__ import annotations

import json
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from activity_sync.store import interactions
from tests.faces.conftest import typed
from tests.journeys.diary import GUESTS, HOUR, Diary

ANN, DOT, SAM = "ann@acme.example", "dot@acme.example", GUESTS[0]
WORDS = ("Damokles", "Geheimraum", "streng-vertraulich", "1357924680", "Sperrwort", "Verschluss-Sache")
TITLE, PLACE, TEXT, ROOM, CODE, LABEL = WORDS


def google_private(visibility: str = "private", mark: str = "") -> dict[str, Any]:
    link = f"https://zoom.us/j/{ROOM}?pwd={CODE}"
    return {
        "summary": f"{TITLE} {mark}", "description": f"<p>{TEXT}</p> {link}", "location": f"{PLACE} {link}",
        "hangoutLink": link, "visibility": visibility,
        "conferenceData": {"entryPoints": [{"entryPointType": "video", "uri": link, "passcode": CODE}], "notes": TEXT},
        "extendedProperties": {"private": {"x": TEXT}}, "attachments": [{"title": TEXT, "fileUrl": link}],
    }  # fmt: skip


def microsoft_private(sensitivity: str = "private", mark: str = "") -> dict[str, Any]:
    link = f"https://zoom.us/j/{ROOM}?pwd={CODE}"
    return {
        "subject": f"{TITLE} {mark}", "body": f"<p>{TEXT}</p> {link}", "sensitivity": sensitivity,
        "location": {"displayName": PLACE, "locationUri": link}, "locations": [{"displayName": PLACE}],
        "onlineMeeting": {"joinUrl": link}, "onlineMeetingUrl": link, "categories": [LABEL],
    }  # fmt: skip


def everything(diary: Diary, folder: Path, printed: str) -> dict[str, bytes]:
    """All places where a word could be, by name."""
    zoho = repr([one.body for one in diary.zoho.requests]) + repr(diary.zoho.records("Events"))
    files = {one.name: one.read_bytes() for one in folder.rglob("*") if one.is_file()}
    return {**files, "what was printed": printed.encode(), "Zoho": zoho.encode()}


def leaked(diary: Diary, folder: Path, printed: str) -> list[str]:
    """Where a word is found, in whatever case or encoding of UTF-8."""
    forms = {form.encode() for word in WORDS for form in (word, word.lower(), word.upper())}
    return [where for where, held in everything(diary, folder, printed).items() if any(one in held for one in forms)]


@pytest.mark.parametrize(("policy", "mark"), [("skip", "[nolog]"), ("redact", "")])
def test_no_word_of_a_private_meeting_is_found_anywhere(
    tmp_path: Path, policy: str, mark: str, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with ExitStack() as stack:
        diary = Diary()
        diary.open(stack, tmp_path, meetings={"private": policy}, logging={"level": "debug", "format": "json"})
        first = diary.put([ANN, DOT], [SAM], 3, 0)
        for number, kind in enumerate(("private", "confidential")):
            start = first.start + timedelta(days=number + 1)
            people = [{"email": one} for one in (ANN, SAM)]
            diary.google.put_event([ANN], start=start, end=start + HOUR, attendees=people, **google_private(kind, mark))
            guests = diary._words(first)[1]["attendees"]
            diary.microsoft.put_event(
                [DOT], start=start, end=start + HOUR, attendees=guests, **microsoft_private(kind, mark)
            )
            broken = {"start": start, "attendees": people}  # without an end: told as unreadable
            diary.google.put_event([ANN], **broken, **google_private(kind, mark))
            diary.microsoft.put_event([DOT], start=start, **microsoft_private(kind, mark))
        config = str(tmp_path / "config.yaml")
        monkeypatch.chdir(tmp_path)
        done = [typed("--config", config, "--debug", "sync", "--json")]
        assert (done[0].exit, bool(done[0].out)) == (1, True), done[0].err  # the unreadable ones
        with diary.app.database.reading() as session:
            keys = [one.key for one in interactions.listing(session)]
        asked = (["preview"], ["log"], ["status", "--json"], *(["explain", key] for key in keys[:2]))
        done += [typed("--config", config, *command) for command in asked]
        assert len(keys) == 5
        printed = "".join(one.out + one.err for one in done) + "".join(capfd.readouterr())
        assert "has no end" in printed
        events = diary.zoho.records("Events")
        private = [one for one in events if one["Event_Title"] == "Private meeting"]
        assert (len(events), len(private)) == ((1, 0) if policy == "skip" else (5, 4))
        assert leaked(diary, tmp_path, printed) == []
        assert leaked(diary, tmp_path, printed + json.dumps(google_private())) == ["what was printed"]


@pytest.mark.parametrize("policy", ["skip", "redact"])
def test_a_meeting_that_becomes_private_loses_its_texts_everywhere(tmp_path: Path, policy: str) -> None:
    with ExitStack() as stack:
        diary = Diary()
        diary.open(stack, tmp_path, meetings={"private": policy})
        here, there, both = (diary.put(who, [SAM], 3, number) for number, who in enumerate(([ANN], [DOT], [ANN, DOT])))
        series = diary.put_series([ANN, DOT], [SAM], 4)
        diary.sync()
        for entry in (here, there, both):
            entry.title = TITLE
            diary.change(entry)
        for entry in (here, both):
            diary.google.change_event(entry.google, description=TEXT, location=PLACE)
        body = {"contentType": "html", "content": TEXT}
        diary.microsoft.change_event(there.microsoft, body=body, location={"displayName": PLACE})
        diary.sync()
        assert sorted(titles(diary)) == sorted([TITLE] * 3 + [series[0].title] * 3)
        assert leaked(diary, tmp_path, "")
        diary.google.change_copy(ANN, here.google, visibility="private")
        diary.microsoft.change_copy(DOT, there.microsoft, sensitivity="confidential")
        diary.microsoft.change_copy(DOT, both.microsoft, sensitivity="private")  # on one calendar only
        diary.google.change_event(series[1].google, summary=TITLE, location=PLACE, visibility="private")
        diary.microsoft.change_event(series[1].microsoft, subject=TITLE, sensitivity="private")
        diary.sync()
        assert sorted(titles(diary)) == sorted(["Private meeting"] * 4 + [series[0].title] * 2)
        diary.zoho.requests.clear()  # when it was open, it was told
        assert leaked(diary, tmp_path, "") == []
        later = diary.put([ANN], [SAM], 5, 3)
        later.title = TITLE
        diary.change(later)
        diary.sync()
        assert "diary.db-wal" in leaked(diary, tmp_path, "")
        diary.google.change_copy(ANN, later.google, visibility="private")  # on the same day as the others
        diary.sync()
        diary.zoho.requests.clear()
        assert leaked(diary, tmp_path, "") == []
        diary.google.change_event(both.google, attendees=[{"email": one} for one in (ANN, DOT, SAM)])
        diary.sync()
        assert [word for word in WORDS if word in diary_rows(diary)] == []
        diary.microsoft.change_copy(DOT, both.microsoft, sensitivity="normal")
        for _ in range(2):
            diary.sync()
        assert titles(diary).count(TITLE) == 1


def titles(diary: Diary) -> list[str]:
    return [one["Event_Title"] for one in diary.zoho.records("Events")]


def diary_rows(diary: Diary) -> str:
    """Every row of every table."""
    with diary.app.database.reading() as session:
        run = session.connection().exec_driver_sql
        tables = [name for (name,) in run("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return repr([run(f"SELECT * FROM {name}").fetchall() for name in tables])
