"""Two weeks of a whole company: every interaction ends as its scene demands, exactly once."""

from __future__ import annotations

import pytest

from tests.journeys.company import Company
from tests.journeys.conftest import ADatabase, Founded
from tests.journeys.test_kills import VARIANTS


@pytest.mark.torture
@pytest.mark.parametrize(("a_database", "key_field"), VARIANTS, indirect=["a_database"])
def test_every_interaction_ends_as_its_scene_demands(found: Founded, a_database: ADatabase, key_field: bool) -> None:
    company = found(database=a_database(), key_field=key_field)
    for number in (1, 2):
        company.play_and_sync(number, exit=1 if number == 1 else 0)  # one event of the first round cannot be read
        assert company.mistakes(number) == []
    before = company.writes()
    company.paid()
    result = company.sync()
    assert company.paid() <= 2
    assert company.writes() == before
    assert not any(result["writes"].values())
    assert company.mistakes(2) == []
    assert company.doubles() == []
    nobody_is_mailed_and_no_workflow_runs(company)


def nobody_is_mailed_and_no_workflow_runs(company: Company) -> None:
    """Zoho was asked for neither, at any write."""
    assert company.stage.zoho.mails == []
    assert len(company.stage.zoho.triggers) >= sum(company.counts().values())
    assert {one.trigger for one in company.stage.zoho.triggers} == {()}
