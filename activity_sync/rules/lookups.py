"""Which addresses of an interaction to look for in the shadow."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from activity_sync.model.addresses import NumberKind, comparable_key, domain_of, folded_email, is_gmail
from activity_sync.model.decisions import Lookup
from activity_sync.model.interactions import Call, Interaction, Meeting
from activity_sync.model.records import AddressKind, Module, Record
from activity_sync.model.settings import Settings
from activity_sync.model.team import Team
from activity_sync.rules.domains import company_hosts
from activity_sync.rules.sides import caller_email, outside_number, outsiders, with_parents

_AT_ONCE = (AddressKind.EMAIL, AddressKind.NUMBER, AddressKind.ACCOUNT_KEY)


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
    return tuple(sorted(found))


def at_first(asked: Iterable[Lookup]) -> tuple[Lookup, ...]:
    """Of these addresses those by which people are known at once: e-mail, number, a Gmail mailbox, the account id."""
    return tuple(one for one in asked if one.kind in _AT_ONCE or _is_gmail(one))


def if_unknown(asked: Iterable[Lookup], found: Mapping[Lookup, Sequence[Record]]) -> tuple[Lookup, ...]:
    """Those that matter where nobody is `found` under an e-mail address: the mailbox behind it, its company's site."""
    wanted, unknown = tuple(asked), _unknown(asked, found)
    mailboxes = {folded_email(email) for email in unknown}
    hosts = _hosts(unknown)
    kinds = {AddressKind.FOLDED: mailboxes, AddressKind.DOMAIN: hosts}
    return tuple(one for one in wanted if one.value in kinds.get(one.kind, ()))


def by_colleagues(asked: Iterable[Lookup], found: Mapping[Lookup, Sequence[Record]]) -> tuple[Lookup, ...]:
    """Those that matter where no account has the domain either: who else has an address there.

    The domain of a large customer leads to thousands of people, so this comes last.
    """
    wanted = tuple(asked)
    sites = {
        one.value for one, there in found.items() if one.kind is AddressKind.DOMAIN and any(map(_is_account, there))
    }
    hosts = _hosts(email for email in _unknown(wanted, found) if sites.isdisjoint(with_parents(domain_of(email))))
    return tuple(one for one in wanted if one.kind is AddressKind.MAIL_DOMAIN and one.value in hosts)


def _unknown(asked: Iterable[Lookup], found: Mapping[Lookup, Sequence[Record]]) -> tuple[str, ...]:
    """The e-mail addresses of which not even one living contact or lead is known."""
    emails = (one for one in asked if one.kind is AddressKind.EMAIL)
    return tuple(one.value for one in emails if not any(map(_is_person, found.get(one, ()))))


def _hosts(emails: Iterable[str]) -> set[str]:
    return {one for email in emails for one in with_parents(domain_of(email))}


def _is_gmail(lookup: Lookup) -> bool:
    return lookup.kind is AddressKind.FOLDED and is_gmail(lookup.value)


def _is_site(lookup: Lookup) -> bool:
    return lookup.kind is AddressKind.DOMAIN


def _is_person(record: Record) -> bool:
    return record.module is not Module.ACCOUNTS and not record.converted


def _is_account(record: Record) -> bool:
    return record.module is Module.ACCOUNTS


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
