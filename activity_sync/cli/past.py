"""Commands for what is past: backfill, reapply, undo."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from activity_sync.cli.app import app
from activity_sync.cli.opening import opened, unusable
from activity_sync.cli.output import Output, complain
from activity_sync.cli.work import Json, NoWait, at_work, credits_of, length, show, stop_on_signal
from activity_sync.model.results import Exit

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from activity_sync.steps.preview import Preview

Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]


@app.command()
def backfill(
    context: typer.Context,
    since: Annotated[str, typer.Option("--from", metavar="DATE", help="The first day, such as 2026-01-31.")],
    until: Annotated[str, typer.Option("--to", metavar="DATE", help="The last day; without it, up to now.")] = "",
    yes: Yes = False,
    forecast: Annotated[bool, typer.Option("--forecast", help="Only tell what it would cost.")] = False,
    json: Json = False,
    no_wait: NoWait = False,
) -> None:
    """Log the past: meetings and calls together, as far back as the vendors have them. Goes on where it stopped."""
    out, stopping = Output(json=json), stop_on_signal()
    with opened(context, json=json, stopping=stopping) as running:
        from activity_sync.steps.backfill import backfill as bring_in
        from activity_sync.steps.backfill import to_do

        means, zone = running.means, running.settings.zone
        wanted = to_do(means, _day("--from", since, zone), _day("--to", until, zone, last=True) if until else None)
        if wanted.since >= wanted.until:
            raise unusable("The first day must lie before the last one, and before today's end.")
        if forecast or not yes:
            from activity_sync.steps.backfill_forecast import forecast as look_ahead

            found = look_ahead(means, wanted)
            if forecast and json:
                out.emit(found.as_json())
                return
            out.say(found.sentence())
            if forecast:
                return
            ask(out, "Go on?", yes=False)
        result = bring_in(means, wanted, lambda: at_work(means), wait=not no_wait)
    show(out, result)


def _day(option: str, text: str, zone: tzinfo, *, last: bool = False) -> datetime:
    """A date's beginning (`last`: its end), or a moment of ISO 8601; in `zone` unless it says otherwise; as UTC."""
    from datetime import UTC, datetime, timedelta

    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        raise unusable(f"{option} {text}: must be a date such as 2026-01-31.") from None
    if last and len(text.strip()) <= len("2026-01-31"):
        moment += timedelta(days=1)
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)


@app.command()
def undo(
    context: typer.Context,
    run: Annotated[str, typer.Argument(help="The run, such as R12, as every listing prints it.")],
    yes: Yes = False,
    json: Json = False,
    no_wait: NoWait = False,
) -> None:
    """Take back what a run wrote: delete what it made, put back what it changed. People's edits stay."""
    out, stopping, number = Output(json=json), stop_on_signal(), _number(run)
    with opened(context, json=json, stopping=stopping) as running:
        from activity_sync.steps.undo import CannotUndo, plan_undo
        from activity_sync.steps.undo import undo as take_back

        if not running.settings.zoho.write:
            raise unusable("zoho.write is false: this is a rehearsal, and Zoho is left as it is.")
        try:
            plan = plan_undo(running.means, number)
        except CannotUndo as error:
            raise unusable(str(error)) from None
        for line in plan.lines():
            out.say(line)
        if not plan.nothing:
            ask(out, f"This costs about {credits_of(plan.credits)}. Take it back?", yes=yes)
        with at_work(running.means) as means:
            result = take_back(means, plan_undo(means, number), wait=not no_wait)
    show(out, result)


@app.command()
def reapply(
    context: typer.Context,
    last: Annotated[str, typer.Option(help="What starts within this long before now, such as 30d, and all to come.")],
    yes: Yes = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only tell; change nothing.")] = False,
    json: Json = False,
    no_wait: NoWait = False,
) -> None:
    """Judge the past again under today's config, show the difference and its cost, and write it."""
    out, stopping, back = Output(json=json), stop_on_signal(), length(last)
    if back is None:
        raise unusable("--last says how far to go back, such as --last 30d.")
    with opened(context, json=json, stopping=stopping) as running:
        from activity_sync.steps.reapply import look
        from activity_sync.steps.reapply import reapply as judge_again

        since = running.means.now() - back
        if dry_run or not yes:
            found = look(running.means, since)
            if dry_run and json:
                out.emit(found.as_json())
                return
            _say_difference(out, found, running.settings.zone)
            if dry_run:
                return
            if any(row["writes"] for row in found.rows):
                ask(out, f"Writing this costs about {credits_of(found.writing)}. Go on?", yes=False)
        with at_work(running.means) as means:
            result = judge_again(means, since, wait=not no_wait)
    show(out, result)


def _say_difference(out: Output, found: Preview, zone: tzinfo) -> None:
    from activity_sync.reports import rows
    from activity_sync.reports.result import problem_lines

    out.table("Under today's config this would change", rows.COLUMNS, rows.cells(found.rows, zone))
    out.say(f"Reading took {credits_of(found.reading)}; writing this would take {credits_of(found.writing)}.")
    for line in (*found.notes, *problem_lines(found.problems)):
        out.say(line)


def ask(out: Output, question: str, *, yes: bool) -> None:
    """Go on, or end the command: with 0 after a no, with 2 when nobody can answer."""
    if yes:
        out.say(question.rpartition(".")[0] + "." if "." in question else "")
        return
    stream = sys.stderr if out.json else sys.stdout
    stream.write(f"{question} [y/N]: ")
    stream.flush()
    answer = sys.stdin.readline()
    if not answer:
        raise unusable("\nNobody answered, so nothing was done: give --yes to go on without a question.")
    if answer.strip().lower() not in ("y", "yes"):
        complain("Nothing was done.")
        raise typer.Exit(Exit.DONE)


def _number(text: str) -> int:
    found = re.fullmatch(r"[Rr]?(\d{1,15})", text.strip())
    if not found:
        raise unusable(f"{text} is no run: give its number, such as R12.")
    return int(found[1])
