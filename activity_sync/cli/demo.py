"""The whole thing on this machine: a made-up company on pretend vendors, and the real program on them."""

from __future__ import annotations

import os
import tempfile
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from activity_sync.cli.app import app
from activity_sync.cli.opening import told
from activity_sync.cli.output import Output

if TYPE_CHECKING:
    from activity_sync.model.results import RunResult
    from activity_sync.simulator.stage import Stage
    from activity_sync.wiring import App

_MODULES = ("Events", "Calls", "Tasks")
_EVERY_SECONDS = 10.0


@dataclass(slots=True)
class Shown:
    """What the demo came to. `results`: one a round; `wrong`: where a scene ended otherwise than it should."""

    results: list[RunResult] = field(default_factory=list)
    rows: list[dict[str, Any]] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


@app.command()
def demo(
    context: typer.Context,
    once: Annotated[bool, typer.Option("--once", help="End after the made-up days were played once.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Show the whole thing on this machine: a made-up company, pretend vendors, the real program."""
    out = Output(json=json)
    with told(context), tempfile.TemporaryDirectory(prefix="activity-sync-demo-") as folder:
        from activity_sync.simulator.stage import Stage

        with Stage() as stage:
            _play(out, stage, Path(folder), once=once)


def _play(out: Output, stage: Stage, folder: Path, *, once: bool) -> None:
    from activity_sync import logs
    from activity_sync.config import load
    from activity_sync.wiring import open_app

    settings = load(stage.write_config(folder), os.environ)
    logs.configure(settings)
    stopping = threading.Event()
    running = open_app(settings, folder, lambda text: out.say(f"  {text}", "dim"), stopping)
    try:
        shown = _rounds(out, stage, running)
        _tell(out, stage, shown)
        if out.json:
            out.emit(_as_json(stage, running, shown))
        if not once:
            _go_on(out, stage, running, stopping)
    finally:
        running.close()
    raise typer.Exit(1 if shown.wrong else 0)


def _rounds(out: Output, stage: Stage, running: App) -> Shown:
    """Let each day happen, and sync after it."""
    from activity_sync.simulator.stage import mistakes
    from activity_sync.steps.round import sync

    shown = Shown()
    for number in range(1, stage.rounds + 1):
        out.say(_BEFORE.get(number, "Something more happens; sync again."), "bold")
        stage.play(number)
        shown.results.append(sync(running.means))
        shown.rows = _rows(running)
        shown.wrong = mistakes(stage.expectations(number), shown.rows, stage.zoho)
    return shown


_BEFORE = {
    1: "A made-up company: 6 reps, 40 accounts, 300 contacts and leads, two weeks of meetings and calls. First sync.",
    2: "Later: meetings move or are cancelled, notes arrive, people edit and delete in Zoho. Second sync.",
}


def _rows(running: App) -> list[dict[str, Any]]:
    from activity_sync.reports.rows import stored_row
    from activity_sync.rules.judgement import NOT_DUE
    from activity_sync.store import interactions

    with running.database.reading() as session:
        found = [one for one in interactions.listing(session) if one.state and one.reason != NOT_DUE]
        return [stored_row(session, one) for one in found]


# --- for a person ------------------------------------------------------------------------------------------------


def _tell(out: Output, stage: Stage, shown: Shown) -> None:
    from zoneinfo import ZoneInfo

    from activity_sync.reports import result, rows

    zone = ZoneInfo("Europe/London")
    for state, title in _CHAPTERS:
        chapter = [one for one in shown.rows if one["state"] in state]
        if chapter:
            out.say()
            out.table(f"{title}: {len(chapter)}", _COLUMNS, [_line(one, rows, zone) for one in chapter])
    out.say()
    for one in shown.results:
        for line in result.lines(one):
            out.say(line)
    held = ", ".join(f"{len(stage.zoho.records(module))} {module}" for module in _MODULES)
    out.say(
        f"Zoho holds {held}; {stage.zoho.credits.used()} credits were spent in all; {len(stage.zoho.mails)} mails sent."
    )
    _verdict(out, stage, shown)


_CHAPTERS = (
    (("logged", "adopted"), "Logged in Zoho"),
    (("waiting", "unmatched", "planned"), "Left for a person or for later"),
    (("failed",), "Failed"),
    (("screened",), "Not logged, by rule"),
)
_COLUMNS = ("when", "what", "on", "owner", "why / type")


def _line(one: dict[str, Any], rows: Any, zone: Any) -> tuple[str, ...]:
    target, who = one["target"], one["who"]
    place = f"{target['module'][:-1]} {target['name']}" if target else "no record"
    if who and target and who["id"] != target["id"]:
        place += f", with {who['name']}"
    tasks = sum(write["module"] == "Tasks" and write["op"] == "create" for write in one["writes"])
    why = one["reason"] or f"{one['type']}" + (f", {tasks} follow-up" if tasks else "")
    owner = one["owner"] or one["rep"] or ""
    if one["state"] not in ("logged", "adopted"):
        place = ""
    return rows.moment(one["start"], zone), rows.title(one), place, owner, why


def _verdict(out: Output, stage: Stage, shown: Shown) -> None:
    expected = stage.expectations(stage.rounds)
    if not shown.wrong:
        out.say(f"All {len(expected)} interactions ended as their scenes expect, each exactly once.", "bold green")
    for mistake in shown.wrong:
        out.say(f"Otherwise than expected: {mistake}", "red")


# --- for a program -----------------------------------------------------------------------------------------------


def _as_json(stage: Stage, running: App, shown: Shown) -> dict[str, Any]:
    from activity_sync.reports.credits import report

    expectations = stage.expectations(stage.rounds)
    with running.database.reading() as session:
        credits = report(session, running.settings, running.means.now()).as_json()
    return {
        "interactions": [{**row, "expected": _expected(row, expectations)} for row in shown.rows],
        "zoho": {module: stage.zoho.records(module) for module in _MODULES},
        "credits": credits,
        "urls": stage.urls,
        "runs": [dict(one.as_json()) for one in shown.results],
        "mistakes": shown.wrong,
    }


def _expected(row: dict[str, Any], expectations: Sequence[Any]) -> dict[str, Any] | None:
    return next((one.as_json() for one in expectations if one.fits(row)), None)


def _go_on(out: Output, stage: Stage, running: App, stopping: threading.Event) -> None:
    """Serve, and sync every few seconds, until Ctrl-C."""
    from activity_sync.steps.round import sync

    for name, url in stage.urls.items():
        out.say(f"{name}: {url}")
    out.say(f"Config and database: {stage.folder}. Ctrl-C ends it.", "bold")
    try:
        while not stopping.wait(_EVERY_SECONDS):
            sync(running.means, command="run", wait=False)
    except KeyboardInterrupt:
        out.say("Ended.")
