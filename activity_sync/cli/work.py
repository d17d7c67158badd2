"""Commands that work: sync, run, preview, retry."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from activity_sync.cli.app import app, invocation
from activity_sync.cli.opening import opened, told, unusable
from activity_sync.cli.output import Output

if TYPE_CHECKING:
    from activity_sync.model.results import RunResult
    from activity_sync.model.settings import Settings
    from activity_sync.steps.means import Means
    from activity_sync.wiring import App

Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
NoWait = Annotated[
    bool, typer.Option("--no-wait", help="Leave uncertain writes that rest in their grace to the next round.")
]

TURN = timedelta(seconds=60)
"""How long a command waits for another process that is at work on the same database."""


@app.command()
def sync(
    context: typer.Context,
    json: Json = False,
    no_wait: NoWait = False,
    agree: Annotated[
        list[str] | None,
        typer.Option(metavar="MODULE", help="What Zoho no longer shows of a module that is held back has gone."),
    ] = None,
) -> None:
    """Do one full round: refresh the shadow, read every source, judge, write."""
    out, stopping = Output(json=json), stop_on_signal()
    with opened(context, json=json, stopping=stopping) as running, at_work(running.means) as means:
        from activity_sync.steps.agreeing import agree_to
        from activity_sync.steps.round import sync as do_a_round

        strange = agree_to(means, agree or [], means.now())
        if strange:
            raise unusable(f"--agree {strange[0]}: it is not held back; `activity-sync status` names what is.")
        result = do_a_round(means, wait=not no_wait)
        tell_alerts(running)
    show(out, result)


@app.command()
def retry(
    context: typer.Context,
    keys: Annotated[list[str] | None, typer.Argument(help="Interactions; none: all that failed.")] = None,
    json: Json = False,
    no_wait: NoWait = False,
) -> None:
    """Try failed writes again."""
    out, stopping = Output(json=json), stop_on_signal()
    with opened(context, json=json, stopping=stopping) as running, at_work(running.means) as means:
        from activity_sync.steps.round import resend

        _must_be_known(running.means, keys or [])
        result = resend(means, keys or [], wait=not no_wait)
    show(out, result)


def _must_be_known(means: Means, keys: list[str]) -> None:
    """Refuse a key that no interaction has, before anything is begun."""
    from activity_sync.reports.interaction import UnknownKey, known

    with means.database.reading() as session:
        for key in keys:
            try:
                known(session, key)
            except UnknownKey as error:
                raise unusable(str(error)) from None


@app.command()
def preview(
    context: typer.Context,
    last: Annotated[str, typer.Option(help="Only what starts within this long before now, such as 7d.")] = "",
    json: Json = False,
) -> None:
    """Show what a sync would write, why, and for how many credits. Writes nothing."""
    out, back = Output(json=json), length(last)
    with opened(context, json=json) as running:
        from zoneinfo import ZoneInfo

        from activity_sync.reports import rows
        from activity_sync.reports.result import problem_lines
        from activity_sync.steps.preview import preview as look_ahead

        now = running.means.now()
        found = look_ahead(running.means, None if back is None else now - back)
        if json:
            out.emit(found.as_json())
            return
        out.table("A sync would do this", rows.COLUMNS, rows.cells(found.rows, ZoneInfo(running.settings.timezone)))
        out.say(f"Reading takes {credits_of(found.reading)}; writing this would take {credits_of(found.writing)}.")
        for line in (*found.notes, *problem_lines(found.problems)):
            out.say(line)


@app.command()
def run(context: typer.Context) -> None:
    """Run the daemon until SIGTERM; SIGHUP reads the config again."""
    with told(context):
        signal.signal(signal.SIGHUP, signal.SIG_IGN)  # until the daemon listens: a reload has nothing to reload yet

        from activity_sync.cli.opening import configured
        from activity_sync.daemon import Daemon
        from activity_sync.web import Listener
        from activity_sync.wiring import open_app

        stopping = threading.Event()
        folder = invocation(context).config.absolute().parent

        def wire(settings: Settings) -> App:
            return open_app(settings, folder, stopping=stopping)

        Daemon(lambda: configured(context), wire, stopping, Listener).run()


def tell_alerts(running: App) -> None:
    """New alerts to the webhook, if there is one."""
    from activity_sync.checks.alarm import sound

    sound(running)


def length(text: str) -> timedelta | None:
    """What `--last` says; None for "". Ends the command when it is no length."""
    from activity_sync.model.settings.durations import duration

    try:
        return duration(text) if text else None
    except ValueError as error:
        raise unusable(f"--last {text}: {error}.") from None


def credits_of(number: int) -> str:
    """`1 credit`, `2 credits`."""
    return f"{number} credit" if number == 1 else f"{number} credits"


def show(out: Output, result: RunResult) -> None:
    """Print a RESULT and end the command with its status."""
    from activity_sync.reports.result import lines

    if out.json:
        out.emit(result.as_json())
    for line in lines(result):
        out.say(line)
    raise typer.Exit(result.exit())


@contextmanager
def at_work(means: Means) -> Iterator[Means]:
    """Be the only one who does rounds on this database; waits a minute for another."""
    from dataclasses import replace

    from activity_sync.store.leases import alone

    with alone(means.database, wait=TURN) as still_alone:
        yield replace(means, still_alone=still_alone)


def stop_on_signal() -> threading.Event:
    """SIGTERM ends every wait, and the round after the write in hand."""
    stopping = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopping.set())
    return stopping
