"""Kinds of difficulty that lie in the company, its numbers and its domains. Each makes one thing that happened."""

from __future__ import annotations

from bench.accuracy.business import named, untold, usual
from bench.accuracy.truth import Row
from bench.accuracy.world import BOOKING_TOOL, Company, World, bare

LISTED = 6
"""So many of the agencies stand in the admin's `never.match`."""


def switchboard(world: World, kind: str) -> None:
    """The company's number is on the account and on many of its people: nobody can tell who calls."""
    company, person, number = _behind_one_number(world)
    about = usual(world, company, person)
    world.call(kind, about.truth.only_company(), bare(number), about.rep, about.start)


def switchboard_of_the_account_only(world: World, kind: str) -> None:
    """Only the account has the number that calls."""
    number = world.number()
    company = world.filled(world.company(Phone=number))
    about = usual(world, company, None)
    world.call(kind, about.truth, bare(number), about.rep, about.start)


def business_centre(world: World, kind: str) -> None:
    """People of several companies share a number."""
    companies = [world.filled(world.company()) for _ in range(3)]
    number = world.number()
    person, *_ = [world.contact(one, Phone=number) for one in companies]
    about = usual(world, companies[0], person)
    world.call(kind, about.truth.hidden(), bare(number), about.rep, about.start)


def recycled_number(world: World, kind: str) -> None:
    """A number went to another company, and the CRM knows the former holder only: it speaks for that one."""
    former = world.contact(world.filled(world.company()))
    company = world.filled(world.company())
    about = usual(world, company, world.contact(company))
    world.call(kind, about.truth.misled(), bare(former["Phone"]), about.rep, about.start)


def extension(world: World, kind: str) -> None:
    """The switchboard's number with the extension of one person."""
    company, person, number = _behind_one_number(world)
    inner = world.dice.randint(100, 899)
    person["Phone"] = f"{number} ext. {inner}"
    about = usual(world, company, person)
    world.call(kind, about.truth, f"{bare(number)};ext={inner}", about.rep, about.start)


def extension_in_a_business_centre(world: World, kind: str) -> None:
    """Companies behind one number; the extension tells which."""
    companies = [world.filled(world.company()) for _ in range(2)]
    number = world.number()
    inner = world.dice.randint(100, 499)
    person, _ = (world.contact(one, Phone=f"{number} x{inner + place}") for place, one in enumerate(companies))
    about = usual(world, companies[0], person)
    world.call(kind, about.truth, f"{bare(number)};ext={inner}", about.rep, about.start)


def with_a_listed_agency(world: World, kind: str) -> None:
    """Any number of an agency that the admin listed, or the robot of the booking tool."""
    company, person = _customer(world)
    about = usual(world, company, person)
    agency = world.dice.choice(world.agencies[:LISTED])
    others: list[Row | str] = [*_people_of(world, agency, world.dice.randint(1, 3)), f"robot@{BOOKING_TOOL}"]
    world.meet(kind, about.truth, [person, *others], about.rep, about.start)


def with_fewer_of_an_agency(world: World, kind: str) -> None:
    """Two of the customer, one of an agency that nobody listed."""
    company, person = _customer(world)
    about = usual(world, company, person)
    agency = world.dice.choice(world.agencies[LISTED:])
    guests = [person, world.contact(company), *_people_of(world, agency, 1)]
    world.meet(kind, about.truth, guests, about.rep, about.start)


def invited_by_the_customer(world: World, kind: str) -> None:
    """One of the customer, who invited, and one of an agency that nobody listed."""
    company, person = _customer(world)
    about = usual(world, company, person)
    guests = [person, *_people_of(world, world.dice.choice(world.agencies[LISTED:]), 1)]
    world.meet(kind, about.truth, guests, about.rep, about.start, organizer=person)


def as_many_of_an_agency(world: World, kind: str) -> None:
    """One of the customer, one of an agency that nobody listed; we invited."""
    company, person = _customer(world)
    about = usual(world, company, person)
    guests = [person, *_people_of(world, world.dice.choice(world.agencies[LISTED:]), 1)]
    world.meet(kind, about.truth.hidden(), guests, about.rep, about.start)


def more_of_an_agency(world: World, kind: str) -> None:
    """More of an agency that nobody listed than of the customer: the CRM speaks for the agency."""
    company, person = _customer(world)
    about = usual(world, company, person)
    guests = [person, *_people_of(world, world.dice.choice(world.agencies[LISTED:]), 2)]
    world.meet(kind, about.truth.misled(), guests, about.rep, about.start)


def most_of_one_company(world: World, kind: str) -> None:
    """Three of one company, one of another."""
    company, person = _customer(world)
    other, guest = _customer(world)
    usual(world, other, guest)
    about = usual(world, company, person)
    guests = [person, world.contact(company), world.contact(company), guest]
    world.meet(kind, about.truth, guests, about.rep, about.start)


def one_of_each_by_invitation(world: World, kind: str) -> None:
    """One of each company; one of them invited."""
    company, person = _customer(world)
    other, guest = _customer(world)
    usual(world, other, guest)
    about = usual(world, company, person)
    world.meet(kind, about.truth, [person, guest], about.rep, about.start, organizer=person)


def one_of_each(world: World, kind: str) -> None:
    """One of each company; we invited."""
    company, person = _customer(world)
    other, guest = _customer(world)
    usual(world, other, guest)
    about = usual(world, company, person)
    world.meet(kind, about.truth.hidden(), [person, guest], about.rep, about.start)


def known_at_a_shared_domain(world: World, kind: str) -> None:
    """Parent and daughter write under one domain; the person is known."""
    _, daughter = _family(world)
    person = world.contact(daughter)
    about = usual(world, daughter, person)
    world.meet(kind, about.truth, [person], about.rep, about.start)


def unknown_at_a_shared_domain(world: World, kind: str) -> None:
    """Parent and daughter write under one domain; the person is unknown."""
    parent, daughter = _family(world)
    world.contact(parent)
    about = usual(world, daughter, world.contact(daughter))
    world.meet(kind, about.truth.hidden(), [_unknown(world, daughter.domain)], about.rep, about.start)


def unknown_of_a_daughter(world: World, kind: str) -> None:
    """The daughter has a name of its own below the parent's domain."""
    parent = world.filled(world.company())
    daughter = world.filled(world.company(domain=f"{world.dice.choice(('uk', 'de', 'labs'))}.{parent.domain}"))
    usual(world, parent, None)
    about = usual(world, daughter, None)
    world.meet(kind, about.truth, [_unknown(world, daughter.domain)], about.rep, about.start)


def unknown_below_the_domain(world: World, kind: str) -> None:
    """The address lies below the website's domain."""
    company = world.filled(world.company())
    about = usual(world, company, None)
    host = f"{world.dice.choice(('mail', 'eu', 'corp'))}.{company.domain}"
    world.meet(kind, about.truth, [_unknown(world, host)], about.rep, about.start)


def unknown_at_the_second_domain(world: World, kind: str) -> None:
    """A domain that no website names, but all known people who have it are of one company."""
    company = world.filled(world.company())
    host = world.new_domain()
    for _ in range(2):
        world.contact(company, domain=host)
    about = usual(world, company, None)
    world.meet(kind, about.truth, [_unknown(world, host)], about.rep, about.start)


def unknown_at_a_domain_of_two(world: World, kind: str) -> None:
    """A domain that no website names; its known people are of two companies."""
    companies = [world.filled(world.company()) for _ in range(2)]
    host = world.new_domain()
    for one in companies:
        world.contact(one, domain=host)
    about = usual(world, companies[0], None)
    world.meet(kind, about.truth.hidden(), [_unknown(world, host)], about.rep, about.start)


def unknown_of_a_known_company(world: World, kind: str) -> None:
    """Nobody knows the person; the company's website tells."""
    company = world.filled(world.company())
    about = usual(world, company, None)
    world.meet(kind, about.truth, [_unknown(world, company.domain)], about.rep, about.start)


def known_beside_unknown(world: World, kind: str) -> None:
    """One known and one unknown person of a company."""
    company, person = _customer(world)
    about = usual(world, company, person)
    world.meet(kind, about.truth, [person, _unknown(world, company.domain)], about.rep, about.start)


def renamed_company(world: World, kind: str) -> None:
    """The company has another domain since; the CRM does not know it."""
    company = world.filled(world.company())
    about = usual(world, company, None)
    world.meet(kind, about.truth.hidden(), [_unknown(world, world.new_domain())], about.rep, about.start)


def twin_account(world: World, kind: str) -> None:
    """The company twice, once long untouched; the person is in both."""
    company, person = _customer(world)
    old = world.company(domain=company.domain, modified=world.days_ago(1500, 1501), created=world.days_ago(1600, 1700))
    world.contact(old, Email=person["Email"], modified=world.days_ago(1500, 1501), created=world.days_ago(1600, 1700))
    about = usual(world, company, person)
    world.meet(kind, about.truth.hidden(), [person], about.rep, about.start)


def forgotten_deals(world: World, kind: str) -> None:
    """Deals that nobody closed stand beside the one that is alive; the person is the contact of the living one."""
    company, person = _customer(world)
    for _ in range(2):
        world.deal(company, owner=world.user(), modified=world.days_ago(500, 900), created=world.days_ago(901, 1200))
    about = named(world, company, person)
    world.meet(kind, about.truth, [person], about.rep, about.start)


def forgotten_deals_of_nobody(world: World, kind: str) -> None:
    """The same, but no contact stands on any of them."""
    company, person = _customer(world)
    about = untold(world, company, None)
    _keep_untold(world, company)
    world.meet(kind, about.truth, [person], about.rep, about.start)


def old_address_kept(world: World, kind: str) -> None:
    """The record was not touched for years, but address and number still hold."""
    company = world.filled(world.company(created=world.days_ago(1400, 1700), modified=world.days_ago(1300, 1399)))
    person = world.contact(company, created=world.days_ago(1400, 1700), modified=world.days_ago(1300, 1399))
    about = usual(world, company, person)
    world.meet(kind, about.truth, [person], about.rep, about.start)


def make_agencies(world: World) -> None:
    """Agencies that many customers bring along; with deals of their own."""
    for _ in range(2 * LISTED):
        agency = world.company()
        people = [world.contact(agency) for _ in range(6)]
        world.deal(agency, owner=world.user(), contact=people[0])
        world.agencies.append(agency)


def _keep_untold(world: World, company: Company) -> None:
    """Another deal with the owner of those that are there."""
    there = next(deal for deal in world.rows["Deals"] if deal["Account_Name"]["id"] == company.id)
    world.deal(company, owner=there["Owner"], created=world.days_ago(901, 1200), modified=world.days_ago(500, 900))


def _customer(world: World) -> tuple[Company, Row]:
    company = world.filled(world.company())
    return company, world.contact(company)


def _behind_one_number(world: World) -> tuple[Company, Row, str]:
    """A company, one of its people and the number of all of them."""
    number = world.number()
    company = world.filled(world.company(Phone=number))
    person, *_ = [world.contact(company, Phone=number) for _ in range(world.dice.randint(3, 6))]
    return company, person, number


def _family(world: World) -> tuple[Company, Company]:
    """A parent and a daughter with one domain on both websites."""
    parent = world.filled(world.company())
    daughter = world.filled(world.company(domain=parent.domain))
    if world.dice.random() < 0.5:
        world.deal(parent, owner=world.user())
    return parent, daughter


def _people_of(world: World, agency: Company, count: int) -> list[Row]:
    return world.dice.sample(world.people[agency.id], count)


def _unknown(world: World, domain: str) -> str:
    return world.address(*world.name(), domain)
