"""Of the records that were found under one address: which of them may be the person, and why not the others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from activity_sync.model.decisions import Candidates
from activity_sync.model.light import light_dataclass
from activity_sync.model.records import NOUNS, Module, Record
from activity_sync.model.trace import Candidate

_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@light_dataclass(frozen=True, slots=True, kw_only=True)
class Sifted:
    """`records`: who it may be, the one that was changed last first. `account_ids`: see `Person`."""

    records: tuple[Record, ...] = ()
    account_ids: tuple[str, ...] = ()
    candidates: tuple[Candidate, ...] = ()

    def after(self, earlier: Sifted) -> Sifted:
        """The same, with what an earlier attempt had to say in front."""
        return replace(self, candidates=(*earlier.candidates, *self.candidates))

    def but_not(self, others: Iterable[Record], because: str) -> Sifted:
        """The same, with these dropped for the reason given."""
        return replace(self, candidates=(*self.candidates, *(dropped(one, because) for one in in_order(others))))


_NOBODY = Sifted()


def sift(records: Sequence[Record], shadow: Candidates, has: str) -> Sifted:
    """Who may be meant. `has`: how they were found ("has the number …").

    Converted leads lead to their contact; contacts come before leads; an account counts when no person was found, or
    when it speaks against the contacts that were.
    """
    if not records:
        return _NOBODY
    alone = records[0] if len(records) == 1 else None
    if alone is not None and not alone.converted:  # most people have one record, and there is nothing to weigh
        account_id = _account_id(alone, shadow)
        ids = (account_id,) if account_id else ()
        return Sifted(records=(alone,), account_ids=ids, candidates=(kept(alone, has),))
    people, gone = _followed(in_order(records), shadow, has)
    contacts = [record for record in people if record.module is Module.CONTACTS]
    leads = [record for record in people if record.module is Module.LEADS]
    accounts = [record for record in people if record.module is Module.ACCOUNTS]
    chosen, needless = _ladder(contacts, leads, accounts)
    found = Sifted(
        records=tuple(in_order(chosen)),
        account_ids=company_of(chosen, shadow),
        candidates=(*gone, *(kept(record, has) for record in in_order(chosen))),
    )
    for record in in_order(needless):
        found = found.but_not([record], f"{has}, but so does {_what_won(record)}")
    return found


def in_order(records: Iterable[Record]) -> list[Record]:
    """Each once; what was changed last first, then by id: the order that `ambiguous: best` follows."""
    once = {(record.module, record.id): record for record in records}
    if len(once) < 2:
        return list(once.values())
    return sorted(
        once.values(), key=lambda record: (_LONG_AGO - (record.modified or _LONG_AGO), record.module, record.id)
    )


def company_of(records: Sequence[Record], shadow: Candidates) -> tuple[str, ...]:
    """The accounts that these records belong to, sorted; none when one of several belongs to no account."""
    ids = {_account_id(record, shadow) for record in records}
    return () if "" in ids else tuple(sorted(ids))


def kept(record: Record, because: str) -> Candidate:
    """A candidate that stays."""
    return Candidate(record.module, record.id, record.name, kept=True, because=because)


def dropped(record: Record, because: str) -> Candidate:
    """A candidate that goes."""
    return Candidate(record.module, record.id, record.name, kept=False, because=because)


def noun(record: Record) -> str:
    """What a person calls such a record."""
    return NOUNS[record.module]


def any_of(records: Sequence[Record], most: int = 4) -> str:
    """They by noun and name, the first few of many: `the contact Sam Poe or the lead Lee Fox`."""
    named = [f"the {noun(record)} {record.name}" for record in records[:most]]
    more = len(records) - most
    return " or ".join([*named, *([f"{more} more"] if more > 0 else [])])


def _account_id(record: Record, shadow: Candidates) -> str:
    if record.module is Module.ACCOUNTS:
        return record.id
    known = record.module is Module.CONTACTS and record.account_id in shadow.accounts
    return record.account_id if known else ""


def _followed(records: Sequence[Record], shadow: Candidates, has: str) -> tuple[list[Record], list[Candidate]]:
    """Converted leads replaced by what they became; those that lead nowhere are dropped."""
    followed, gone = [], []
    for record in records:
        became = _became(record, shadow) if record.converted else record
        if became is None or became is not record:
            fate = f"became the {noun(became)} {became.name}" if became else "was converted and leads to nobody known"
            gone.append(dropped(record, f"{has}, but {fate}"))
        if became is not None:
            followed.append(became)
    return in_order(followed), gone


def _became(lead: Record, shadow: Candidates) -> Record | None:
    return shadow.contacts.get(lead.contact_id) or shadow.accounts.get(lead.account_id)


def _ladder(contacts: list[Record], leads: list[Record], accounts: list[Record]) -> tuple[list[Record], list[Record]]:
    """Who stays and who goes."""
    if contacts:
        theirs = {contact.account_id for contact in contacts}
        foreign = [account for account in accounts if account.id not in theirs]
        return [*contacts, *foreign], [*leads, *(account for account in accounts if account.id in theirs)]
    return (leads, accounts) if leads else (accounts, [])


def _what_won(record: Record) -> str:
    return "a contact, and contacts come before leads" if record.module is Module.LEADS else "a person"
