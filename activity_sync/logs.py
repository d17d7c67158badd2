"""The program's own log: to standard error, colours on a terminal, JSON elsewhere, secrets struck out."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterable, Iterator, MutableMapping
from typing import Any

import structlog
from pydantic import BaseModel, SecretStr

from activity_sync.model.settings import Settings

_STRUCK = "[secret]"
_TOO_SHORT_TO_BE_SECRET = 6


def configure(settings: Settings) -> None:
    """Send log lines to standard error in the configured form, with every secret of `settings` struck out."""
    secrets = tuple(secret for secret in secrets_of(settings) if len(secret) >= _TOO_SHORT_TO_BE_SECRET)
    plain = settings.logging.format == "text" or (settings.logging.format == "auto" and sys.stderr.isatty())
    structlog.configure(
        processors=[
            structlog.stdlib.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            _Strike(secrets),
            structlog.dev.ConsoleRenderer() if plain else structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(settings.logging.level.upper())),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )


def secrets_of(value: object) -> Iterator[str]:
    """Every secret text within a settings object."""
    match value:
        case SecretStr():
            yield value.get_secret_value()
        case BaseModel():
            for name in type(value).model_fields:
                yield from secrets_of(getattr(value, name))
        case dict():
            for inner in value.values():
                yield from secrets_of(inner)
        case list() | tuple():
            for inner in value:
                yield from secrets_of(inner)


class _Strike:
    """Replaces secrets in whatever is about to be printed, however it got there."""

    def __init__(self, secrets: Iterable[str]) -> None:
        self._secrets = tuple(secrets)

    def __call__(self, _logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        for name, value in event.items():
            if isinstance(value, str):
                event[name] = self._struck(value)
        return event

    def _struck(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, _STRUCK)
        return text
