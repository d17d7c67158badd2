"""`zoho.write: false`: everything is judged and nothing is sent; switched on, all of it is logged, once."""

from __future__ import annotations

from tests.journeys.company import Company
from tests.journeys.conftest import Founded

SCENES = ["A meeting that moves", "is cancelled before its start", "A new title", "declines: a colleague"]


def test_what_was_rehearsed_is_logged_once_the_writing_is_switched_on(found: Founded) -> None:
    company = found(SCENES)
    company.configure(zoho={"write": False})
    first = company.play_and_sync()
    assert nothing_was_sent(company)
    assert first["interactions"]["waiting"] == len(planned(company)) > 0
    assert company.sync()["interactions"]["waiting"] == 0
    company.configure(zoho={"write": True})
    foretold = company.command("preview", "--json").json["interactions"]
    assert [row["state"] for row in foretold].count("planned") == first["interactions"]["waiting"]
    assert company.sync()["interactions"]["logged"] == first["interactions"]["waiting"]
    assert company.mistakes(1) == []
    assert company.doubles() == []


def test_what_changes_during_a_rehearsal_is_logged_as_it_is_in_the_end(found: Founded) -> None:
    company = found(SCENES)
    company.play_and_sync()
    company.configure(zoho={"write": False})
    before = len(company.writes())
    company.play_and_sync(2)
    assert len(company.writes()) == before
    assert planned(company) != []
    company.configure(zoho={"write": True})
    company.sync()
    assert company.mistakes(2) == []
    assert company.doubles() == []
    assert planned(company) == []


def nothing_was_sent(company: Company) -> bool:
    """Whether Zoho holds no activity and was not asked to hold one."""
    return company.writes() == [] and not any(company.counts().values())


def planned(company: Company) -> list[str]:
    """The keys of what is planned and not sent."""
    return [row["key"] for row in company.rows() if row["state"] == "planned"]
