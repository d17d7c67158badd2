"""The order of the lines: what the later ones build on comes first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from activity_sync.checks.access import clock_check, permissions_check, prices_check
from activity_sync.checks.check import ZOHO, Check, bad, good, refused
from activity_sync.checks.fields import asked_modules, demanded_checks, field_checks
from activity_sync.checks.rivals import doubles_check, rivals_check
from activity_sync.checks.rules import rule_checks
from activity_sync.checks.self_test import self_test_checks
from activity_sync.checks.sources import source_check
from activity_sync.checks.webhooks import webhooks_check
from activity_sync.checks.zoho import key_field_check, org_check, owner_check, signed_in_check, users_check
from activity_sync.config import ConfigError
from activity_sync.model.failures import ConnectionFailure
from activity_sync.model.records import OrgFacts, User
from activity_sync.model.settings import Settings
from activity_sync.store import facts
from activity_sync.store.failures import StoreFailure
from activity_sync.wiring import App, open_app


def of_config(error: ConfigError) -> Iterator[Check]:
    """A line for each mistake of a config that cannot be used."""
    for problem in error.problems:
        where = problem.file if problem.line is None else f"{problem.file}:{problem.line}"
        said = f"{problem.key}: {problem.message}" if problem.key else problem.message
        yield bad("config", f"{where}: {said}", problem.hint or "")


def run(settings: Settings, folder: Path, *, self_test: bool = False) -> Iterator[Check]:
    """Every line, as soon as it is known. `folder`: that of the config file. `self_test`: write to Zoho, too."""
    yield good("config", "can be used" + ("" if settings.zoho.write else "; a rehearsal, nothing is sent to Zoho"))
    yield from rule_checks(settings)
    try:
        app = open_app(settings, folder)
    except StoreFailure as failure:
        yield bad("database", failure.why, failure.next_step, "database")
        return
    try:
        yield from _with_app(app, self_test=self_test)
    finally:
        app.close()


def _with_app(app: App, *, self_test: bool) -> Iterator[Check]:
    kind = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[app.database.kind]
    yield good("database", f"{kind}, schema up to date", about="database")
    users: list[User] = []
    try:
        yield from _of_zoho(app, users, self_test=self_test)
    except ConnectionFailure as failure:
        yield refused("zoho", failure, ZOHO)
    except StoreFailure as failure:  # a token that was stored with another key
        yield bad("zoho", failure.why, failure.next_step, ZOHO)
    yield from _of_sources(app, users)
    yield webhooks_check(app)


def _of_zoho(app: App, users: list[User], *, self_test: bool) -> Iterator[Check]:
    crm, settings = app.means.crm, app.settings
    org = crm.org()
    keep_org(app, org)
    yield from of_access(app, org)
    users += crm.users()
    yield users_check(users, settings)
    yield owner_check(users, settings)
    yield from field_checks(org, settings)
    yield from demanded_checks(crm.checkup.demanded(asked_modules(settings)), settings)
    yield rivals_check(app, org, users)
    yield doubles_check(app)
    if self_test:
        yield from self_test_checks(app, org)


def of_access(app: App, org: OrgFacts) -> Iterator[Check]:
    """What the access shows of the org: permissions, user, edition, prices, clock, key field."""
    crm, settings = app.means.crm, app.settings
    yield good("zoho", f"{settings.zoho.name} lets us in", about=ZOHO)
    yield permissions_check(crm.checkup.permissions(), crm.checkup.missing())
    yield signed_in_check(crm.signed_in())
    yield org_check(org, settings)
    yield prices_check(org)
    yield clock_check(org)
    yield key_field_check(org, settings)


def keep_org(app: App, org: OrgFacts) -> None:
    """The daily work goes by what was read now, if it has read the org before: with the first it reads users too."""
    with app.database.transaction() as session:
        if facts.org(session) is not None:
            facts.save_org(session, org, app.means.now())


def _of_sources(app: App, users: Sequence[User]) -> Iterator[Check]:
    calendars = {one.name for one in app.settings.calendars}
    for source in app.means.sources:
        yield source_check(source, users, "calendar" if source.name in calendars else "dialer")
    if not app.means.sources:
        yield bad("sources", "no calendar and no dialer is set up", "Add one under calendars or dialers.")
