"""The accuracy bench on a very small world: what must hold of the world, of the counting and of our rules."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from bench.accuracy import ours
from bench.accuracy.by_company import LISTED
from bench.accuracy.kinds import KINDS, make
from bench.accuracy.run import OURS, Result, measure
from bench.accuracy.scoring import ABSTAINED, RIGHT, WRONG, summed, verdict
from bench.accuracy.table import told
from bench.accuracy.truth import Truth
from bench.accuracy.usual_rules import RULES, Crm, digits
from bench.accuracy.world import World

SMALL = 0.01
SEED = 8


@pytest.fixture(scope="module")
def world() -> World:
    return make(SEED, SMALL)


@pytest.fixture(scope="module")
def result() -> Result:
    return measure(SEED, SMALL)


def test_the_same_seed_gives_the_same_world_and_another_seed_another(world: World) -> None:
    assert make(SEED, SMALL).rows == world.rows
    assert make(SEED, SMALL).happenings == world.happenings
    assert make(SEED + 1, SMALL).rows != world.rows


def test_every_kind_of_difficulty_happens(world: World) -> None:
    assert {one.kind for one in world.happenings} == set(KINDS)
    assert any(one.number for one in world.happenings)
    assert any(one.guests for one in world.happenings)


def test_the_truth_names_records_that_are_there(world: World) -> None:
    there = {(module, row["id"]) for module, rows in world.rows.items() for row in rows}
    truths = [one.truth for one in world.happenings]
    assert {truth.record for truth in truths} - {None} <= there
    assert {("Accounts", truth.account) for truth in truths if truth.account} <= there
    assert not any(truth.decidable and (truth.misleading or truth.record is None) for truth in truths)


def test_lookups_lead_to_records_and_times_are_in_order(world: World) -> None:
    ids = {row["id"] for rows in world.rows.values() for row in rows}
    for row in (row for rows in world.rows.values() for row in rows):
        links = [row.get(name) for name in ("Account_Name", "Contact_Name", "Converted_Contact", "Converted_Account")]
        assert {link["id"] for link in links if isinstance(link, dict)} <= ids
        assert datetime.fromisoformat(row["Created_Time"]) <= datetime.fromisoformat(row["Modified_Time"])


DEAL = Truth(("Deals", "1"), "2")


@pytest.mark.parametrize(
    ("written", "truth", "expected"),
    [
        (("Deals", "1"), DEAL, RIGHT),
        (("Deals", "3"), DEAL, WRONG),
        (("Accounts", "2"), DEAL, WRONG),
        (("Accounts", "2"), DEAL.hidden(), RIGHT),
        (("Accounts", "4"), DEAL.hidden(), WRONG),
        (("Leads", "5"), Truth(None, decidable=False), WRONG),
        (("Accounts", ""), Truth(None, decidable=False), WRONG),
        (None, DEAL, ABSTAINED),
        (None, Truth(None, decidable=False), ABSTAINED),
    ],
)
def test_only_what_cannot_be_told_may_go_up_to_the_account(written, truth, expected) -> None:
    assert verdict(written, truth) == expected


def test_we_are_right_in_all_that_follows_and_wrong_only_where_the_crm_misleads(result: Result) -> None:
    mine = summed(counts[OURS] for counts in result.counts.values())
    assert mine.right_share == 1
    assert mine.all[WRONG] == mine.misleading
    assert {
        kind for kind, counts in result.counts.items() if counts[OURS].all[WRONG] > counts[OURS].misleading
    } == set()


def test_the_usual_rules_are_asked_the_same_and_are_wrong_more_often(result: Result) -> None:
    mine = summed(counts[OURS] for counts in result.counts.values())
    for rule in RULES:
        theirs = summed(counts[rule.name] for counts in result.counts.values())
        assert theirs.total == mine.total
        assert theirs.all[WRONG] > mine.all[WRONG]
        assert theirs.all[RIGHT] > mine.total / 3


def test_what_is_looked_up_together_is_judged_as_if_it_were_alone(world: World, tmp_path: Path) -> None:
    listed = [agency.domain for agency in world.agencies[:LISTED]]
    runs = [_written(world, listed, tmp_path / str(at_once), at_once) for at_once in (1, 10_000)]
    assert runs[0] == runs[1]


def test_each_usual_rule_takes_its_own_of_several_deals() -> None:
    world = World(1)
    company = world.company()
    person = world.contact(company)
    times = [world.days_ago(days, days) for days in (300, 200, 100)]
    plan = [("3", times[0], times[1]), ("1", times[1], times[1]), ("2", times[1], times[2])]
    for new_id, created, modified in plan:
        world.deal(company, owner=world.user(), created=created, modified=modified)["id"] = new_id
    world.meet("", DEAL, [person], world.user(), world.recent())
    crm = Crm(world, [])
    taken = {rule.name: crm.asked(rule, world.happenings[0]) for rule in RULES}
    assert taken == {
        "first found": ("Deals", "1"),
        "last modified": ("Deals", "2"),
        "oldest created": ("Deals", "3"),
        "sole open deal or nothing": None,
    }


def test_the_usual_rules_know_numbers_in_every_usual_form() -> None:
    forms = ("+12125550134", "(212) 555-0134", "212-555-0134 ext. 12", "12125550134 x12", "+12125550134;ext=12")
    assert {digits(form) for form in forms} == {"2125550134"}


def test_the_table_names_every_kind_and_every_rule(result: Result) -> None:
    text = told([result])
    assert all(f"| {kind} |" in text for kind in KINDS)
    assert all(text.count(rule.name) == 2 for rule in RULES)


def _written(world: World, listed: list[str], folder: Path, at_once: int) -> dict[str, object]:
    folder.mkdir()
    found = ours.judged(world, listed, folder, at_once)
    return {happening.id: (ours.written(judgement), judgement.reason) for happening, judgement in found}
