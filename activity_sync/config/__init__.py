"""Reads config.yaml into `Settings` and names every mistake in it, with its line and the nearest valid name.

`load` is the way in. Light on purpose: pydantic and ruamel only, since every command starts here.
Edges, steps and rules never import this package; they are handed settings.
"""

from activity_sync.config.problems import ConfigError, ConfigProblem
from activity_sync.config.reading import database_url, load
from activity_sync.config.starter import Answers, starter

__all__ = ["Answers", "ConfigError", "ConfigProblem", "database_url", "load", "starter"]
