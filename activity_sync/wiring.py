"""Settings → App. The only file that knows all the others; everything else takes what it needs as arguments."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from activity_sync.model.learned import Learned
from activity_sync.model.records import OrgFacts
from activity_sync.model.settings import Settings
from activity_sync.steps.means import Means
from activity_sync.store.database import Database
from activity_sync.store.failures import StoreFailure

if TYPE_CHECKING:
    from activity_sync.store.credits import Ledger
    from activity_sync.store.secrets import StoredTokens


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """What a face needs: the means of the steps, and the event that ends a wait early."""

    means: Means
    stopping: threading.Event
    ledger: Ledger

    @property
    def settings(self) -> Settings:
        """The config."""
        return self.means.settings

    @property
    def database(self) -> Database:
        """The store."""
        return self.means.database

    def close(self) -> None:
        """Let go of every connection and of the database."""
        for source in self.means.sources:
            source.close()
        self.means.crm.close()
        with suppress(StoreFailure):
            self.ledger.keep()
        self.means.database.dispose()


def clock() -> datetime:
    """Now, in UTC."""
    return datetime.now(UTC)


def open_app(
    settings: Settings,
    folder: Path,
    tell: Callable[[str], None] = lambda _: None,
    stopping: threading.Event | None = None,
) -> App:
    """Put everything together and bring the database up to date.

    `folder`: that of the config file, for the key of the secrets. `tell`: progress for a person. Raises StoreFailure.
    """
    from activity_sync.calendars import open_calendar
    from activity_sync.dialers import open_dialer
    from activity_sync.dialers.imported import PushedFiles
    from activity_sync.store.database import open_database
    from activity_sync.store.secrets import StoredTokens, key_file_for
    from activity_sync.zoho import open_zoho

    database = open_database(settings.database)
    database.upgrade()
    tokens = StoredTokens(database, key_file_for(database, folder))
    org = _org_of(database)
    ledger = _ledger(settings, database, org)
    stop = stopping or threading.Event()
    means = Means(
        settings=settings,
        database=database,
        crm=open_zoho(settings, tokens, ledger, clock, org, keep=_keep_in(database)),
        sources=(
            *(open_calendar(one, settings, tokens, clock) for one in settings.calendars if one.enabled),
            *(open_dialer(one, settings, tokens, clock) for one in settings.dialers if one.enabled),
        ),
        stored=(PushedFiles(settings),),
        now=clock,
        pause=stop.wait,
        tell=tell,
    )
    return App(means=means, stopping=stop, ledger=ledger)


def keep_grant(settings: Settings, folder: Path, refresh_token: str) -> None:
    """Store Zoho's refresh token, encrypted. Raises StoreFailure."""
    from activity_sync.zoho.tokens import ACCESS_TOKEN, REFRESH_TOKEN

    with stored_tokens(settings, folder) as tokens:
        tokens.put(REFRESH_TOKEN, refresh_token)
        tokens.forget(ACCESS_TOKEN)  # that of another grant, perhaps under a key that is gone


@contextmanager
def stored_tokens(settings: Settings, folder: Path) -> Iterator[StoredTokens]:
    """The encrypted store of tokens, without anything else. `folder`: see `open_app`. Raises StoreFailure."""
    from activity_sync.store.database import open_database
    from activity_sync.store.secrets import StoredTokens, key_file_for

    database = open_database(settings.database)
    try:
        database.upgrade()
        yield StoredTokens(database, key_file_for(database, folder))
    finally:
        database.dispose()


def _org_of(database: Database) -> Callable[[], OrgFacts]:
    from activity_sync.store import facts

    kept: dict[object, OrgFacts] = {}  # asked before every call, changed once a day

    def org() -> OrgFacts:
        with database.reading() as session:
            at = facts.org_changed_at(session)
            if at not in kept:
                kept.clear()
                kept[at] = facts.org(session) or OrgFacts()
        return kept[at]

    return org


def _keep_in(database: Database) -> Callable[[Learned], None]:
    """Stores what refusals teach of the org."""
    from activity_sync.store import facts

    def keep(learned: Learned) -> None:
        with database.transaction() as session:
            facts.save_learned(session, learned, clock())

    return keep


def _ledger(settings: Settings, database: Database, org: Callable[[], OrgFacts]) -> Ledger:
    """The ledger of credits, with the limit of the config or of the org's edition."""
    from activity_sync.rules.credits import daily_limit, objection
    from activity_sync.store.credits import Ledger, Spent

    budget = settings.zoho.credits

    def may(purpose: str, credits: int, spent: Spent) -> str:
        facts = org()
        fixed = budget.daily_limit
        limit = daily_limit(facts.edition, facts.licences) if fixed == "auto" else fixed
        return objection(purpose, credits, limit, budget.keep_free, spent.total, spent.remaining)

    return Ledger(database, clock, may)
