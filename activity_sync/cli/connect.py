"""Credentials of a connection, taken and stored: connect zoho. Those of calendars: `connect_calendar`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from activity_sync.cli.app import app, invocation
from activity_sync.cli.opening import configured, told, unusable
from activity_sync.cli.output import Output
from activity_sync.cli.setup import report

if TYPE_CHECKING:
    from activity_sync.checks import Check
    from activity_sync.model.records import Module, OrgFacts
    from activity_sync.model.settings import Settings
    from activity_sync.net.redirect import Landing, Returned
    from activity_sync.wiring import App
    from activity_sync.zoho.connecting import Grant

connect = typer.Typer(help="Take and store the credentials of a connection.", rich_markup_mode=None)
app.add_typer(connect, name="connect")

PORT = 8914
PATIENCE = 300.0


@connect.callback()
def _root() -> None:
    """Take and store the credentials of a connection."""


@dataclass(frozen=True, slots=True)
class Consent:
    """What the person allows besides. None: to be asked, where somebody sits at the terminal."""

    key_field: bool | None
    self_test: bool | None


@connect.command()
def zoho(
    context: typer.Context,
    code: Annotated[str, typer.Option(metavar="GRANT", help="A grant code of a Self Client; else by browser.")] = "",
    port: Annotated[int, typer.Option(help="The loopback port that the browser comes back to.")] = PORT,
    wait: Annotated[float, typer.Option(help="Seconds to wait for the browser.")] = PATIENCE,
    yes: Annotated[bool, typer.Option("--yes", help="Make the key field without asking.")] = False,
    no_key_field: Annotated[bool, typer.Option("--no-key-field", help="Do not make the key field.")] = False,
    self_test: Annotated[
        bool, typer.Option("--self-test", help="Then write, read back and delete records of its own.")
    ] = False,
) -> None:
    """Take access to Zoho, and store it encrypted."""
    out = Output()
    with told(context):
        settings, folder = configured(context), invocation(context).config.absolute().parent
        _tell_permissions(out, settings)
        grant = _granted(out, settings, code, port, wait)
        _keep(out, settings, folder, grant)
        consent = Consent(False if no_key_field else (True if yes else None), True if self_test else None)
        found = report(_looked_at(out, _stored(settings), folder, consent), out)
        from activity_sync import checks

        status = checks.verdict(found)
    raise typer.Exit(status)


# --- the grant ---------------------------------------------------------------------------------------------------


def _tell_permissions(out: Output, settings: Settings) -> None:
    from activity_sync.zoho.scopes import console_line, scopes_for

    out.say("These permissions (scopes) are asked for:")
    for scope in scopes_for(settings.zoho):
        out.say(f"  {scope.name}: {scope.why}{'' if scope.needed else ' (useful, not needed)'}")
    out.say("In one line, for a Self Client in Zoho's API console:")
    out.say(f"  {console_line(settings.zoho)}")


def _granted(out: Output, settings: Settings, code: str, port: int, wait: float) -> Grant:
    from activity_sync.zoho.connecting import exchange

    if code:
        return exchange(settings.zoho, code)
    from activity_sync.zoho.connecting import is_accounts_server

    returned, uri = _by_browser(out, settings, port, wait)
    accounts = returned.accounts if is_accounts_server(returned.accounts) else ""
    return exchange(settings.zoho, returned.code, redirect_uri=uri, accounts=accounts)


def _by_browser(out: Output, settings: Settings, port: int, wait: float) -> tuple[Returned, str]:
    """What the browser brought back, and the redirect address."""
    import secrets

    from activity_sync.zoho.connecting import sign_in_page

    state = secrets.token_urlsafe(24)
    with landed(state, port, "Zoho") as landing:
        page = sign_in_page(settings.zoho, landing.uri, state)
        out.say(f"The client's redirect address in Zoho's API console has to be {landing.uri}.")
        out.say("Open this page in a browser on this machine, as a Zoho administrator:")
        out.say(f"  {page}")
        open_browser(page)
        return landing.wait(wait), landing.uri


def landed(state: str, port: int, vendor: str) -> Landing:
    """A loopback port that awaits the browser. Ends the command when the port is taken."""
    from activity_sync.net.redirect import Landing

    try:
        return Landing(state, port, vendor)
    except OSError as error:
        raise unusable(f"Port {port} cannot be used: {error.strerror}. --port names another.") from None


def open_browser(page: str) -> None:
    """If there is one; the address is printed anyhow."""
    import threading
    import webbrowser

    def opened() -> None:
        with suppress(webbrowser.Error):
            webbrowser.open(page)

    threading.Thread(target=opened, daemon=True).start()


def _keep(out: Output, settings: Settings, folder: Path, grant: Grant) -> None:
    """Store the grant. Another data center than the config's ends the command: only a person can change the config."""
    from activity_sync.wiring import keep_grant

    keep_grant(settings, folder, grant.refresh_token)
    out.say("The access is stored, encrypted.")
    if settings.zoho.refresh_token is not None:
        out.say("Remove zoho.refresh_token from the config: as long as it is there, it is used instead.", "red")
    if grant.data_center and grant.data_center != settings.zoho.data_center:
        raise unusable(
            f"It belongs to the data center {grant.data_center}, but the config says {settings.zoho.data_center}."
            f" Set zoho.data_center: {grant.data_center}, then run `activity-sync check`."
        )
    where = f"data center {grant.data_center}, " if grant.data_center else ""
    out.say(f"Zoho: {where}API at {settings.zoho.api_url or grant.api or 'the usual host'}.")


def _stored(settings: Settings) -> Settings:
    """The settings with the access that was stored just now."""
    return settings.model_copy(update={"zoho": settings.zoho.model_copy(update={"refresh_token": None})})


# --- what comes with it ------------------------------------------------------------------------------------------


def _looked_at(out: Output, settings: Settings, folder: Path, consent: Consent) -> Iterator[Check]:
    """The org as the new access sees it; the key field and the self-test where they are allowed."""
    from activity_sync import checks
    from activity_sync.model.failures import ConnectionFailure
    from activity_sync.wiring import open_app

    running = open_app(settings, folder)
    try:
        org = running.means.crm.org()
        org = _key_field(out, running, org, consent)
        checks.keep_org(running, org)
        yield from checks.of_access(running, org)
        if _allowed_to_test(out, running, consent):
            yield from checks.self_test_checks(running, org)
    except ConnectionFailure as failure:
        yield checks.refused("zoho", failure, checks.ZOHO)
    finally:
        running.close()


def _key_field(out: Output, running: App, org: OrgFacts, consent: Consent) -> OrgFacts:
    """The org, read again when the key field was made."""
    missing = _without_key(running, org)
    if not missing or consent.key_field is False:
        return org
    name, where = running.settings.zoho.key_field, ", ".join(missing)
    if not running.settings.zoho.write:
        out.say(f"A rehearsal (zoho.write: false): the key field {name} would be made in {where}.")
        return org
    if not (consent.key_field or _confirmed(f"Make the text field {name}, unique, in {where}?")):
        out.say(f"The key field {name} is not made in {where}; --yes makes it.")
        return org
    for made in running.means.crm.checkup.make_key_field(missing):
        out.say(f"  {made.module}: {made.why or 'made'}")
    return running.means.crm.org()


def _without_key(running: App, org: OrgFacts) -> list[Module]:
    from activity_sync.model.records import ACTIVITIES

    wanted = running.settings.zoho.key_field
    return [one for one in ACTIVITIES if wanted and one in org.fields and one not in org.key_field]


def _allowed_to_test(out: Output, running: App, consent: Consent) -> bool:
    if consent.self_test is not None or not running.settings.zoho.write:
        return bool(consent.self_test)
    if _confirmed("Write a lead, a meeting, calls and tasks of its own, read them back and delete them (25 credits)?"):
        return True
    out.say("No self-test; `activity-sync check --self-test` does it later.")
    return False


def _confirmed(question: str) -> bool:
    return sys.stdin.isatty() and typer.confirm(question, default=True)
