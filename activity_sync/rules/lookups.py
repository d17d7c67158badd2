"""Which addresses of an interaction to look for in the shadow."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from activity_sync.model.addresses import NumberKind, comparable_key, domain_of, folded_email
from activity_sync.model.decisions import Lookup
from activity_sync.model.interactions import Call, Interaction, Meeting
from activity_sync.model.records import AddressKind, Module, Record
from activity_sync.model.settings import Settings
from activity_sync.model.team import Team
from activity_sync.rules.domains import company_hosts
from activity_sync.rules.sides import caller_email, outside_number, outsiders, with_parents

_COMPANIES = (AddressKind.DOMAIN, AddressKind.MAIL_DOMAIN)


def lookups(interaction: Interaction, team: Team, settings: Settings) -> tuple[Lookup, ...]:
    """Every address under which a record may matter, each once and sorted."""
    guests = outsiders(interaction, team, settings)
    match interaction:
        case Meeting():
            found = {lookup for guest in guests for lookup in of_email(guest.email, team, settings)}
        case Call():
            found = {lookup for _ in guests for lookup in of_call(interaction, settings)}
            email = caller_email(interaction, team) if guests else ""
            found |= set(of_email(email, team, settings)) if email else set()
    return tuple(sorted(found, key=lambda lookup: (lookup.kind, lookup.value, lookup.extension)))


def tells_company(lookup: Lookup) -> bool:
    """Whether an address is one under which a company is found by its domain."""
    return lookup.kind in _COMPANIES


def companies_to_ask(asked: Iterable[Lookup], found: Mapping[Lookup, Sequence[Record]]) -> tuple[Lookup, ...]:
    """Of these addresses the domains that can matter, once it is known who is `found` under the others.

    A company is looked for only where no person is known: the domain of a large customer leads to thousands.
    """
    wanted = tuple(asked)
    emails = (one for one in wanted if one.kind is AddressKind.EMAIL)
    open_hosts = {domain_of(one.value) for one in emails if not any(_is_person(who) for who in found.get(one, ()))}
    hosts = {one for host in open_hosts for one in with_parents(host)}
    return tuple(one for one in wanted if tells_company(one) and one.value in hosts)


def _is_person(record: Record) -> bool:
    return record.module is not Module.ACCOUNTS and not record.converted


def of_email(email: str, team: Team, settings: Settings) -> Iterator[Lookup]:
    """The address, the mailbox behind it, and its company's domains."""
    yield Lookup(AddressKind.EMAIL, email)
    if settings.matching.fold_aliases:
        yield from folded(email)
    for host in company_hosts(email, team, settings):
        yield Lookup(AddressKind.DOMAIN, host)
        yield Lookup(AddressKind.MAIL_DOMAIN, host)


def folded(email: str) -> tuple[Lookup, ...]:
    """Where other spellings of the same mailbox are found."""
    mailbox = folded_email(email)
    return (Lookup(AddressKind.FOLDED, mailbox), Lookup(AddressKind.EMAIL, mailbox))


def of_call(call: Call, settings: Settings) -> tuple[Lookup, ...]:
    """The number and the company's own account id."""
    return (*of_number(call, settings), *of_account_key(call, settings))


def of_account_key(call: Call, settings: Settings) -> tuple[Lookup, ...]:
    """Where the account is found whose id, the company's own, came with the call."""
    asked = settings.matching.account_key
    value = comparable_key(call.extra.get(asked.from_)) if asked else ""
    return (Lookup(AddressKind.ACCOUNT_KEY, value),) if value else ()


def of_number(call: Call, settings: Settings) -> tuple[Lookup, ...]:
    """The number and, if the caller has an extension, the number with just that one; none if it cannot be matched."""
    number = outside_number(call, settings)
    if number.kind is not NumberKind.E164:
        return ()
    plain = Lookup(AddressKind.NUMBER, number.e164)
    return (plain, Lookup(AddressKind.NUMBER, number.e164, number.extension)) if number.extension else (plain,)
