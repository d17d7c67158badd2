"""What the judgement finds about one interaction: who the people are, where it goes, what is to be written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from activity_sync.model.answers import Question
from activity_sync.model.interactions import Interaction, Outcome
from activity_sync.model.light import light_dataclass
from activity_sync.model.records import AddressKind, OrgFacts, Record, User
from activity_sync.model.team import Team
from activity_sync.model.trace import Candidate
from activity_sync.model.writes import Wanted


class State(StrEnum):
    """The state of an interaction. WAITING: ambiguous, or for a record, credit or grace. UNMATCHED: nobody is known."""

    SCREENED = "screened"
    WAITING = "waiting"
    UNMATCHED = "unmatched"
    LOGGED = "logged"
    ADOPTED = "adopted"
    FAILED = "failed"
    PLANNED = "planned"


class Lookup(NamedTuple):
    """An address to look for in the shadow: `value` in comparable form.

    With an `extension` (numbers only) only entries that have the same one are meant; "" means all.
    """

    kind: AddressKind
    value: str
    extension: str = ""


@light_dataclass(frozen=True, slots=True, kw_only=True)
class Candidates:
    """What the shadow holds that may matter to one interaction.

    `by_address`: the records found under each address. `accounts`: by id, all that those records or domains lead to.
    `deals`: by account id, every deal of those accounts, open or closed. `contacts`: by id, the contacts that the
    deals name and that converted leads became. `roles`: by deal id, the contacts with a role in it, where that was
    read; None: nobody asks for roles. There may be more in here than one interaction asked for.
    """

    by_address: Mapping[Lookup, Sequence[Record]] = field(default_factory=dict)
    accounts: Mapping[str, Record] = field(default_factory=dict)
    deals: Mapping[str, Sequence[Record]] = field(default_factory=dict)
    contacts: Mapping[str, Record] = field(default_factory=dict)
    roles: Mapping[str, frozenset[str]] | None = None


@light_dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """An outside participant and the records that may be this person (none: unknown; several: ambiguous).

    `by`: the words for the rule that found them ("e-mail address", "number", "domain"). `account_ids`: the accounts
    of these records; exactly one: the company is certain even if the person is not. `candidates`: all that were looked
    at for this person.
    """

    address: str
    name: str = ""
    records: tuple[Record, ...] = ()
    account_ids: tuple[str, ...] = ()
    by: str = ""
    candidates: tuple[Candidate, ...] = ()


@light_dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """Who the outside people of an interaction are."""

    people: tuple[Person, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    trace: tuple[str, ...] = ()


@light_dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where an interaction goes.

    `record`: the deal, account, lead, or a contact alone; None: on no record. `who`: the contact in Who_Id.
    `leads`: leads beside a contact's side, to be named in the description. `state` is LOGGED when it may be
    written, else WAITING or UNMATCHED with a `reason`. `roles_of`: the deals whose contact roles it waits for.
    `met`: the addresses, as they were given, of the outside people who are `who`, the lead, or one of `leads`.
    """

    state: State
    record: Record | None = None
    who: Record | None = None
    account: Record | None = None
    leads: tuple[Record, ...] = ()
    reason: str = ""
    candidates: tuple[Candidate, ...] = ()
    trace: tuple[str, ...] = ()
    roles_of: tuple[str, ...] = ()
    met: tuple[str, ...] = ()


@light_dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """Under whose name it is logged. `rep`: the e-mail of our person, even where `user` is another; None: nobody."""

    rep: str = ""
    user: User | None = None
    trace: tuple[str, ...] = ()


@light_dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """All that a judgement needs beside the interaction: no clock and no database is read in there.

    `now`: aware, UTC. `first_seen`: when the interaction was first stored; `logged`: whether it is in Zoho already.
    `reached`: for a missed call, the moment at which one of our people reached the number afterwards, or None.
    `stage_decided`: whether its deal's stage should move was settled before; a person's later change stays.
    `ignored`: the addresses (kind, value) whose interactions a person never wants logged, each with the rule's name.
    `echo`: whether it only shows an Event that we wrote.
    `attended`: how many of ours and how many others were in the online meeting; None: not known.
    `there`: the slots of the records that Zoho holds for it.
    `removed`: the record keys of people and companies that were made once, and that somebody removed.
    """

    now: datetime
    team: Team
    org: OrgFacts
    candidates: Candidates = Candidates()
    logged: bool = False
    reached: datetime | None = None
    stage_decided: bool = False
    echo: bool = False
    attended: tuple[int, int] | None = None
    there: frozenset[str] = frozenset()
    removed: frozenset[str] = frozenset()
    ignored: Mapping[tuple[str, str], str] = field(default_factory=dict)


@light_dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """One interaction, judged whole. `wanted`: the records as they should be in Zoho now (empty unless LOGGED).

    `withdraw`: the slots whose records should go if nobody touched them (follow-ups of a cancelled meeting, or the
    activity itself with `meetings.cancelled: delete`). `judge_again_at`: when time alone may change the outcome.
    `stage_left`: it is settled that its deal's stage is left as it is. `questions`: what a person could answer.
    `adopted`: the id of another's activity that stands in the place of ours; `double`: of one that stands beside it.
    """

    interaction: Interaction
    state: State
    outcome: Outcome
    reason: str = ""
    type_name: str = ""
    owner: Owner = Owner()
    target: Target | None = None
    wanted: tuple[Wanted, ...] = ()
    withdraw: tuple[str, ...] = ()
    judge_again_at: datetime | None = None
    stage_left: bool = False
    questions: tuple[Question, ...] = ()
    adopted: str = ""
    double: str = ""
    candidates: tuple[Candidate, ...] = ()
    trace: tuple[str, ...] = ()
