"""The program's own log: to standard error, colours on a terminal, JSON elsewhere, secrets struck out.

The libraries' log goes the same way, from warnings on: what they say below that holds addresses and bodies.
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Iterable, Iterator, MutableMapping
from typing import Any
from urllib.parse import quote, quote_plus, urlsplit

import structlog
from pydantic import BaseModel, SecretStr

from activity_sync.model.settings import Settings

_STRUCK = "[secret]"
_TOO_SHORT_TO_BE_SECRET = 6
_TOKENS = re.compile(r"(?i)\b(bearer|basic|zoho-oauthtoken)\s+[\w.+/=~-]{8,}|(?<=://)[^\s/:@]*:[^\s/@]+(?=@)")
_known: tuple[str, ...] = ()


def configure(settings: Settings) -> None:
    """Send log lines to standard error in the configured form, with every secret of `settings` struck out."""
    global _known
    _known = _forms(secrets_of(settings))
    level = logging.getLevelNamesMapping()[settings.logging.level.upper()]
    plain = settings.logging.format == "text" or (settings.logging.format == "auto" and sys.stderr.isatty())
    shared: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        _strike,
    ]
    printed = (
        structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty()) if plain else structlog.processors.JSONRenderer()
    )
    structlog.configure(
        processors=[*shared, printed],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    _catch_libraries(shared, printed, level)


def struck(text: str) -> str:
    """A text without the secrets of the config, and without what looks like a token."""
    for secret in _known:
        text = text.replace(secret, _STRUCK)
    return _TOKENS.sub(_STRUCK, text)


def secrets_of(value: object) -> Iterator[str]:
    """Every secret text within a settings object, and the password of its database."""
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
    if isinstance(value, Settings):
        yield urlsplit(value.database).password or ""


def _forms(secrets: Iterable[str]) -> tuple[str, ...]:
    """Each secret as it is and as it stands in an address; longest first, so that none is struck by halves."""
    long = [secret for secret in secrets if len(secret) >= _TOO_SHORT_TO_BE_SECRET]
    forms = {form for secret in long for form in (secret, quote(secret, safe=""), quote_plus(secret))}
    return tuple(sorted(forms, key=len, reverse=True))


def _catch_libraries(shared: list[Any], printed: Any, level: int) -> None:
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _strike, printed],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers = [kept for kept in root.handlers if not isinstance(kept.formatter, type(formatter))] + [handler]
    root.setLevel(max(level, logging.WARNING))
    logging.getLogger("apscheduler").setLevel(logging.ERROR)  # a tick while the one before still works is no news


def _strike(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Replaces secrets in whatever is about to be printed, however it got there."""
    for name, value in event.items():
        event[name] = value if name.startswith("_") else _cleaned(value)
    return event


def _cleaned(value: Any) -> Any:
    match value:
        case str():
            return struck(value)
        case dict():
            return {name: _cleaned(inner) for name, inner in value.items()}
        case list() | tuple():
            return [_cleaned(inner) for inner in value]
        case BaseException():
            return struck(str(value))
        case _:
            return value
