"""The index of telephone numbers at full size, beside libphonenumber parsing all of them: `python -m bench.phones`.

Three things are timed for the same numbers, in turns of a few thousand, so that a busy machine slows all alike: plain
parsing by libphonenumber (parse and format as E.164), our index keys, and the shadow's rows into SQLite. Then numbers
call: part of them are known, part are not. For a sample the answers are compared with what libphonenumber's own
results, gathered during the plain parsing, would have found.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from random import Random

import phonenumbers

from activity_sync.model.numbers import plain_number, read_number
from activity_sync.model.numbers.canonical import settled
from activity_sync.model.numbers.library import Reach
from activity_sync.model.ports import ShadowRow
from activity_sync.model.records import AddressKind, Module
from activity_sync.store import shadow
from activity_sync.store.database import Database, open_database
from activity_sync.store.holders import holders
from activity_sync.zoho.payloads import Addressing, to_row
from activity_sync.zoho.telephone import keys_in
from bench.clock import Clock, plain_steps
from bench.made_up_numbers import FIELDS, contacts

HOW = Addressing(emails={}, numbers={"Contacts": FIELDS}, domains={}, region="US")
AT_ONCE = 4_000
SAVED_AT_ONCE = 20_000
"""Contacts in one transaction: each writes a good part of the index anew."""
CALLS_AT_ONCE = 1_000
COMPARED = 20_000
_ENDING = 6
"""So many digits at the end no rule ever changes: a look at them saves most of the comparing, which is not timed."""


Written = tuple[str, str]
"""A number as written, and its region."""


def main() -> None:
    """Build, ask, compare, print."""
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--contacts", type=int, default=1_000_000)
    options.add_argument("--calls", type=int, default=200_000)
    chosen = options.parse_args()
    clock = Clock()
    calling = numbers_that_call(chosen.contacts, chosen.calls)
    compared = calling[:COMPARED]
    expected: dict[str, set[str]] = {key: set() for one in compared if (key := key_by_library(*one))}
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "shadow.db"
        database = open_database(f"sqlite:///{file}")
        database.upgrade()
        build(database, chosen.contacts, expected, clock)
        built = most_memory()
        answers = call(database, calling, clock)
        differing = [one for one in compared if answers.get(one, set()) != expected.get(key_by_library(*one), set())]
        database.dispose()
        tell(chosen.contacts, len(calling), len(compared), len(differing), clock)
        print(f"SQLite file {file.stat().st_size / 1e6:,.0f} MB; most memory {built:,.0f} MB, "
              f"{most_memory():,.0f} MB with the file mapped for the look-ups")  # fmt: skip
    for one in differing[:10]:
        print("differs:", one)
    raise SystemExit(bool(differing))


def numbers_that_call(count: int, calls: int) -> list[Written]:
    """Half of them numbers that a contact has, every other one in the form that networks deliver; half unknown ones."""
    spread = islice(contacts(count), 0, None, max(1, 2 * count // calls))  # the same seed as in `build`
    theirs = [(row["Phone"], row["Mailing_Country"]) for row in islice(spread, calls // 2)]
    theirs[::2] = [as_delivered(*one) for one in theirs[::2]]
    others = [(row["Mobile"], row["Mailing_Country"]) for row in contacts(calls - len(theirs), seed=2)]
    mixed = [*theirs, *others]
    Random(3).shuffle(mixed)
    return mixed


def as_delivered(text: str, region: str) -> Written:
    """The number as E.164, if it is one."""
    return key_by_library(text, region) or text, region


def build(database: Database, count: int, expected: dict[str, set[str]], clock: Clock) -> None:
    """Parse, index and store all contacts. `expected`: gathers who holds these keys, by libphonenumber alone."""
    rows, endings = contacts(count), {key[-_ENDING:] for key in expected}
    unsaved: list[ShadowRow] = []
    while portion := list(islice(rows, AT_ONCE)):
        numbers = [(row[name], row["Mailing_Country"]) for row in portion for name in FIELDS]
        with clock.on("plain"):
            plain = [parsed(text, region) for text, region in numbers]
        with clock.on("keys"):
            for text, region in numbers:
                keys_in(text, region)
        with clock.on("rows"):
            unsaved += [to_row(Module.CONTACTS, row, HOW) for row in portion]
        if len(unsaved) >= SAVED_AT_ONCE:
            save(database, unsaved, clock)
        for place, (number, one) in enumerate(zip(numbers, plain, strict=True)):
            if one is not None and one[1][-_ENDING:] not in endings:
                continue
            if (key := key_of(one) or key_by_library(*number)) in expected:
                expected[key].add(portion[place // len(FIELDS)]["id"])
    save(database, unsaved, clock)


def save(database: Database, records: list[ShadowRow], clock: Clock) -> None:
    """Store these, and empty the list."""
    with clock.on("database"), database.transaction() as session:
        shadow.save_records(session, records, first_load=True)
    records.clear()


def call(database: Database, calling: Sequence[Written], clock: Clock) -> dict[Written, set[str]]:
    """Who is known under each number that calls."""
    answers: dict[Written, set[str]] = {}
    left = iter(calling)
    with database.reading() as session:
        while portion := list(islice(left, CALLS_AT_ONCE)):
            with clock.on("reading"):
                keys = [plain_number(*one) or (read_number(*one).e164, "") for one in portion]
            wanted = sorted({e164 for e164, _ in keys if e164})
            with clock.on("look-up"):
                found = list(holders(session, AddressKind.NUMBER, wanted))
            who: dict[str, set[str]] = {}
            for e164, _, record_id in found:
                who.setdefault(e164, set()).add(record_id)
            answers |= {one: who.get(e164, set()) for one, (e164, _) in zip(portion, keys, strict=True)}
    return answers


def parsed(text: str, region: str) -> tuple[phonenumbers.PhoneNumber, str] | None:
    """Plain parsing: what everybody does who has numbers to compare."""
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    return number, phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def key_of(one: tuple[phonenumbers.PhoneNumber, str] | None) -> str:
    """Under what a parsed number is found, after the canonical rules; "" when it is none."""
    if one is None:
        return ""
    possible = phonenumbers.is_possible_number_with_reason(one[0]) == phonenumbers.ValidationResult.IS_POSSIBLE
    e164, reach = settled(one[1], Reach.WHOLE if possible else Reach.NONE)
    return e164 if reach is Reach.WHOLE else ""


def key_by_library(text: str, region: str) -> str:
    """The key of a number by libphonenumber alone; digits that can be no number of the region are tried with a plus."""
    if sum(sign.isdigit() for sign in text) <= 6 or "E+" in text:  # short ones are never matched
        return ""
    return key_of(parsed(text, region)) or key_of(parsed(f"+{text.removeprefix('00')}", region))


def tell(count: int, calls: int, compared: int, differing: int, clock: Clock) -> None:
    """Print the figures."""
    numbers, busy, wall = count * len(FIELDS), clock.busy, clock.wall
    print(f"{count:,} contacts, {numbers:,} numbers, {calls:,} calls. Seconds of this process (on the wall):")
    for what, of in (("plain", numbers), ("keys", numbers), ("rows", count), ("database", count),
                     ("reading", calls), ("look-up", calls)):  # fmt: skip
        print(f"  {what:9} {busy[what]:8.2f} ({wall[what]:8.2f})   {of / busy[what]:12,.0f} a second")
    print(f"keys are built {busy['plain'] / busy['keys']:.1f} times as fast as plain parsing "
          f"({wall['plain'] / wall['keys']:.1f} on the wall)")  # fmt: skip
    print(f"a plain loop does {plain_steps() / 1e6:,.1f} million steps a second beside: other work slows all alike")
    print(f"answers that differ: {differing} of {compared:,}")


def most_memory() -> float:
    """Of this process until now, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3


if __name__ == "__main__":
    main()
