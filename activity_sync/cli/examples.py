"""`types test`: which activity type an example falls in."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from activity_sync.cli.app import app
from activity_sync.cli.opening import configured, told, unusable
from activity_sync.cli.output import Output
from activity_sync.model.results import Exit

if TYPE_CHECKING:
    from activity_sync.model.settings import Settings
    from activity_sync.reports.examples import Tried

types = typer.Typer(help="Try the activity types of the config.", rich_markup_mode=None)
app.add_typer(types, name="types")


@types.callback()
def _root() -> None:
    """Try the activity types of the config."""


@types.command("test")
def try_example(
    context: typer.Context,
    title: Annotated[str | None, typer.Argument(metavar="[TITLE]", help="The title of a meeting.")] = None,
    kind: Annotated[str | None, typer.Option(help="meeting or call")] = None,
    minutes: Annotated[float | None, typer.Option(help="How long it takes.")] = None,
    direction: Annotated[str | None, typer.Option(help="inbound, outbound or internal")] = None,
    outcome: Annotated[str | None, typer.Option(help="held, answered, missed, …")] = None,
    domain: Annotated[list[str] | None, typer.Option(help="Of somebody from outside.")] = None,
    outsiders: Annotated[int | None, typer.Option(help="How many people from outside.")] = None,
    notes: Annotated[str | None, typer.Option(help="The text of the invitation, or the call's notes.")] = None,
    source: Annotated[str | None, typer.Option(help="The connection's name or kind.")] = None,
    calendar: Annotated[list[str] | None, typer.Option(help="In whose calendar it is.")] = None,
    rep: Annotated[str | None, typer.Option(help="The rep's address.")] = None,
    target: Annotated[str | None, typer.Option(help="Contacts, Leads, Accounts or Deals")] = None,
    stage: Annotated[str | None, typer.Option(help="The deal's stage.")] = None,
    pipeline: Annotated[str | None, typer.Option(help="The deal's pipeline.")] = None,
    role: Annotated[str | None, typer.Option(help="The rep's role in Zoho.")] = None,
    cases: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A YAML list of examples: title, expect, and what is above.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="For a program.")] = False,
) -> None:
    """Tell which activity type fits, and why.

    Without --kind the example is a meeting, or a call when there is a --direction. With --cases every example of the
    file is tried, and the exit status is 1 when one does not fall in the type that it expects.
    """
    output = Output(json=json)
    example = {
        "title": title, "kind": kind, "minutes": minutes, "direction": direction, "outcome": outcome,
        "domain": domain or None, "outsiders": outsiders, "notes": notes, "source": source,
        "calendar": calendar or None, "rep": rep, "target": target, "stage": stage, "pipeline": pipeline,
        "role": role,
    }  # fmt: skip
    if (title is None) == (cases is None):
        raise unusable("Give the title of an example, or a file of examples with --cases.")
    with told(context):
        settings = configured(context)
        if cases is not None:
            raise typer.Exit(_cases(settings, cases, output))
        _one(settings, example, output)


def _one(settings: Settings, example: Mapping[str, Any], output: Output) -> None:
    found = _tried(settings, example, "")
    if output.json:
        output.emit({"type": found.type, "because": list(found.because)})
        return
    output.say(found.type or "no type", "bold")
    for sentence in found.because:
        output.say(f"  {sentence}")


def _cases(settings: Settings, path: Path, output: Output) -> Exit:
    found = [
        _tried(settings, example, f"{path}, example {number}: ") for number, example in enumerate(_read(path), start=1)
    ]
    if output.json:
        output.emit({"ok": all(one.ok for one in found), "cases": [one.as_json() for one in found]})
    else:
        for one in found:
            _say(one, output)
    return Exit.DONE if all(one.ok for one in found) else Exit.FAILED


def _say(one: Tried, output: Output) -> None:
    got = one.type or "no type"
    if one.ok:
        output.say(f"ok    {one.title}: {got}")
        return
    output.say(f"WRONG {one.title}: {got}, not {one.expect}", "red")
    for sentence in one.because:
        output.say(f"        {sentence}")


def _tried(settings: Settings, example: Mapping[str, Any], place: str) -> Tried:
    from activity_sync.reports.examples import BadExample, try_type

    try:
        return try_type(settings, example)
    except BadExample as error:
        raise unusable(f"{place}{error}") from None


def _read(path: Path) -> list[Mapping[str, Any]]:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        found = YAML(typ="safe").load(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise unusable(f"{path} cannot be read: {error.strerror}") from None
    except (YAMLError, UnicodeDecodeError) as error:
        raise unusable(f"{path} is no YAML: {str(error).splitlines()[0]}") from None
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found) or not found:
        raise unusable(f'{path} must be a list such as: - {{title: "Intro call", expect: Discovery}}')
    return found
