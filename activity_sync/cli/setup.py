"""Setting up: init, check, db upgrade."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from activity_sync.cli.app import app, invocation
from activity_sync.cli.opening import configured, told, unusable
from activity_sync.cli.output import Output, complain
from activity_sync.model.results import Exit

if TYPE_CHECKING:
    from activity_sync.checks import Check
    from activity_sync.config import Answers

db = typer.Typer(help="Look after the database.", rich_markup_mode=None)
app.add_typer(db, name="db")


@db.callback()
def _root() -> None:
    """Look after the database."""


@db.command()
def upgrade(context: typer.Context) -> None:
    """Bring the database up to date; done at every start too."""
    from activity_sync.reports.status import migration
    from activity_sync.store.database import open_database

    with told(context):
        database = open_database(configured(context).database)
        try:
            with database.reading() as session:
                before = migration(session)
            database.upgrade()
            with database.reading() as session:
                after = migration(session)
        finally:
            database.dispose()
        done = f"upgraded from {before or 'nothing'} to {after}" if before != after else f"up to date ({after})"
        typer.echo(f"Database schema: {done}.")


# --- init --------------------------------------------------------------------------------------------------------


@app.command()
def init(
    context: typer.Context,
    yes: Annotated[bool, typer.Option("--yes", help="Ask nothing; the file is for editing.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Write over a file that is there already.")] = False,
) -> None:
    """Write a first config.yaml by asking a few questions."""
    path = invocation(context).config
    if path.exists() and not force:
        raise unusable(
            f"{path} is there already and stays as it is. --config names another file, --force writes over it."
        )
    with told(context):
        from activity_sync.config import Answers, starter

        _write(path, starter(Answers() if yes else _answers()))
    typer.echo(f"Wrote {path}: a rehearsal (zoho.write: false), nothing is sent to Zoho.")
    typer.echo("Next: set the variables that it names, then `activity-sync check`, then `activity-sync preview`.")


def _write(path: Path, text: str) -> None:
    from os import O_CREAT, O_TRUNC, O_WRONLY, fdopen
    from os import open as open_file

    try:
        with fdopen(open_file(path, O_WRONLY | O_CREAT | O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise unusable(f"{path} cannot be written: {error.strerror}.") from None


def _answers() -> Answers:
    from typing import get_args

    from activity_sync.config import Answers
    from activity_sync.model.settings import COUNTRIES, DataCenter

    blank = Answers()
    domains = _ask("Your own e-mail domains, with spaces between", " ".join(blank.domains), _are_domains)
    return Answers(
        timezone=_ask("Time zone", blank.timezone, _is_zone),
        default_region=_ask(
            "Country of numbers without a country code", blank.default_region, _one_of(COUNTRIES)
        ).upper(),
        data_center=_ask("Zoho data center", blank.data_center, _one_of(get_args(DataCenter))).lower(),  # type: ignore[arg-type]
        domains=tuple(domains.split()),
        calendar=_ask("Calendar (google, none)", blank.calendar, _one_of(("google", "none"))).lower(),  # type: ignore[arg-type]
        dialer=_ask("Dialer (aircall, import, none)", blank.dialer, _one_of(("aircall", "import", "none"))).lower(),  # type: ignore[arg-type]
    )


def _ask(question: str, default: str, objection: Callable[[str], str]) -> str:
    while True:
        answer = str(typer.prompt(question, default=default)).strip()
        wrong = objection(answer)
        if not wrong:
            return answer
        complain(wrong)


def _one_of(words: Iterable[str]) -> Callable[[str], str]:
    known = {word.casefold() for word in words}
    shown = f"one of {', '.join(sorted(known))}" if len(known) < 20 else "a two-letter code such as GB"
    return lambda answer: "" if answer.casefold() in known else f"It has to be {shown}."


def _is_zone(name: str) -> str:
    from zoneinfo import ZoneInfo

    try:
        ZoneInfo(name)
    except (OSError, ValueError, KeyError):
        return "It has to be a name such as Europe/London."
    return ""


def _are_domains(text: str) -> str:
    import re

    names = text.split()
    usable = names and all(re.fullmatch(r"[\w-]+(\.[\w-]+)+", name) for name in names)
    return "" if usable else "It has to be domains such as acme.example."


# --- check -------------------------------------------------------------------------------------------------------


@app.command()
def check(
    context: typer.Context,
    self_test: Annotated[
        bool, typer.Option("--self-test", help="Also write, read back and delete records of its own in Zoho.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="For a program.")] = False,
) -> None:
    """Try config, Zoho, fields, calendars and dialers.

    One line for each thing that is tried. Without --self-test nothing is written to Zoho.
    """
    from activity_sync.config import ConfigError

    output = Output(json=json)
    with told(context):
        from activity_sync import checks

        try:
            settings = configured(context)
        except ConfigError as error:
            report(checks.of_config(error), output)
            raise typer.Exit(Exit.UNUSABLE) from None
        folder = invocation(context).config.absolute().parent
        found = report(checks.run(settings, folder, self_test=self_test), output)
    raise typer.Exit(checks.verdict(found))


def report(checks: Iterable[Check], output: Output) -> list[Check]:
    """Tell each line as soon as it is known; the JSON at the end."""
    found = []
    for one in checks:
        found.append(one)
        if not output.json:
            output.say(f"{'ok  ' if one.ok else 'FAIL'}  {one.name}: {one.detail}", "" if one.ok else "red")
            if one.hint:
                output.say(f"        {one.hint}")
    if output.json:
        output.emit({"ok": all(one.ok for one in found), "checks": [one.as_json() for one in found]})
    return found
