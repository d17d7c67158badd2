"""What is not logged, each with its reason: private, internal, declined, `never`, segments."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from activity_sync.simulator.scenes.actions import At
from activity_sync.simulator.world.cast import JO, KIM, MAX
from tests.journeys.company import Company
from tests.journeys.conftest import Founded
from tests.journeys.judgement.acting import Records, by_title, event_of, explained, meet, ring, where

NORA = "nora.quill@brightwater.example"
NEVER = {
    "match": {
        "emails": ["notes@recorder.example"],
        "domains": ["calendly.com", "partner.example"],
        "numbers": ["01632 960777"],
    },
    "log": {
        "titles": ["lunch", r"re:(?i)^(gym|dentist)\b"],
        "emails": ["family@home.example"],
        "domains": ["law.example"],
        "numbers": ["+44 7700 900777"],
        "calendars": [KIM],
        "word": "[nolog]",
    },
}
MEETINGS: dict[str, tuple[dict[str, Any], str]] = {
    "only us": ({"guests": ()}, "only our own people"),
    "room only": ({"guests": (), "room": True}, "only our own people"),
    "away": ({"kind": "outOfOffice"}, "out of office"),
    "deep work": ({"kind": "focusTime"}, "focus time"),
    "a whole day": ({"all_day": True, "at": At(-2, "00:00"), "lasting": 1440}, "all-day"),
    "secret": ({"visibility": "private"}, "private"),
    "we said no": ({"reps": (JO, MAX), "organizer": NORA, "answers": {JO: "declined", MAX: "declined"}},
                   "all of ours declined"),
    "Team LUNCH": ({}, "its title is on the never list: lunch"),
    "Gym": ({}, r"its title is on the never list: re:(?i)^(gym|dentist)\b"),
    "marked": ({"notes": "Please [NoLog] this"}, "marked [nolog]"),
    "family": ({"guests": (NORA, "family@home.example")},
               "the e-mail address is on the never list: family@home.example"),
    "lawyers": ({"guests": (NORA, "a@uk.law.example")}, "the domain is on the never list: uk.law.example"),
    "Kim's": ({"reps": (JO, KIM)}, f"the calendar is on the never list: {KIM}"),
    "bots only": ({"guests": ("x@calendly.com", "notes@recorder.example")}, "nobody but those who are never matched"),
}  # fmt: skip
CALLS: dict[str, tuple[str, dict[str, Any], str]] = {
    "internal": ("+442079460102", {"direction": "outbound"}, "internal call"),
    "withheld": ("anonymous", {}, "withheld number"),
    "never": ("07700 900777", {}, "the number is on the never list: +447700900777"),
    "agency": ("+441632960777", {}, "nobody but those who are never matched"),
    "short": ("+447700900101", {"talk_seconds": 4}, "shorter than calls.min_talk"),
    "busy": ("+447700900101", {"direction": "outbound", "outcome": "busy", "talk_seconds": 0},
             "calls with this outcome are not logged: busy"),
    "noted": ("+447700900101", {"notes": "[nolog] mine"}, "marked [nolog]"),
}  # fmt: skip


def test_what_is_screened_says_why_and_what_stands_beside_is_logged(found: Founded) -> None:
    company = found([], never=NEVER, calls={"min_talk": "10s", "outcomes": ["answered", "missed"]})
    for title, (more, _) in MEETINGS.items():
        meet(company, title, *more.get("guests", (NORA,)), **{k: v for k, v in more.items() if k != "guests"})
    meet(company, "with a bot and a partner", NORA, "x@calendly.com", "sue@eu.partner.example")
    meet(company, "Luncheon club", NORA)
    for minutes, (name, (number, row, _)) in enumerate(CALLS.items()):
        ring(company, name, number, ago=timedelta(hours=3, minutes=minutes), **row)
    result = company.sync()
    assert result["interactions"]["screened"] == len(MEETINGS) + len(CALLS)
    assert (result["interactions"]["logged"], result["writes"]["created"]) == (2, 2)

    rows = [one for one in company.rows() if one["kind"] == "meeting"]
    (secret,) = (one for one in rows if one["title"] is None)
    assert (secret["reason"], "secret" in company.command("log").out) == ("private", False)
    assert NORA not in explained(company, secret["key"])  # whom somebody meets in private is nobody's business
    named = by_title([one for one in rows if one["title"]])
    reasons = {title: row["reason"] for title, row in named.items() if row["state"] == "screened"}
    assert reasons == {title: why for title, (_, why) in MEETINGS.items() if title != "secret"}
    assert where(named["with a bot and a partner"]) == ("logged", "deal Brightwater rollout", "Nora Quill")
    assert "partner.example" not in (company.event("with a bot and a partner").get("Description") or "")
    calls = sorted((one for one in company.rows() if one["kind"] == "call"), key=lambda one: one["start"], reverse=True)
    assert dict(zip(CALLS, (one["reason"] for one in calls), strict=True)) == {
        name: why for name, (_, _, why) in CALLS.items()
    }
    told = explained(company, named["lawyers"]["key"])
    assert "Not logged: the domain is on the never list: uk.law.example." in told
    assert "Without that entry of `never.log` it would be matched." in told
    what_the_admin_allows_is_logged(company)


def what_the_admin_allows_is_logged(company: Company) -> None:
    company.configure(
        meetings={"all_day": True, "private": "redact", "declined": "log", "external_only": False},
        calls={"internal": "log", "withheld": "log", "min_talk": "0s"},
    )
    at = At(-1, "09:00")
    meet(company, "day out", NORA, at=At(-1, "00:00"), all_day=True, lasting=1440)
    meet(company, "doctor", NORA, at=at, visibility="private", notes="About the knee")
    meet(company, "all said no", NORA, at=at, organizer=NORA, answers={JO: "declined"})
    meet(company, "stand-up", at=at, reps=(JO, MAX))
    ring(company, "inside", "+442079460102", direction="outbound", ago=timedelta(hours=1))
    ring(company, "hidden", "anonymous", ago=timedelta(hours=2))
    result = company.sync()
    assert (result["interactions"]["logged"], result["interactions"]["screened"]) == (6, 0)
    titles = {one["Event_Title"]: one for one in company.written("Events")}
    assert {"day out", "Private meeting", "all said no", "stand-up"} <= set(titles)
    assert titles["Private meeting"]["What_Id"]["name"] == "Brightwater rollout"
    assert "knee" not in str(company.written("Events"))
    assert titles["stand-up"]["What_Id"] is None
    assert {(one["Owner"]["name"], one["What_Id"] is None) for one in company.written("Calls")} == {("Jo Smith", True)}


SEGMENTS = [
    {"name": "Customers", "module": "Accounts", "when": {"Account_Type": ["Customer", "Partner"]}},
    {"name": "Hot leads", "module": "Leads", "when": {"Rating": "Active"}},
    {"name": "Big deals", "module": "Deals", "when": {"Type": "New Business"}},
]


def test_a_segment_is_satisfied_by_any_person_account_or_target(found: Founded) -> None:
    company = found([], segments=SEGMENTS)
    add = Records(company)
    inside, outside = add.account("In Ltd", Account_Type="Partner"), add.account("Out Ltd", Account_Type="Vendor")
    big = add.account("Big Ltd", Account_Type="Vendor")
    for name, account in (("Ida In", inside), ("Otto Out", outside), ("Olive Out", outside), ("Bea Big", big)):
        add.contact(name, account, Email=f"{name.split()[0].lower()}@{name.split()[1].lower()}.example")
    add.deal("Big one", big, Type="New Business")
    add.lead("Lea Hot", Email="lea@hot.example", Rating="Active")
    add.lead("Leo Cold", Email="leo@cold.example", Rating="Shut Down")
    cases = {
        "in": (("ida@in.example",), ("logged", "account In Ltd", "Ida In")),
        "out": (("otto@out.example",), ("screened", "account Out Ltd", "Otto Out")),
        "one in, one out": (("ida@in.example", "otto@out.example"), ("waiting", "", "")),
        "one in, two out": (
            ("ida@in.example", "otto@out.example", "olive@out.example"),
            ("logged", "account Out Ltd", "Olive Out"),
        ),
        "by the company alone": (("new@in.example",), ("logged", "account In Ltd", "")),
        "a hot lead": (("lea@hot.example",), ("logged", "lead Lea Hot", "")),
        "a cold lead": (("leo@cold.example",), ("screened", "lead Leo Cold", "")),
        "a big deal": (("bea@big.example",), ("logged", "deal Big one", "Bea Big")),
        "nobody known": (("who@nowhere.example",), ("unmatched", "", "")),
    }
    for title, (guests, _) in cases.items():
        meet(company, title, *guests)
    company.sync()
    rows = by_title(company.rows())
    assert {title: where(row) for title, row in rows.items()} == {title: place for title, (_, place) in cases.items()}
    assert rows["out"]["reason"] == "in none of the segments Customers, Hot leads, Big deals"
    told = explained(company, rows["out"]["key"])
    assert "an account of theirs or the deal satisfied one of `segments`" in told

    company.stage.zoho.edit("Accounts", outside, Account_Type="Customer")
    company.stage.google.change_event(event_of(company, "out"), description="Once more")
    company.sync()
    assert where(company.row("out"))[0] == "logged"
