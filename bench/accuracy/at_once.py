"""Several difficulties at once. Each function makes one thing that happened."""

from __future__ import annotations

from bench.accuracy.business import several_deals, usual
from bench.accuracy.by_company import LISTED
from bench.accuracy.truth import Row
from bench.accuracy.world import BOOKING_TOOL, Company, World


def tagged_twin_with_an_agency(world: World, kind: str) -> None:
    """A +tag, a lead of the same person, a listed agency, several deals."""
    company, person = _customer(world)
    world.lead(Email=person["Email"], Phone=person["Phone"])
    about = several_deals(world, company, person)
    local, _, host = person["Email"].partition("@")
    agency = world.people[world.dice.choice(world.agencies[:LISTED]).id]
    guests: list[Row | str] = [f"{local}+sync@{host}", agency[0], agency[1], f"robot@{BOOKING_TOOL}"]
    world.meet(kind, about.truth, guests, about.rep, about.start)


def converted_with_an_unknown_colleague(world: World, kind: str) -> None:
    """The old address of a converted lead, an unknown person of the company, several deals."""
    company, person = _customer(world)
    lead = world.lead(Converted__s=True, Converted_Contact={"id": person["id"]}, Converted_Account={"id": company.id})
    about = several_deals(world, company, person)
    guests: list[Row | str] = [lead, world.address(*world.name(), company.domain)]
    world.meet(kind, about.truth, guests, about.rep, about.start)


def mover_meets_the_former_colleagues(world: World, kind: str) -> None:
    """Changed jobs, has a record at both, and invites somebody of the old company."""
    before, colleague = _customer(world)
    company, person = _customer(world)
    world.contact(before, First_Name=person["First_Name"], Last_Name=person["Last_Name"], Mobile=person["Mobile"])
    usual(world, before, colleague)
    about = usual(world, company, person)
    world.meet(kind, about.truth, [person, colleague], about.rep, about.start, organizer=person)


def beside_a_twin_contact(world: World, kind: str) -> None:
    """One person is certain; another of the same company is in the CRM twice."""
    company, person = _customer(world)
    twin = world.contact(company)
    world.contact(company, Email=twin["Email"])
    about = usual(world, company, person)
    world.meet(kind, about.truth, [person, twin], about.rep, about.start)


def beside_a_shared_mailbox(world: World, kind: str) -> None:
    """One person is certain; another may be of this company or of another one."""
    company, person = _customer(world)
    other, _ = _customer(world)
    shared = world.address(*world.name(), "web.de")
    for one in (company, other):
        world.contact(one)["Secondary_Email"] = shared
    usual(world, other, None)
    about = usual(world, company, person)
    world.meet(kind, about.truth, [person, shared], about.rep, about.start)


def beside_a_lead(world: World, kind: str) -> None:
    """A contact, and somebody whom only a lead names."""
    company, person = _customer(world)
    about = usual(world, company, person)
    world.meet(kind, about.truth, [person, world.lead()], about.rep, about.start)


def _customer(world: World) -> tuple[Company, Row]:
    company = world.filled(world.company())
    return company, world.contact(company)
