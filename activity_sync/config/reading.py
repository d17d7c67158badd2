"""From the file to `Settings`, or to all its mistakes at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from activity_sync.config.cross_checks import cross_checks
from activity_sync.config.document import Document, UnreadableError, parse
from activity_sync.config.not_yet import not_yet
from activity_sync.config.paths import resolve_paths
from activity_sync.config.problems import ConfigError, ConfigProblem, Finding, Place, key_text
from activity_sync.config.references import Expanded, Origins, expand
from activity_sync.config.wording import UNKNOWN, findings, value_at
from activity_sync.model.settings import Settings


def _no_secrets(_name: str) -> str | None:
    return None


def load(path: Path, environ: Mapping[str, str], secret: Callable[[str], str | None] = _no_secrets) -> Settings:
    """The settings of a config file.

    environ: for `${NAME}`. secret: the secret store, name to text, None when it has no such entry.
    Paths in the settings are absolute. Raises ConfigError with every mistake of the file.
    """
    document = _parsed(path)
    expanded = expand(document, Origins(environ, path.absolute().parent, secret))
    data = _root(expanded.document.data, path)
    resolve_paths(data, path.absolute().parent)
    settings, wrong = _validated(data, expanded)
    found = _without_echoes(expanded.findings, wrong, cross_checks(data), not_yet(data))
    problems = [*_repeated(document, path), *(_problem(finding, expanded.document, path) for finding in found)]
    if problems or settings is None:
        raise ConfigError(sorted(problems, key=lambda problem: problem.line or 0))
    return settings


def database_url(path: Path, environ: Mapping[str, str]) -> str:
    """The `database` of a config file alone: for opening the secret store, which the rest of the file may need.

    Raises ConfigError when the file cannot be read, or this key not.
    """
    document = _parsed(path)
    data = {key: value for key, value in _root(document.data, path).items() if key == "database"}
    expanded = expand(Document(data, document.lines), Origins(environ, path.absolute().parent, _no_secrets))
    if expanded.findings:
        raise ConfigError([_problem(finding, expanded.document, path) for finding in expanded.findings])
    root = _root(expanded.document.data, path, may_be_empty=True)
    resolve_paths(root, path.absolute().parent)
    return str(root["database"])


def _parsed(path: Path) -> Document:
    try:
        return parse(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        hint = "`activity-sync init` writes one, --config names another"
        raise ConfigError([ConfigProblem(str(path), None, "", "there is no such file", hint)]) from None
    except OSError as error:
        raise ConfigError([ConfigProblem(str(path), None, "", f"cannot be read: {error.strerror}")]) from None
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise ConfigError([ConfigProblem(str(path), line, "", "is not UTF-8 text")]) from None
    except UnreadableError as error:
        raise ConfigError([ConfigProblem(str(path), error.line, "", error.message, error.hint)]) from None


def _root(data: object, path: Path, *, may_be_empty: bool = False) -> dict[str, Any]:
    """The file's keys; a key without a value is as good as none (its items may all be commented out)."""
    if not isinstance(data, dict):
        message = "must hold keys and values, such as `timezone: Europe/London`"
        raise ConfigError([ConfigProblem(str(path), 1, "", message)])
    if not data and not may_be_empty:
        hint = "`activity-sync init` writes a first one"
        raise ConfigError([ConfigProblem(str(path), None, "", "is empty", hint)])
    return {key: value for key, value in data.items() if value is not None}


def _validated(data: dict[str, Any], expanded: Expanded) -> tuple[Settings | None, list[Finding]]:
    """A disabled connection keeps its unset `${NAME}` as text; where that does not do, the key is left out."""
    try:
        return Settings.model_validate(data), []
    except ValidationError as error:
        wrong = list(findings(error, data))
    unfit = [finding.place for finding in wrong if finding.place in expanded.unset and finding.message != UNKNOWN]
    if not unfit:
        return None, wrong
    for place in unfit:
        _drop(place, data)
        expanded.unset.remove(place)
    return _validated(data, expanded)


def _drop(place: Place, data: dict[str, Any]) -> None:
    holder = value_at(place[:-1], data)
    if isinstance(holder, dict):
        holder.pop(place[-1], None)


def _without_echoes(*groups: Iterable[Finding]) -> list[Finding]:
    """All findings, but not what follows from an earlier group's mistake at the same place, or around it."""
    kept: list[Finding] = []
    for group in groups:
        told = {finding.place for finding in kept}
        kept += [finding for finding in group if not told & set(_around(finding.place))]
    return kept


def _around(place: Place) -> Iterator[Place]:
    return (place[:length] for length in range(1, len(place) + 1))


def _repeated(document: Document, path: Path) -> list[ConfigProblem]:
    return [
        ConfigProblem(str(path), line, key_text(place), f"stands here again; first on line {first}")
        for place, line, first in document.repeated
    ]


def _problem(finding: Finding, document: Document, path: Path) -> ConfigProblem:
    return ConfigProblem(
        str(path), document.line(finding.place), key_text(finding.place), finding.message, finding.hint
    )
