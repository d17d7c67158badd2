"""The kinds of difficulty, with what happens in each and how often."""

from __future__ import annotations

from collections.abc import Callable

from bench.accuracy import at_once, by_company, by_person
from bench.accuracy.untidy import make_untidy
from bench.accuracy.world import World

Case = Callable[[World, str], None]

KINDS: dict[str, tuple[tuple[Case, int], ...]] = {
    "nothing special": (
        (by_person.known, 760), (by_person.only_a_lead, 120), (by_person.contact_without_account, 60),
    ),
    "several open deals": ((by_person.several_deals, 597), (by_person.speaks_of_a_colleagues_deal, 3)),
    "closed deals": (
        (by_person.deals_closed_long_ago, 150), (by_person.deal_closed_since, 98),
        (by_person.another_deal_opened_since, 2),
    ),
    "shared numbers": (
        (by_company.switchboard, 200), (by_company.switchboard_of_the_account_only, 80),
        (by_company.business_centre, 69), (by_company.recycled_number, 1),
    ),
    "extensions": ((by_company.extension, 110), (by_company.extension_in_a_business_centre, 40)),
    "changed jobs": (
        (by_person.moved_with_new_record, 170), (by_person.moved_without_new_record, 90),
        (by_person.moved_and_calls, 88), (by_person.moved_and_only_the_old_record_has_the_number, 2),
    ),
    "personal addresses": (
        (by_person.personal_address_on_record, 160), (by_person.personal_address_unknown, 60),
        (by_person.personal_address_shared, 30),
    ),
    "namesakes": (
        (by_person.namesakes, 150), (by_person.namesake_in_the_same_company, 60),
        (by_person.namesake_of_nobody_here, 40),
    ),
    "agencies and partners": (
        (by_company.with_a_listed_agency, 120), (by_company.with_fewer_of_an_agency, 90),
        (by_company.invited_by_the_customer, 50), (by_company.as_many_of_an_agency, 38),
        (by_company.more_of_an_agency, 2),
    ),
    "free-mail customers": ((by_person.free_mail_customer, 180), (by_person.free_mail_colleague, 70)),
    "subsidiaries, several domains": (
        (by_company.known_at_a_shared_domain, 110), (by_company.unknown_at_a_shared_domain, 60),
        (by_company.unknown_of_a_daughter, 50), (by_company.unknown_below_the_domain, 40),
        (by_company.unknown_at_the_second_domain, 60), (by_company.unknown_at_a_domain_of_two, 30),
    ),
    "stale records": (
        (by_company.old_address_kept, 90), (by_company.forgotten_deals, 80),
        (by_company.forgotten_deals_of_nobody, 40), (by_company.twin_account, 50), (by_company.renamed_company, 40),
    ),
    "twins": ((by_person.twin_lead, 170), (by_person.twin_contact, 80)),
    "unknown people of known companies": (
        (by_company.unknown_of_a_known_company, 200), (by_company.known_beside_unknown, 100),
    ),
    "alias addresses": ((by_person.tagged, 110), (by_person.dotted_gmail, 100), (by_person.dots_elsewhere, 40)),
    "converted leads": ((by_person.converted_lead, 100), (by_person.converted_lead_and_contact, 100)),
    "several companies in one meeting": (
        (by_company.most_of_one_company, 120), (by_company.one_of_each_by_invitation, 80), (by_company.one_of_each, 50),
    ),
    "several of these at once": (
        (at_once.tagged_twin_with_an_agency, 40),
        (at_once.converted_with_an_unknown_colleague, 40),
        (at_once.mover_meets_the_former_colleagues, 40),
        (at_once.beside_a_twin_contact, 40),
        (at_once.beside_a_shared_mailbox, 40),
        (at_once.beside_a_lead, 40),
    ),
    "strangers": ((by_person.stranger, 100),),
}  # fmt: skip

FEWEST = {"people": 20_000, "Accounts": 3_000, "Deals": 6_000}
"""What the org is filled up to."""


def make(seed: int, share: float = 1.0) -> World:
    """The world of a seed. `share`: so much of it (each case at least once), for a quick look."""
    world = World(seed)
    by_company.make_agencies(world)
    for kind, cases in KINDS.items():
        for case, times in cases:
            for _ in range(max(1, round(times * share))):
                case(world, kind)
    _fill(world, share)
    make_untidy(world)
    return world


def _fill(world: World, share: float) -> None:
    """Companies, deals and people that nothing happens with."""
    while len(world.rows["Accounts"]) < FEWEST["Accounts"] * share:
        world.filled(world.company())
    while len(world.rows["Deals"]) < FEWEST["Deals"] * share:
        idle = world.filled(world.company())
        world.deal(idle, owner=world.user())
    while (people := len(world.rows["Contacts"]) + len(world.rows["Leads"])) < FEWEST["people"] * share:
        if people % 2:
            world.contact(world.dice.choice(world.companies))
        else:
            world.lead()
