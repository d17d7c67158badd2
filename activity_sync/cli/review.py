"""review: what waits for a person, the answers, and the rules that these became."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from activity_sync.cli.app import app
from activity_sync.cli.opening import asked, opened, unusable
from activity_sync.cli.output import Output
from activity_sync.cli.work import Json, NoWait, at_work, show, stop_on_signal

if TYPE_CHECKING:
    from activity_sync.model.answers import Rule
    from activity_sync.steps.means import Means

_HELP = "Show what waits for an answer; answer it once, for good."
review = typer.Typer(help=_HELP, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
app.add_typer(review, name="review")


@review.callback()
def queue(context: typer.Context, json: Json = False) -> None:
    """Show what waits for an answer: the ambiguous and the unknown, most met first."""
    if context.invoked_subcommand is not None:
        return
    from activity_sync.reports.review import queue as waiting

    with asked(context) as desk:
        with desk.database.reading() as session:
            found = waiting(session)
        output = Output(json=json)
        if json:
            output.emit(found)
            return
        for entry in found:
            _say(entry, output)
        output.say("Nothing waits for an answer." if not found else _HOW)


_HOW = "Answer with `activity-sync review answer ID --record MODULE:ID`, `--account ID --domain D`, or `--ignore`."


@review.command()
def answer(
    context: typer.Context,
    id: Annotated[str, typer.Argument(help="As `review` prints it, or the address itself.")],  # noqa: A002
    record: Annotated[str, typer.Option(metavar="MODULE:ID", help="This address is that record.")] = "",
    account: Annotated[str, typer.Option(metavar="ID", help="The domain is this account.")] = "",
    domain: Annotated[str, typer.Option(help="Which domain; else that of the address.")] = "",
    ignore: Annotated[bool, typer.Option("--ignore", help="Never log what this address takes part in.")] = False,
    json: Json = False,
    no_wait: NoWait = False,
) -> None:
    """Say who it is: kept as a rule, and applied to all that waited and to what comes."""
    if sum((bool(record), bool(account), ignore)) != 1 or (domain and not account):
        raise unusable("Give one of --record MODULE:ID, --account ID with --domain D, and --ignore.")
    out, stopping = Output(json=json), stop_on_signal()
    with opened(context, json=json, stopping=stopping) as running, at_work(running.means) as means:
        from activity_sync.steps.answering import CannotAnswer
        from activity_sync.steps.answering import answer as keep

        entry = _entry(means, id)
        try:
            result = keep(means, _rule(means, entry, record, account, domain), wait=not no_wait)
        except CannotAnswer as error:
            raise unusable(str(error)) from None
    show(out, result)


@review.command()
def rules(context: typer.Context, json: Json = False) -> None:
    """List the rules that answers became."""
    from activity_sync.reports.review import rules as kept

    with asked(context) as desk:
        with desk.database.reading() as session:
            found = kept(session)
        output = Output(json=json)
        if json:
            output.emit(found)
            return
        for rule in found:
            output.say(f"{rule['id']:<6} {rule['text']}")
        if not found:
            output.say("No rule yet.")


@review.command()
def forget(
    context: typer.Context,
    rule: Annotated[str, typer.Argument(help="As `review rules` prints it, such as K3.")],
    json: Json = False,
) -> None:
    """Revoke a rule. What it stopped is looked at again; what was logged stays."""
    number = rule.strip().upper().removeprefix("K")
    if not number.isdecimal():
        raise unusable(f"{rule} is no rule: `activity-sync review rules` lists them.")
    out, stopping = Output(json=json), stop_on_signal()
    with opened(context, json=json, stopping=stopping) as running, at_work(running.means) as means:
        from activity_sync.steps.answering import CannotAnswer
        from activity_sync.steps.answering import forget as revoke

        try:
            _, result = revoke(means, int(number))
        except CannotAnswer as error:
            raise unusable(str(error)) from None
    show(out, result)


def _entry(means: Means, asked_for: str) -> Mapping[str, Any]:
    from activity_sync.reports.review import entry

    with means.database.reading() as session:
        found = entry(session, asked_for)
    if found is None:
        raise unusable(f"Nothing waits under {asked_for}: `activity-sync review` lists what does.")
    return found


def _rule(means: Means, entry: Mapping[str, Any], record: str, account: str, domain: str) -> Rule:
    from activity_sync.model.answers import Answer, Rule
    from activity_sync.steps.answering import domain_rule, record_rule

    kind, address = entry["kind"], entry["address"]
    if record:
        return record_rule(kind, address, record)
    if account:
        return domain_rule(means, domain or address.rpartition("@")[2], account.removeprefix("Accounts:"))
    return Rule(kind=kind, value=address, answer=Answer.IGNORE)


def _say(entry: Mapping[str, Any], output: Output) -> None:
    times = "once" if entry["interactions"] == 1 else f"{entry['interactions']} times"
    name = f" ({entry['name']})" if entry["name"] else ""
    output.say(f"{entry['id']}  {entry['address']}{name}, met {times}: {entry['because']}", "bold")
    for one in entry["candidates"]:
        output.say(f"    {one['module']}:{one['id']}  {one['name']}: {one['because']}")
