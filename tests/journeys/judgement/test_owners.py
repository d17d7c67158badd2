"""Under whose name, and with which contact: meetings and calls, to the letter."""

from __future__ import annotations

from datetime import timedelta

from activity_sync.simulator.world.cast import ANA, JO, KIM, LEE, MAX, OPS, SAM
from tests.journeys.company import Company
from tests.journeys.conftest import Founded
from tests.journeys.judgement.acting import Records, by_title, explained, meet, ring

NORA, THEO = "nora.quill@brightwater.example", "theo.marsh@brightwater.example"
OMAR, RHYS = "omar.finch@cedar-clinics.example", "rhys.dale@elmstead.example"
OLGA, PAUL = "olga.penn@oakley-motors.example", "paul.sage@oakley-motors.example"


def hold_meetings(company: Company) -> dict[str, tuple[str, str]]:
    """Each with the owner and the contact that it must have."""
    meet(company, "ours organises", OMAR, reps=(JO, MAX), organizer=JO)
    meet(company, "who left organises", OMAR, reps=(ANA, MAX), organizer=LEE)
    meet(
        company, "accepted first", OMAR, reps=(JO, MAX, SAM), organizer=OMAR, answers={MAX: "tentative", JO: "declined"}
    )
    meet(
        company, "tentative next", RHYS, reps=(ANA, MAX), organizer=RHYS, answers={ANA: "needsAction", MAX: "tentative"}
    )
    meet(company, "lowest address", THEO, reps=(SAM, KIM), organizer=THEO)
    meet(company, "the deal's contact", THEO, NORA, reps=(JO,), organizer=THEO)
    meet(company, "outside organiser", OLGA, PAUL, reps=(SAM,), organizer=OLGA, answers={OLGA: "tentative"})
    meet(company, "by their answers", OLGA, PAUL, reps=(SAM,), answers={OLGA: "needsAction", PAUL: "tentative"})
    meet(company, "by their addresses", PAUL, OLGA, reps=(SAM,))
    meet(company, "a lead beside", OLGA, "rosa.lind@rowan-books.example", reps=(SAM,), answers={OLGA: "needsAction"})
    return {
        "ours organises": (JO, "Omar Finch"),
        "who left organises": (MAX, "Omar Finch"),  # the target's owner, among equals
        "accepted first": (SAM, "Omar Finch"),
        "tentative next": (MAX, "Rhys Dale"),
        "lowest address": (KIM, "Theo Marsh"),
        "the deal's contact": (JO, "Nora Quill"),
        "outside organiser": (SAM, "Olga Penn"),
        "by their answers": (SAM, "Paul Sage"),
        "by their addresses": (SAM, "Olga Penn"),
        "a lead beside": (SAM, "Olga Penn"),
    }


def make_calls(company: Company) -> dict[str, str]:
    """Each with its owner. The times tell them apart."""
    when = iter(timedelta(hours=3, minutes=10 * number) for number in range(20))
    at = next(when)
    ring(company, "longest", "+447700900101", ago=at, talk_seconds=30)
    ring(company, "longest-2", "+447700900101", ago=at, talk_seconds=90, rep_email=MAX, parent_id="longest")
    at = next(when)
    ring(company, "tie", "+447700900101", ago=at, talk_seconds=60)
    later = at - timedelta(minutes=2)
    ring(company, "tie-2", "+447700900101", ago=later, talk_seconds=60, rep_email=KIM, parent_id="tie")
    missed = {"outcome": "missed", "talk_seconds": 0, "rep_email": None}
    ring(company, "line", "+447700900101", ago=next(when), to="+442079460198", queue=SAM, **missed)
    ring(company, "queue", "+447700900101", ago=next(when), queue=SAM, **missed)
    ring(company, "target", "+447700900104", ago=next(when), **missed)
    ring(company, "who left", "+447700900101", ago=next(when), rep_email=LEE)
    return {"longest": MAX, "tie": KIM, "line": ANA, "queue": SAM, "target": MAX, "who left": OPS}


def test_owner_and_contact_are_chosen_to_the_letter(found: Founded) -> None:
    company = found([])
    _, workshop = (one for one in load_dialers(company))
    company.configure(dialers=[_, {**workshop, "lines": {"+442079460198": ANA}}])
    meetings, calls = hold_meetings(company), make_calls(company)
    company.sync()
    rows = by_title([one for one in company.rows() if one["kind"] == "meeting"])
    assert {title: (row["owner"], row["who"]["name"]) for title, row in rows.items()} == meetings
    assert "Rosa Lind" in company.event("a lead beside")["Description"]
    assert company.event("a lead beside")["What_Id"]["name"] == "Oakley fleet"
    told = sorted((one for one in company.rows() if one["kind"] == "call"), key=lambda one: one["start"], reverse=True)
    assert dict(zip(calls, (one["owner"] for one in told), strict=True)) == calls
    assert (told[-1]["rep"], told[-1]["state"]) == (LEE, "logged")
    nobody_can_own_it_until_somebody_can(company)


def nobody_can_own_it_until_somebody_can(company: Company) -> None:
    company.configure(team={"default_owner": None})
    ring(company, "nobody's", "+447700900102", ago=timedelta(hours=2), rep_email=LEE)
    problems = company.sync(exit=1)["problems"]
    assert [(one["what"], one["why"]) for one in problems] == [("not logged", "no active Zoho user can own it")]
    (row,) = (one for one in company.rows() if one["state"] == "failed")
    told = explained(company, row["key"])
    assert f"{LEE} has no active Zoho user, and team.default_owner is not set: nobody can own it." in told
    assert "An active Zoho user for the rep, or `team.default_owner`, would let it be logged" in told
    company.configure(team={"default_owner": ANA})
    assert company.command("retry", row["key"], "--json").json["interactions"]["logged"] == 1
    (row,) = (one for one in company.rows() if one["key"] == row["key"])
    assert (row["owner"], Records(company).user(ANA)["id"]) == (ANA, row["writes"][0]["fields"]["Owner"]["id"])


def load_dialers(company: Company) -> list[dict[str, object]]:
    from ruamel.yaml import YAML

    dialers: list[dict[str, object]] = YAML(typ="safe").load(company.config)["dialers"]
    return dialers
