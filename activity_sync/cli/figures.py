"""coverage: how much of what took place is in Zoho. Reads the store only."""

from __future__ import annotations

from typing import Annotated

import typer

from activity_sync.cli.app import app
from activity_sync.cli.opening import asked, unusable
from activity_sync.cli.output import Output
from activity_sync.cli.work import length

_WEEK = "7d"


@app.command()
def coverage(
    context: typer.Context,
    last: Annotated[str, typer.Option(help="What started within this long before now.")] = _WEEK,
    json: Annotated[bool, typer.Option("--json", help="For a program.")] = False,
) -> None:
    """Tell how much is in Zoho, by rep: logged, on a deal, waiting, failed, screened by which rule."""
    output, back = Output(json=json), length(last)
    if back is None:
        raise unusable("--last says how far to look back, such as --last 7d.")
    with asked(context) as desk:
        from activity_sync.reports import coverage as report
        from activity_sync.wiring import clock

        now = clock()
        with desk.database.reading() as session:
            found = report.coverage(session, now - back, now, rehearsal=not desk.settings.zoho.write)
    if json:
        output.emit(found.as_json())
        return
    title = f"Meetings and calls of the last {last}" + (", as they would have been logged" if found.rehearsal else "")
    output.table(title, report.COLUMNS, report.cells(found))
    for rule, count in found.all.screened.most_common():
        output.say(f"  {count:>6}  screened: {rule}")
