"""Questions: explain, log, status, credits. They read the store only; nobody else is asked, no credit is spent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Annotated, Any

import typer

from activity_sync.cli.app import app
from activity_sync.cli.opening import Desk, asked, unusable
from activity_sync.cli.output import Output

if TYPE_CHECKING:
    from activity_sync.reports.log import Wanted

_FOLLOW_SECONDS = 1.0
_Json = Annotated[bool, typer.Option("--json", help="For a program.")]


@app.command()
def status(context: typer.Context, json: _Json = False) -> None:
    """Tell how it stands: connections, outbox, alerts."""
    from activity_sync.reports.status import status as report

    with asked(context) as desk:
        with desk.database.reading() as session:
            found = report(session, desk.settings, _now())
        output = Output(json=json)
        if json:
            output.emit(found)
        else:
            _say_status(found, desk.settings.zone, output)


@app.command()
def credits(context: typer.Context, json: _Json = False) -> None:
    """Tell the API credits: used, left, forecast."""
    from activity_sync.reports.credits import report

    with asked(context) as desk:
        with desk.database.reading() as session:
            found = report(session, desk.settings, _now())
        output = Output(json=json)
        if json:
            output.emit(found.as_json())
            return
        guess = " (a guess: the org was not read yet)" if found.assumed else ""
        output.say(f"{found.used:,} of {found.limit:,} credits used in 24 hours, {found.left:,} left{guess}.")
        for purpose, count in sorted(found.by_purpose.items(), key=lambda one: -one[1]):
            output.say(f"  {count:>8,}  {purpose}")
        output.say(found.outlook())


@app.command()
def explain(
    context: typer.Context,
    key: Annotated[str, typer.Argument(help="The interaction's key, as every listing prints it.")],
    json: _Json = False,
) -> None:
    """Tell all about one interaction, and why.

    What came in, every candidate, the writes, Zoho's answers, and what would change the outcome.
    """
    from activity_sync.reports.interaction import UnknownKey
    from activity_sync.reports.interaction import explain as report

    with asked(context) as desk:
        try:
            with desk.database.reading() as session:
                found = report(session, desk.settings, key)
        except UnknownKey as error:
            raise unusable(str(error)) from None
        output = Output(json=json)
        if json:
            output.emit(found)
        else:
            _say_interaction(found, desk.settings.zone, output)


@app.command()
def log(
    context: typer.Context,
    since: Annotated[str, typer.Option(help="7d, 24h, or a date. Else the newest 10,000 lines.")] = "",
    kind: Annotated[str, typer.Option(help="meeting or call")] = "",
    rep: Annotated[str, typer.Option(help="A rep's address.")] = "",
    direction: Annotated[str, typer.Option(help="in (to us) or out (to Zoho)")] = "",
    failed: Annotated[bool, typer.Option("--failed", help="Only what went wrong.")] = False,
    follow: Annotated[bool, typer.Option("--follow", help="Go on with what comes, until Ctrl-C.")] = False,
    json: _Json = False,
) -> None:
    """Print the sync log: decisions and writes."""
    _one_of("--kind", kind, ("meeting", "call"))
    _one_of("--direction", direction, ("in", "out"))
    output = Output(json=json)
    with asked(context) as desk:
        from activity_sync.reports.log import Wanted

        wanted = Wanted(since=_since(since, desk), kind=kind, rep=rep, direction=direction, failed=failed)
        for line in _lines(desk, wanted, follow=follow):
            if json:
                output.line(line)
            else:
                output.say(_log_line(line, desk.settings.zone))


def _one_of(option: str, value: str, words: tuple[str, ...]) -> None:
    if value and value not in words:
        raise unusable(f"{option} must be {' or '.join(words)}, not {value}.")


def _since(text: str, desk: Desk) -> datetime | None:
    from activity_sync.reports.log import since

    if not text:
        return None
    try:
        return since(text, _now(), desk.settings.zone)
    except ValueError as error:
        raise unusable(f"--since {error}.") from None


def _lines(desk: Desk, wanted: Wanted, *, follow: bool) -> Iterator[Mapping[str, Any]]:
    import time

    from activity_sync.reports.log import lines

    after = 0
    while True:
        with desk.database.reading() as session:
            found, after = lines(session, wanted, after)
        yield from found
        if not follow:
            return
        time.sleep(_FOLLOW_SECONDS)


# --- for a person ------------------------------------------------------------------------------------------------


def _log_line(line: Mapping[str, Any], zone: tzinfo) -> str:
    at = datetime.fromisoformat(line["at"]).astimezone(zone)
    record = f" [{line['module']} {line['id'] or ''}]".replace(" ]", "]") if line["module"] else ""
    key = f"  {line['key']}" if line["key"] else ""
    run = line["run"] or ""
    return f"{at:%Y-%m-%d %H:%M:%S}  {run:<5} {line['direction']:<3} {line['event']:<10} {line['text']}{record}{key}"


def _say_status(found: Mapping[str, Any], zone: tzinfo, output: Output) -> None:
    output.say("Everything works." if found["ok"] else "Something needs a look.", "bold")
    rows = [(one["name"], one["kind"], _state(one), _at(one["last_success"], zone)) for one in found["connections"]]
    output.table("", ("Connection", "Kind", "State", "Last success"), rows)
    counts = ", ".join(f"{count} {state}" for state, count in found["outbox"].items() if count)
    output.say(f"Outbox: {counts or 'empty'}.")
    shadow = ", ".join(f"{n:,} {what}" for what, n in found["shadow"].items() if isinstance(n, int))
    output.say(f"Shadow: {shadow}.")
    output.say(_guard(found))
    run = found["last_run"]
    output.say(f"Last run: {run['run']} ({run['command']}), {_at(run['started'], zone)}." if run else "No run yet.")
    output.say(f"Database schema: {found['migration']}.")
    for alert in found["alerts"]:
        output.say(f"! {alert['text']}", "red")


def _state(one: Mapping[str, Any]) -> str:
    if not one["enabled"]:
        return "rests (enabled: false)"
    return one["error"] or ("works" if one["last_success"] else "not read yet")


def _guard(found: Mapping[str, Any]) -> str:
    rehearsal = "This is a rehearsal (zoho.write: false): nothing is sent. " if found["rehearsal"] else ""
    if found["key_field"]:
        return f"{rehearsal}Once only: guarded by the unique key field."
    return f"{rehearsal}Once only: without a unique key field, an uncertain write rests and is looked for."


def _say_interaction(found: Mapping[str, Any], zone: tzinfo, output: Output) -> None:
    from activity_sync.reports.rows import moment, title

    output.say(f"{title(found)}   {moment(found['start'], zone)}", "bold")
    reason = f": {found['reason']}" if found["reason"] else ""
    outcome = f", {found['outcome'].replace('_', ' ')}" if found["outcome"] else ""
    output.say(f"{found['key']}   {found['kind']} from {found['source']}{outcome}   {found['state']}{reason}")
    for name, heading in (("target", "on"), ("who", "with")):
        if found[name]:
            output.say(f"  {heading:<7} {found[name]['name']} ({_noun(found[name]['module'])})")
    for name in ("rep", "owner", "type"):
        if found[name]:
            output.say(f"  {name:<7} {found[name]}")
    _section("What came in", found["came_in"], output)
    _section("What was thought", found["trace"], output)
    _section("Candidates", [_candidate(one) for one in found["candidates"]], output)
    _section("Plan", found["plan"], output)
    _section("Writes", [line for one in found["writes"] for line in _write(one)], output)
    _section(
        "History", [f"{_at(one['at'], zone)}  {one['event']:<10} {one['detail']}" for one in found["history"]], output
    )
    _section("What would change it", found["would_change"], output)


def _section(heading: str, lines: list[str], output: Output) -> None:
    if lines:
        output.say(heading, "bold")
    for line in lines:
        output.say(f"  {line}")


def _candidate(one: Mapping[str, Any]) -> str:
    return f"{'+' if one['kept'] else '-'} {one['name']} ({_noun(one['module'])}): {one['because']}"


def _write(one: Mapping[str, Any]) -> Iterator[str]:
    from activity_sync.model.writes import WriteState
    from activity_sync.reports.interaction.history import STATES

    error = f": {one['error']}" if one.get("error") else ""
    yield f"{one['op']} {_noun(one['module'])} ({STATES[WriteState(one['state'])]}){error}"
    yield from (f"    {line}" for line in one["words"])


def _noun(module: str) -> str:
    """What a person calls it."""
    from activity_sync.model.records import NOUNS, Module

    return NOUNS[Module(module)]


def _at(text: str | None, zone: tzinfo) -> str:
    return f"{datetime.fromisoformat(text).astimezone(zone):%Y-%m-%d %H:%M:%S}" if text else "never"


def _now() -> datetime:
    from datetime import UTC

    return datetime.now(UTC)
