"""What a company is talked to about: which of its deals, and whether the CRM tells."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bench.accuracy.truth import Row, Truth
from bench.accuracy.world import CLOSED, NOW, Company, World


@dataclass(frozen=True, slots=True)
class Business:
    """The truth, and who of ours is in it when."""

    truth: Truth
    rep: Row
    start: datetime


Situation = Callable[[World, Company, Row | None], Business]


def nothing_open(world: World, company: Company, person: Row | None) -> Business:
    """No deal is open: it is about the account."""
    _closed(world, company, person)
    return Business(Truth(("Accounts", company.id), company.id), world.user(), world.recent())


def one_open(world: World, company: Company, person: Row | None) -> Business:
    """One deal is open, and that is it."""
    _closed(world, company, person)
    contact = world.dice.choice((person, None))
    return _about(company, world.deal(company, owner=world.user(), contact=contact), world.user(), world.recent())


def named(world: World, company: Company, person: Row | None) -> Business:
    """The person is the contact of one of several deals."""
    deal = world.deal(company, owner=world.user(), contact=person)
    _others(world, company)
    return _about(company, deal, world.user(), world.recent())


def with_role(world: World, company: Company, person: Row | None) -> Business:
    """The person has a contact role in one of several deals."""
    deal = world.deal(company, owner=world.user())
    world.roles[deal["id"]] = [person["id"]] if person else []
    _others(world, company)
    return _about(company, deal, world.user(), world.recent())


def attended(world: World, company: Company, _person: Row | None) -> Business:
    """The owner of one of several deals takes part, the others' do not; nothing else tells."""
    rep = world.user()
    deal = world.deal(company, owner=rep)
    _others(world, company, owner=world.user(but=rep))
    return _about(company, deal, rep, world.recent())


def before_the_others(world: World, company: Company, _person: Row | None) -> Business:
    """It happened weeks ago, and the other deals were made since."""
    rep = world.user()
    deal = world.deal(company, owner=rep, created=world.days_ago(90, 300))
    _others(world, company, owner=rep, created=world.days_ago(1, 15))
    return _about(company, deal, rep, world.days_ago(35, 60))


def untold(world: World, company: Company, _person: Row | None) -> Business:
    """Several deals, and nothing in the CRM tells which is meant."""
    owner, rep = world.user(), world.user()
    deal = world.deal(company, owner=owner)
    _others(world, company, owner=owner)
    found = _about(company, deal, rep, world.recent())
    return Business(found.truth.hidden(), rep, found.start)


def of_a_colleague(world: World, company: Company, person: Row | None) -> Business:
    """The contact of one deal spoke about another one: the CRM speaks for the wrong deal."""
    world.deal(company, owner=world.user(), contact=person)
    meant = world.deal(company, owner=world.user(), contact=world.contact(company))
    found = _about(company, meant, world.user(), world.recent())
    return Business(found.truth.misled(), found.rep, found.start)


def closed_since(world: World, company: Company, person: Row | None) -> Business:
    """The deal that it was about was closed since; none is open now."""
    deal = _closed_deal(world, company, person, closed_days_ago=(1, 6))
    start = world.days_ago(8, 20)
    found = _about(company, deal, world.user(), start)
    return Business(found.truth.hidden(), found.rep, start)


def closed_and_another_opened(world: World, company: Company, person: Row | None) -> Business:
    """The same, and another deal is open now: the CRM speaks for that one."""
    found = closed_since(world, company, person)
    world.deal(company, owner=world.user(), contact=person)
    return Business(found.truth.misled(), found.rep, found.start)


_USUAL: tuple[tuple[Situation, int], ...] = (
    (nothing_open, 24), (one_open, 46), (named, 12), (with_role, 5), (attended, 6), (before_the_others, 2), (untold, 5),
)  # fmt: skip
_SEVERAL: tuple[tuple[Situation, int], ...] = (
    (named, 35), (with_role, 15), (attended, 20), (before_the_others, 12), (untold, 18),
)  # fmt: skip
_NEEDS_PERSON = (named, with_role)


def usual(world: World, company: Company, person: Row | None) -> Business:
    """One of the situations that every company may be in. `person`: who takes part, if the CRM knows him or her."""
    return _one_of(_USUAL, world, company, person)


def several_deals(world: World, company: Company, person: Row | None) -> Business:
    """One of the situations with several open deals."""
    return _one_of(_SEVERAL, world, company, person)


def _one_of(table: tuple[tuple[Situation, int], ...], world: World, company: Company, person: Row | None) -> Business:
    fitting = [(one, weight) for one, weight in table if person or one not in _NEEDS_PERSON]
    chosen = world.dice.choices([one for one, _ in fitting], [weight for _, weight in fitting])[0]
    return chosen(world, company, person)


def _about(company: Company, deal: Row, rep: Row, start: datetime) -> Business:
    return Business(Truth(("Deals", deal["id"]), company.id), rep, start)


def _others(world: World, company: Company, owner: Row | None = None, created: datetime | None = None) -> None:
    for _ in range(world.dice.randint(1, 2)):
        contact = world.contact(company) if world.dice.random() < 0.4 else None
        world.deal(company, owner=owner or world.user(), contact=contact, created=created)


def _closed(world: World, company: Company, person: Row | None) -> None:
    for _ in range(world.dice.choice((0, 0, 1, 2))):
        _closed_deal(world, company, world.dice.choice((person, None)), closed_days_ago=(70, 400))


def _closed_deal(world: World, company: Company, contact: Row | None, closed_days_ago: tuple[int, int]) -> Row:
    closed = world.days_ago(*closed_days_ago)
    return world.deal(
        company, owner=world.user(), contact=contact, Stage=world.dice.choice(CLOSED),
        created=closed - (NOW - world.days_ago(20, 200)), modified=closed, Closing_Date=closed.date().isoformat(),
    )  # fmt: skip
