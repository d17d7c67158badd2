"""Kinds of difficulty that lie in who the person is. Each function makes one thing that happened.

Whether the record follows from the CRM is said here, from how the case is built.
"""

from __future__ import annotations

from bench.accuracy.business import (
    Business,
    closed_and_another_opened,
    closed_since,
    nothing_open,
    of_a_colleague,
    usual,
)
from bench.accuracy.business import several_deals as in_several_deals
from bench.accuracy.truth import Row, Truth
from bench.accuracy.world import Company, World, bare

FREE_MAIL = ("gmail.com", "outlook.com", "yahoo.com", "gmx.de", "web.de", "laposte.net", "proton.me")


def known(world: World, kind: str) -> None:
    """Somebody whom the CRM knows under the very address or number."""
    company = world.filled(world.company())
    person = world.contact(company)
    _meet_or_call(world, kind, person, usual(world, company, person))


def several_deals(world: World, kind: str) -> None:
    """The person is clear, the deal is one of several."""
    company = world.filled(world.company())
    person = world.contact(company)
    _meet_or_call(world, kind, person, in_several_deals(world, company, person))


def speaks_of_a_colleagues_deal(world: World, kind: str) -> None:
    """The contact of one deal spoke about another."""
    company = world.filled(world.company())
    person = world.contact(company)
    _meet_or_call(world, kind, person, of_a_colleague(world, company, person))


def deal_closed_since(world: World, kind: str) -> None:
    """It was about a deal that is closed now."""
    company = world.filled(world.company())
    person = world.contact(company)
    _meet_or_call(world, kind, person, closed_since(world, company, person))


def deals_closed_long_ago(world: World, kind: str) -> None:
    """All deals are closed: it is about the account."""
    company = world.filled(world.company())
    person = world.contact(company)
    for _ in range(2):
        nothing_open(world, company, person)
    _meet_or_call(world, kind, person, nothing_open(world, company, person))


def another_deal_opened_since(world: World, kind: str) -> None:
    """It was about a deal that is closed now, and a new one is open."""
    company = world.filled(world.company())
    person = world.contact(company)
    _meet_or_call(world, kind, person, closed_and_another_opened(world, company, person))


def moved_with_new_record(world: World, kind: str) -> None:
    """Changed jobs; both records stay; the new address is used."""
    new, _ = _mover(world)
    company = world.companies[-1]
    about = usual(world, company, new)
    world.meet(kind, about.truth, [new], about.rep, about.start)


def moved_without_new_record(world: World, kind: str) -> None:
    """Changed jobs; only the old record; writes from the new company, which the CRM knows."""
    world.contact(world.filled(world.company()))
    company = world.filled(world.company())
    about = usual(world, company, None)
    world.meet(kind, about.truth, [world.address(*world.name(), company.domain)], about.rep, about.start)


def moved_and_calls(world: World, kind: str) -> None:
    """Changed jobs; the mobile number is on both records: nobody can tell."""
    new, _ = _mover(world)
    about = usual(world, world.companies[-1], new)
    world.call(kind, about.truth.hidden(), bare(new["Mobile"]), about.rep, about.start)


def moved_and_only_the_old_record_has_the_number(world: World, kind: str) -> None:
    """Changed jobs and calls from a number that only the old record holds: the CRM speaks for the old company."""
    new, old = _mover(world)
    new["Mobile"] = world.number()
    about = usual(world, world.companies[-1], new)
    world.call(kind, about.truth.misled(), bare(old["Mobile"]), about.rep, about.start)


def personal_address_on_record(world: World, kind: str) -> None:
    """Writes from a private address that the record holds as the second."""
    company = world.filled(world.company())
    person = world.contact(company)
    person["Secondary_Email"] = _private(world, person)
    about = usual(world, company, person)
    world.meet(kind, about.truth, [person["Secondary_Email"]], about.rep, about.start)


def personal_address_unknown(world: World, kind: str) -> None:
    """Writes from a private address that the CRM does not know."""
    company = world.filled(world.company())
    person = world.contact(company)
    about = usual(world, company, person)
    world.meet(kind, about.truth.hidden(), [_private(world, person)], about.rep, about.start)


def personal_address_shared(world: World, kind: str) -> None:
    """Two people of two companies share a private mailbox."""
    companies = [world.filled(world.company()) for _ in range(2)]
    person, other = (world.contact(one) for one in companies)
    person["Secondary_Email"] = other["Secondary_Email"] = _private(world, person)
    about = usual(world, companies[0], person)
    world.meet(kind, about.truth.hidden(), [person["Secondary_Email"]], about.rep, about.start)


def namesakes(world: World, kind: str) -> None:
    """Two people of one name in two companies, told apart by address and number."""
    companies = [world.filled(world.company()) for _ in range(2)]
    first, last = world.name()
    person, other = (
        world.contact(one, First_Name=first, Last_Name=last, Email=world.address(first, last, one.domain))
        for one in companies
    )
    usual(world, companies[1], other)
    _meet_or_call(world, kind, person, usual(world, companies[0], person))


def namesake_in_the_same_company(world: World, kind: str) -> None:
    """Two people of one name in one company, each with a deal."""
    company = world.filled(world.company())
    first, last = world.name()
    addresses = [world.address(first, last, company.domain) for _ in range(2)]
    person, other = (world.contact(company, First_Name=first, Last_Name=last, Email=one) for one in addresses)
    deal, _ = (world.deal(company, owner=world.user(), contact=one) for one in (person, other))
    _meet_or_call(world, kind, person, Business(_deal(deal, company), world.user(), world.recent()))


def namesake_of_nobody_here(world: World, kind: str) -> None:
    """A stranger with private mail has the name of a contact: not that person."""
    person = world.contact(world.filled(world.company()))
    world.meet(kind, Truth(None, decidable=False), [_private(world, person)], world.user(), world.recent())


def free_mail_customer(world: World, kind: str) -> None:
    """A small firm whose people have private addresses only."""
    company = world.company(website="")
    person = world.contact(company, domain=world.dice.choice(FREE_MAIL))
    _meet_or_call(world, kind, person, usual(world, company, person))


def free_mail_colleague(world: World, kind: str) -> None:
    """Somebody unknown of such a firm: free mail tells no company."""
    company = world.company(website="")
    host = world.dice.choice(FREE_MAIL)
    about = usual(world, company, world.contact(company, domain=host))
    world.meet(kind, about.truth.hidden(), [world.address(*world.name(), host)], about.rep, about.start)


def twin_lead(world: World, kind: str) -> None:
    """The same person as a contact and as a lead that nobody converted."""
    company = world.filled(world.company())
    person = world.contact(company)
    same = {name: person[name] for name in ("First_Name", "Last_Name", "Email", "Phone")}
    world.lead(**same, created=world.days_ago(10, 1500))
    _meet_or_call(world, kind, person, usual(world, company, person))


def twin_contact(world: World, kind: str) -> None:
    """The same person twice in one account: the company is certain, the record is not."""
    company = world.filled(world.company())
    person = world.contact(company)
    world.contact(company, Email=person["Email"], Phone=person["Phone"])
    about = usual(world, company, None)
    world.meet(kind, about.truth.only_company(), [person], about.rep, about.start)


def converted_lead(world: World, kind: str) -> None:
    """A converted lead; its contact has another address since, the old one is used."""
    company = world.filled(world.company())
    person = world.contact(company)
    lead = world.lead(
        Converted__s=True, Converted_Contact={"id": person["id"]}, Converted_Account={"id": company.id},
        First_Name=person["First_Name"], Last_Name=person["Last_Name"],
    )  # fmt: skip
    _meet_or_call(world, kind, lead, usual(world, company, person))


def converted_lead_and_contact(world: World, kind: str) -> None:
    """A converted lead whose contact kept address and number."""
    company = world.filled(world.company())
    person = world.contact(company)
    world.lead(
        Converted__s=True, Converted_Contact={"id": person["id"]}, Converted_Account={"id": company.id},
        Email=person["Email"], Phone=person["Phone"],
    )  # fmt: skip
    _meet_or_call(world, kind, person, usual(world, company, person))


def only_a_lead(world: World, kind: str) -> None:
    """Only a lead is known."""
    lead = world.lead()
    _meet_or_call(world, kind, lead, Business(Truth(("Leads", lead["id"])), world.user(), world.recent()))


def contact_without_account(world: World, kind: str) -> None:
    """A contact that belongs to no account."""
    person = world.contact(None)
    _meet_or_call(world, kind, person, Business(Truth(("Contacts", person["id"])), world.user(), world.recent()))


def stranger(world: World, kind: str) -> None:
    """Nobody and no company that the CRM knows."""
    rep, start, truth = world.user(), world.recent(), Truth(None, decidable=False)
    if world.dice.random() < 0.5:
        world.meet(kind, truth, [world.address(*world.name(), world.new_domain())], rep, start)
    else:
        world.call(kind, truth, bare(world.number()), rep, start)


def tagged(world: World, kind: str) -> None:
    """A +tag behind the local part."""
    company = world.filled(world.company())
    person = world.contact(company)
    about = usual(world, company, person)
    local, _, host = person["Email"].partition("@")
    world.meet(
        kind, about.truth, [f"{local}+{world.dice.choice(('zoom', 'crm', 'cal'))}@{host}"], about.rep, about.start
    )


def dotted_gmail(world: World, kind: str) -> None:
    """Gmail with dots elsewhere, or under its other name."""
    company = world.company(website="")
    person = world.contact(company, domain="gmail.com")
    about = usual(world, company, person)
    local = person["Email"].partition("@")[0]
    spelled = local.replace(".", "") if world.dice.random() < 0.5 else f"{local[0]}.{local[1:]}"
    host = world.dice.choice(("gmail.com", "googlemail.com"))
    world.meet(kind, about.truth, [f"{spelled}@{host}"], about.rep, about.start)


def dots_elsewhere(world: World, kind: str) -> None:
    """Elsewhere dots tell people apart: two customers of one free-mail host."""
    companies = [world.company(website="") for _ in range(2)]
    address = world.address(*world.name(), "web.de")
    local = address.partition("@")[0].replace(".", "")
    person, other = world.contact(companies[0], Email=address), world.contact(companies[1], Email=f"{local}@web.de")
    usual(world, companies[1], other)
    about = usual(world, companies[0], person)
    world.meet(kind, about.truth, [person], about.rep, about.start)


def _mover(world: World) -> tuple[Row, Row]:
    """The new and the old record of one person, with one mobile number. The new company is the last one made."""
    before = world.filled(world.company())
    old = world.contact(before, created=world.days_ago(700, 1500), modified=world.days_ago(1, 699))
    if world.dice.random() < 0.5:
        world.deal(before, owner=world.user(), contact=old)
    company = world.filled(world.company())
    address = world.address(old["First_Name"], old["Last_Name"], company.domain)
    same = {name: old[name] for name in ("First_Name", "Last_Name", "Mobile")}
    return world.contact(company, Email=address, created=world.days_ago(30, 600), **same), old


def _private(world: World, person: Row) -> str:
    return world.address(person["First_Name"], person["Last_Name"], world.dice.choice(FREE_MAIL))


def _deal(deal: Row, company: Company) -> Truth:
    return Truth(("Deals", deal["id"]), company.id)


def _meet_or_call(world: World, kind: str, person: Row, about: Business) -> None:
    """Two meetings for a call."""
    if world.dice.random() < 0.67:
        world.meet(kind, about.truth, [person, *_brought_along(world, person)], about.rep, about.start)
    else:
        world.call(kind, about.truth, bare(person["Phone"]), about.rep, about.start)


def _brought_along(world: World, person: Row) -> list[Row]:
    """Now and then a colleague whom the CRM knows, and who stands on no deal."""
    company = world.company_of.get(person.get("Account_Name", {}).get("id", ""))
    return [world.contact(company)] if company and world.dice.random() < 0.25 else []
