"""Our rules, asked as the program asks them: the shadow in SQLite, sightings joined, looked up and judged."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from itertools import islice
from pathlib import Path

from sqlmodel import Session

from activity_sync.model.decisions import Judgement, State, Surroundings
from activity_sync.model.interactions import (
    CallLeg,
    Direction,
    MeetingCopy,
    Outcome,
    Participant,
    RepShare,
    Response,
    Sighting,
)
from activity_sync.model.records import Module, OrgFacts, Stage, User
from activity_sync.model.settings import Settings
from activity_sync.model.team import Team
from activity_sync.rules.joining import join
from activity_sync.rules.judgement import judge
from activity_sync.rules.lookups import lookups
from activity_sync.rules.teams import team_of
from activity_sync.steps import roles
from activity_sync.store import shadow
from activity_sync.store.database import open_database
from activity_sync.store.roles import save_roles
from activity_sync.zoho.payloads import addressing, to_row
from bench.accuracy.truth import Happening, Key
from bench.accuracy.world import CLOSED, NOW, OPEN, OURS, World

_AT_ONCE = 2_000
_STAGES = (*OPEN, *CLOSED)
ORG = OrgFacts(stages=tuple(Stage(name=name, order=order, closed=name in CLOSED) for order, name in enumerate(_STAGES)))


def settings_for(listed_domains: Iterable[str]) -> Settings:
    """A beginner's file: everything as it comes, but the domains that the admin listed in `never.match`."""
    zoho = {"data_center": "us", "client_id": "1", "client_secret": "2", "refresh_token": "3"}
    return Settings.model_validate(
        {
            "timezone": "America/New_York",
            "default_region": "US",
            "zoho": zoho,
            "team": {"domains": [OURS]},
            "calendars": [{"name": "workspace", "kind": "google", "service_account_file": "none.json"}],
            "dialers": [{"name": "aircall", "kind": "aircall", "api_id": "1", "api_token": "2"}],
            "never": {"match": {"domains": list(listed_domains)}},
        }
    )


def judged(
    world: World, listed_domains: Iterable[str], folder: Path, at_once: int = 25
) -> Iterator[tuple[Happening, Judgement]]:
    """Each happening of the world, judged. `folder`: where the shadow is put.

    So many are looked up `at_once`, to be done in time: what other interactions find never changes a judgement.
    """
    settings = settings_for(listed_domains)
    database = open_database(f"sqlite:///{folder / 'shadow.db'}")
    try:
        database.upgrade()
        with database.transaction() as session:
            _load(session, world, settings)
        with database.reading() as session:
            team = team_of(settings, shadow.users_of(session))
            left = iter(world.happenings)
            while portion := list(islice(left, at_once)):
                yield from _judge(session, portion, team, settings)
    finally:
        database.dispose()


def written(judgement: Judgement) -> Key | None:
    """The record that the interaction goes on; None: it waits, or is screened."""
    record = judgement.target.record if judgement.target else None
    return (str(record.module), record.id) if record and judgement.state is State.LOGGED else None


def _judge(
    session: Session, happenings: Sequence[Happening], team: Team, settings: Settings
) -> Iterator[tuple[Happening, Judgement]]:
    joined = [join(sightings(one)) for one in happenings]
    asked = {lookup for one in joined for lookup in lookups(one, team, settings)}
    around = Surroundings(now=NOW, team=team, org=ORG, candidates=roles.candidates(session, tuple(asked), NOW))
    for happening, interaction in zip(happenings, joined, strict=True):
        yield happening, judge(interaction, around, settings)


def _load(session: Session, world: World, settings: Settings) -> None:
    how = addressing(settings)
    shadow.save_users(session, [User(id=one["id"], email=one["email"]) for one in world.users])
    for module, rows in world.rows.items():
        left = iter(rows)
        while portion := list(islice(left, _AT_ONCE)):
            read = [to_row(Module(module), row, how) for row in portion]
            shadow.save_records(session, read, first_load=True)
    save_roles(session, {row["id"]: world.roles.get(row["id"], []) for row in world.rows["Deals"]}, NOW)


def sightings(happening: Happening) -> list[Sighting]:
    """As the calendars of ours or the dialer show it."""
    if happening.kind_of == "call":
        return [_leg(happening)]
    return [_copy(happening, rep) for rep in happening.reps]


def _leg(happening: Happening) -> CallLeg:
    talk = 300
    return CallLeg(
        source="aircall", record_id=happening.id, conversation_id=happening.id, direction=Direction.INBOUND,
        outcome=Outcome.ANSWERED, started=happening.start, answered=happening.start,
        ended=happening.start + timedelta(seconds=talk), talk_seconds=talk, outside_number=happening.number,
        reps=tuple(RepShare(email=one, talk_seconds=talk) for one in happening.reps),
    )  # fmt: skip


def _copy(happening: Happening, rep: str) -> MeetingCopy:
    people = [*((one, "") for one in happening.reps), *happening.guests]
    return MeetingCopy(
        source="workspace", calendar=rep, event_id=happening.id, uid=happening.id, title="Meeting",
        start=happening.start, end=happening.start + timedelta(minutes=30),
        participants=tuple(
            Participant(email=email, name=name, response=Response.ACCEPTED, organizer=email == happening.organizer)
            for email, name in people
        ),
    )  # fmt: skip
