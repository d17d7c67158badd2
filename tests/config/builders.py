"""Config files with everything that is needed, and the variables they name."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from activity_sync.config import ConfigError, ConfigProblem, load
from activity_sync.model.settings import Settings

REPOSITORY = Path(__file__).parents[2]

NEEDED: dict[str, Any] = {
    "timezone": "Europe/London",
    "default_region": "GB",
    "zoho": {"data_center": "eu", "client_id": "id", "client_secret": "secret"},
    "team": {"domains": ["acme.example"]},
}
GOOGLE = {"name": "workspace", "kind": "google", "service_account_file": "google.json"}
AIRCALL = {"name": "aircall", "kind": "aircall", "api_id": "id", "api_token": "token"}


def data_with(changes: Mapping[str, Any]) -> dict[str, Any]:
    """The needed keys, and the changes laid over them: `{"zoho.write": False}`."""
    data = copy.deepcopy(NEEDED)
    for key, value in changes.items():
        *around, name = key.split(".")
        holder = data
        for part in around:
            holder = holder.setdefault(part, {})
        holder[name] = value
    return data


def written(folder: Path, text: str) -> Path:
    path = folder / "config.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def settings_of(folder: Path, changes: Mapping[str, Any], **variables: str) -> Settings:
    """What a file with the needed keys and these changes gives. JSON is YAML."""
    return load(written(folder, json.dumps(data_with(changes))), variables)


def problems_of(path: Path, **variables: str) -> tuple[ConfigProblem, ...]:
    """The problems of a file; none when it loads."""
    try:
        load(path, variables)
    except ConfigError as error:
        return error.problems
    return ()


def told(folder: Path, changes: Mapping[str, Any], **variables: str) -> list[str]:
    """The problems of the needed keys with these changes, each as `key: message; hint`."""
    problems = problems_of(written(folder, json.dumps(data_with(changes))), **variables)
    return [str(problem).split(": ", 1)[1] for problem in problems]


def variables_in(text: str) -> dict[str, str]:
    """A value for every `${NAME}` that the text needs."""
    return {name: f"a-{name.lower()}" for name in re.findall(r"\$\{([A-Z_]+)\}", text)}
