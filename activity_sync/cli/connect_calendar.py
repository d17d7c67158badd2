"""One person's access to the own calendar, taken and stored: connect google, connect microsoft."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from activity_sync.cli.app import invocation
from activity_sync.cli.connect import PATIENCE, PORT, connect, landed, open_browser
from activity_sync.cli.opening import configured, told, unusable
from activity_sync.cli.output import Output

if TYPE_CHECKING:
    from activity_sync.model.ports import TokenStore
    from activity_sync.model.settings import Calendar, GoogleCalendar, MicrosoftCalendar, Settings

Name = Annotated[str, typer.Argument(metavar="NAME", help="The calendar's name in the config.")]


@connect.command()
def google(
    context: typer.Context,
    name: Name,
    client: Annotated[
        Path | None, typer.Option(metavar="FILE", help="An OAuth client's JSON; else that of the last time.")
    ] = None,
    port: Annotated[int, typer.Option(help="The loopback port that the browser comes back to; 0: a free one.")] = PORT,
    wait: Annotated[float, typer.Option(help="Seconds to wait for the browser.")] = PATIENCE,
) -> None:
    """Let one person sign in to Google with the browser, and store it encrypted."""
    from activity_sync.model.settings import GoogleCalendar
    from activity_sync.wiring import stored_tokens

    with told(context):
        settings, folder = configured(context), invocation(context).config.absolute().parent
        calendar = _calendar(settings, name, "google")
        assert isinstance(calendar, GoogleCalendar)
        if calendar.service_account_file is not None:
            raise unusable(f"Calendar {name} has a service_account_file: nobody need sign in. Take it out to do so.")
        with stored_tokens(settings, folder) as tokens:
            _google(calendar, client, port, wait, tokens)
            _looked_at(settings, calendar, tokens)


@connect.command()
def microsoft(context: typer.Context, name: Name) -> None:
    """Let one person sign in to Microsoft 365 with a code, and store it encrypted."""
    from activity_sync.model.settings import MicrosoftCalendar
    from activity_sync.wiring import stored_tokens

    with told(context):
        settings, folder = configured(context), invocation(context).config.absolute().parent
        calendar = _calendar(settings, name, "microsoft")
        assert isinstance(calendar, MicrosoftCalendar)
        if calendar.client_secret is not None or calendar.certificate_file is not None:
            raise unusable(f"Calendar {name} signs in as an app: nobody need sign in. Take its secret out to do so.")
        with stored_tokens(settings, folder) as tokens:
            _microsoft(calendar, tokens)
            _looked_at(settings, calendar, tokens)


def _google(calendar: GoogleCalendar, file: Path | None, port: int, wait: float, tokens: TokenStore) -> None:
    import secrets

    from activity_sync.calendars.google import Question, client_of, exchange

    out, state = Output(), secrets.token_urlsafe(24)
    client = client_of(calendar, file, tokens)
    with landed(state, port, "Google") as landing:
        question = Question(client, landing.uri, state)
        out.say("Open this page in a browser on this machine, as the person whose calendar is to be read:")
        out.say(f"  {question.page}")
        open_browser(question.page)
        code = landing.wait(wait).code
    out.say(f"{exchange(calendar, question, code, tokens)} signed in. The access is stored, encrypted.")


def _microsoft(calendar: MicrosoftCalendar, tokens: TokenStore) -> None:
    from activity_sync.calendars.microsoft import device_code_sign_in

    out = Output()
    address = device_code_sign_in(calendar, tokens, out.say)
    out.say(f"{address} signed in. The access is stored, encrypted.")


def _looked_at(settings: Settings, calendar: Calendar, tokens: TokenStore) -> None:
    """Whether the calendar can be read now. Raises what refuses it."""
    from activity_sync.calendars import open_calendar
    from activity_sync.wiring import clock

    source = open_calendar(calendar, settings, tokens, clock)
    try:
        for part in source.parts(()):
            Output().say(f"ok: {source.probe(part)}")
    finally:
        source.close()


def _calendar(settings: Settings, name: str, kind: str) -> Calendar:
    found = [one for one in settings.calendars if one.kind == kind]
    for one in found:
        if one.name == name:
            return one
    names = ", ".join(one.name for one in found) or "none"
    raise unusable(f"The config has no calendar {name} of kind {kind}. It has: {names}.")
