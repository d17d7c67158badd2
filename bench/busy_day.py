"""What happens on a busy day: meetings, calls, what moves and what comes late."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta

from activity_sync.model.interactions import (
    CallLeg,
    Direction,
    MeetingCopy,
    Outcome,
    Participant,
    RepShare,
    Response,
)
from bench.company import Company, guest, phone, rep


def busy_day(company: Company, users: int, start: datetime, known: int) -> Counter[str]:
    """For each user 8 meetings and 30 calls; a tenth of the meetings moves, a fifth of the calls gets its recording
    later, and four calls are missed, with a task each. Returns what there is of each."""
    chance, done = random.Random(7), Counter[str]()
    opening = start + timedelta(hours=9)
    for user in range(users):
        for number in range(8):
            _meeting(company, chance, user, number, opening, known, done)
        for number in range(30):
            _call(company, chance, user, number, opening, known, done)
    return done


def _meeting(
    company: Company, chance: random.Random, user: int, number: int, opening: datetime, known: int, done: Counter[str]
) -> None:  # fmt: skip
    starts = opening + timedelta(minutes=60 * number + chance.randrange(0, 30))
    one, companies = chance.randrange(known), len(company.sim.world.tables["Accounts"].rows)
    of_one_company = (one, one + companies)
    people = [Participant(email=guest(number), response=Response.ACCEPTED) for number in of_one_company]
    copy = MeetingCopy(
        source="workspace",
        calendar=rep(user),
        event_id=f"m{user}-{number}",
        uid=f"m{user}-{number}",
        title="Talk about the offer",
        start=starts,
        end=starts + timedelta(minutes=30),
        participants=(Participant(email=rep(user), response=Response.ACCEPTED, organizer=True), *people),
    )
    seen = starts - timedelta(minutes=chance.randrange(30, 8 * 60))
    company.meetings.shown.append((seen, copy))
    done["meetings"] += 1
    if (user * 8 + number) % 10 == 0:
        moved = replace(copy, start=starts + timedelta(hours=1), end=starts + timedelta(minutes=90))
        company.meetings.shown.append((seen + (starts - seen) * 0.7, moved))
        done["meetings moved"] += 1


def _call(
    company: Company, chance: random.Random, user: int, number: int, opening: datetime, known: int, done: Counter[str]
) -> None:  # fmt: skip
    missed = number < 4
    begins = opening + timedelta(seconds=chance.randrange(0, 8 * 3600))
    length = timedelta(seconds=0 if missed else chance.randrange(30, 900))
    leg = CallLeg(
        source="aircall",
        record_id=f"c{user}-{number}",
        conversation_id=f"c{user}-{number}",
        direction=Direction.INBOUND if missed else Direction.OUTBOUND,
        outcome=Outcome.MISSED if missed else Outcome.ANSWERED,
        started=begins,
        answered=None if missed else begins,
        ended=begins + length + timedelta(seconds=20 if missed else 0),
        talk_seconds=int(length.total_seconds()),
        outside_number=phone(chance.randrange(min(known, 1000))),
        reps=(RepShare(email=rep(user), talk_seconds=int(length.total_seconds())),),
        line_rep=rep(user),
    )
    over = leg.ended or begins
    company.calls.shown.append((over, leg))
    done["calls"] += 1
    done["tasks"] += missed
    if not missed and (number % 5 == 0 or number == 6):
        later = over + timedelta(minutes=chance.randrange(3, 40))
        company.calls.shown.append((later, replace(leg, recording_url=f"https://calls.example/{leg.record_id}")))
        done["calls with a late recording"] += 1
