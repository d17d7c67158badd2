"""The channels by which calendars push: made, renewed before they end, stopped when they are switched off.

An accelerator only: a push brings the next reading of that calendar forward, and polling goes on as ever. It is the
daemon's, for a vendor makes sure that somebody listens before it makes a channel.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta

from activity_sync.model.failures import ConnectionFailure, TryLater
from activity_sync.model.ports import Channel, Pushed, Pushing
from activity_sync.model.records import User
from activity_sync.model.results import Problem
from activity_sync.model.settings import Settings
from activity_sync.steps.means import Means
from activity_sync.store import channels, shadow
from activity_sync.store.tables import Channels

_RENEWED = timedelta(days=1)
_AGAIN = timedelta(hours=1)
_SOON = timedelta(minutes=5)
_AT_ONCE = 4
_UNKNOWN_LIFE = timedelta(hours=1)
"""How long a channel is taken to live when the vendor does not say."""


@dataclass(frozen=True, slots=True)
class _Wish:
    """A channel that is to be made or renewed. `row`: what is known of it."""

    source: Pushing
    part: str
    url: str
    row: Channels | None


def url_of(settings: Settings, name: str) -> str:
    """Where this calendar connection is to push to; "" when it is not to."""
    public = settings.web.public_url
    on = any(one.name == name and one.enabled and one.push for one in settings.calendars)
    return f"{str(public).rstrip('/')}/hooks/{name}" if on and public else ""


def keep_channels(means: Means, now: datetime) -> Sequence[Problem]:
    """Let the channels be as the config wants them. A failure is tried again later, and told when it is a new one."""
    with means.database.reading() as session:
        known, users = channels.channels(session), shadow.users_of(session)
    sources = {one.name: one for one in means.sources if isinstance(one, Pushing)}
    wanted = {source.name: _wanted(means.settings, source, users) for source in sources.values()}
    for row in known:
        parts = wanted.get(row.source, ())
        if parts is not None and row.part not in parts:
            _stop(means, sources.get(row.source), row, now)
    problems: list[Problem] = []
    for name, parts in wanted.items():
        rows = {row.part: row for row in known if row.source == name}
        due = [part for part in parts or () if part not in rows or rows[part].next_at <= now]
        url = url_of(means.settings, name)
        wishes = [_Wish(sources[name], part, url, rows.get(part)) for part in due]
        problems += _made(means, wishes, {row.error for row in rows.values()}, now)
    return problems


def pushed(means: Means, source: str, pushes: Sequence[Pushed]) -> frozenset[str]:
    """The calendars of a connection that these pushes speak of; those that cannot prove themselves do not count."""
    if not url_of(means.settings, source):
        return frozenset()
    parts: set[str] = set()
    with means.database.reading() as session:
        genuine = [one for one in pushes if (row := channels.by_id(session, source, one.channel)) and _proves(row, one)]
        for one in genuine:
            row = channels.by_id(session, source, one.channel)
            parts |= {row.part} if row else set()
    ending = [one for one in genuine if one.ending or one.ended]
    if ending:
        with means.database.transaction() as session:
            for one in ending:
                channels.renew_soon(session, source, one.channel, means.now(), ended=one.ended)
    return frozenset(parts)


def _proves(row: Channels, push: Pushed) -> bool:
    return bool(row.digest) and hmac.compare_digest(_digest(push.word), row.digest)


def _digest(word: str) -> str:
    return hashlib.sha256(word.encode(errors="replace")).hexdigest()


def _wanted(settings: Settings, source: Pushing, users: Sequence[User]) -> Sequence[str] | None:
    """The calendars that are to push; None: it cannot be known now."""
    if not url_of(settings, source.name):
        return ()
    try:
        return [part for part in source.parts(users) if part]
    except ConnectionFailure:
        return None


def _made(means: Means, wishes: Sequence[_Wish], told: set[str], now: datetime) -> Iterator[Problem]:
    """Four at a time; when all four were refused the others wait for the next round."""
    with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="channels") as pool:
        for start in range(0, len(wishes), _AT_ONCE):
            some = wishes[start : start + _AT_ONCE]
            failures = list(pool.map(lambda wish: _one(means, wish, now), some))
            for wish, failure in zip(some, failures, strict=True):
                if failure is not None and failure.why not in told:
                    told.add(failure.why)
                    yield Problem("no pushes", f"{wish.source.name}: {wish.part}", failure.why, failure.next_step)
            if all(failures) or means.pause(0):
                return


def _one(means: Means, wish: _Wish, now: datetime) -> ConnectionFailure | None:
    row = wish.row or Channels(source=wish.source.name, part=wish.part, next_at=now)
    try:
        made, digest = _renewed(wish, row, now) or _opened(wish, now)
    except ConnectionFailure as failure:
        row.next_at = now + (_SOON if isinstance(failure, TryLater) else _AGAIN)
        row.error = failure.why
        _keep(means, row)
        return failure
    ends = made.ends or now + _UNKNOWN_LIFE
    next_at = min(now + _RENEWED, now + (ends - now) / 2)
    fresh = Channels(
        source=row.source, part=row.part, channel=made.id, resource=made.resource, digest=digest, url=wish.url,
        ends=ends, next_at=max(next_at, now + _SOON),
    )  # fmt: skip
    _keep(means, fresh)
    if row.channel and row.channel != made.id:
        _closed(wish.source, row)
    return None


def _renewed(wish: _Wish, row: Channels, now: datetime) -> tuple[Channel, str] | None:
    """The same channel with a longer life; None when a new one has to be made."""
    if not row.channel or row.url != wish.url or row.ends is None or row.ends <= now:
        return None
    longer = wish.source.renew_channel(row.part, Channel(row.channel, row.ends, row.resource), now)
    return (longer, row.digest) if longer is not None else None


def _opened(wish: _Wish, now: datetime) -> tuple[Channel, str]:
    word = secrets.token_urlsafe(32)
    return wish.source.open_channel(wish.part, word, wish.url, now), _digest(word)


def _stop(means: Means, source: Pushing | None, row: Channels, now: datetime) -> None:
    """End a channel that nobody wants. One that cannot be ended now ends by itself; what it pushes is refused."""
    alive = bool(row.channel) and row.ends is not None and row.ends > now
    if source is None and alive:
        return  # its connection is disabled: nobody can be asked to stop it
    if source is not None and alive and row.next_at > now and not row.url:
        return
    if source is not None and alive and not _closed(source, row):
        row.url, row.next_at = "", now + _AGAIN
        _keep(means, row)
        return
    with means.database.transaction() as session:
        channels.forget(session, row.source, row.part)


def _closed(source: Pushing, row: Channels) -> bool:
    try:
        source.close_channel(row.part, Channel(row.channel, row.ends, row.resource))
    except ConnectionFailure:
        return False
    return True


def _keep(means: Means, row: Channels) -> None:
    with means.database.transaction() as session:
        channels.keep(session, row)
