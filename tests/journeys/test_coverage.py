"""Coverage through the command line: the same figures as the RESULT of the sync, in a rehearsal too."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.journeys.conftest import Founded

SCENES = [
    "A meeting with a contact",
    "A lead alone",
    "A customer rings",
    "Nobody knows the stranger",
    "Only our own",
    "A private",
]


@pytest.mark.parametrize("write", [True, False])
def test_coverage_counts_what_became_of_everything(found: Founded, write: bool) -> None:
    company = found(SCENES, zoho={"write": write})
    company.play_and_sync()
    told = company.command("coverage", "--last", "30d", "--json").json
    logged = Counter(row["state"] for row in company.rows())["logged" if write else "planned"]
    everything = told["all"]
    assert (everything["logged"], everything["waiting"], everything["failed"]) == (logged, 1, 0)
    assert everything["eligible"] == logged + 1
    assert everything["on_deal"] == sum((row["target"] or {}).get("module") == "Deals" for row in company.rows()) > 0
    assert everything["screened"] == {"only our own people": 1, "private": 1}
    assert sum(rep["logged"] for rep in told["reps"].values()) == logged
    assert "screened" in company.command("coverage").out
    assert company.command("coverage", "--last", "soon").exit == 2
