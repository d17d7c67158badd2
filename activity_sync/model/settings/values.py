"""The checked kinds of value that the sections are made of."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Annotated, Any, Literal, TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field, PlainValidator, SecretStr

from activity_sync.model.hosts import is_loopback
from activity_sync.model.settings.countries import COUNTRIES

T = TypeVar("T")

Scalar = str | int | float | bool | None
Module = Literal["Contacts", "Leads", "Accounts", "Deals"]
Kind = Literal["meeting", "call"]
Direction = Literal["inbound", "outbound", "internal"]
CallOutcome = Literal["answered", "missed", "voicemail", "no_answer", "busy"]
Outcome = Literal[
    "scheduled", "cancelled", "declined", "no_show", "held", "unknown",
    "answered", "missed", "voicemail", "no_answer", "busy", "failed",
]  # fmt: skip


def _address(text: str) -> str:
    if not re.fullmatch(r"[^@\s<>,;]+@[^@\s<>,;]+", text):
        raise ValueError("must be an e-mail address such as jo@acme.example")
    return text.lower()


def _domain(text: str) -> str:
    name = text.lower().removeprefix("@").rstrip(".")
    if not re.fullmatch(r"[\w-]+(\.[\w-]+)+", name):
        raise ValueError("must be a domain such as acme.example")
    return name


def _timezone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (OSError, ValueError, KeyError):
        raise ValueError("must be an IANA time zone such as Europe/London") from None
    return name


def _country(code: str) -> str:
    if code.upper() not in COUNTRIES:
        raise ValueError("must be a two-letter country code of ISO 3166 such as GB")
    return code.upper()


def _url(text: str) -> str:
    parts = _split(text)
    if parts is None or parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("must be an address such as https://api.example.com")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise ValueError("must hold no user, password or query")
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        raise ValueError("must begin with https:// (http:// only on this machine)")
    return text.rstrip("/")


def _split(text: str) -> Any:
    try:
        parts = urlsplit(text)
        parts.port  # noqa: B018 - reading it checks it
    except ValueError:
        return None
    return parts


def _https(text: str) -> str:
    parts = _split(text)
    if parts is None or parts.scheme != "https" or not parts.hostname:
        raise ValueError("must be an address that begins with https://")
    return text


def _https_or_near(text: str) -> str:
    parts = _split(text)
    near = parts is not None and parts.scheme == "http" and parts.hostname in ("localhost", "127.0.0.1", "::1")
    if near:
        return text
    try:
        return _https(text)
    except ValueError as error:
        raise ValueError(f"{error}, or with http:// on this machine") from None


def _connection_name(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9_-]+", text):
        raise ValueError("may hold only letters, digits, _ and -")
    return text


def _pattern(text: str) -> str:
    if not text.strip() or text.strip() == "re:":
        raise ValueError("must not be empty")
    if text.startswith("re:"):
        try:
            re.compile(text[3:])
            _as_it_is_run(text[3:])
        except (re.error, OverflowError, RecursionError) as error:
            raise ValueError(f"is not a regular expression: {error}") from None
    return text


def _as_it_is_run(expression: str) -> None:
    import regex  # type: ignore[import-untyped]  # of little use to configs without expressions

    try:
        regex.compile(expression)
    except regex.error as error:
        raise ValueError(f"is not a regular expression: {error}") from None


def _scalar(value: object) -> Scalar:
    if value is None or isinstance(value, str | int | float):
        return value
    raise ValueError("must be a single value")


def _field_value(value: object) -> Scalar | tuple[Scalar, ...]:
    if isinstance(value, list | tuple):
        return tuple(_scalar(item) for item in value)
    return _scalar(value)


def as_list(value: object) -> object:
    """One value where a list may stand becomes a list of one; a list or nothing stays."""
    if value is None or isinstance(value, list | tuple):
        return value
    return [value]


def as_text(value: object) -> object:
    """A number becomes its text (for secrets, which pydantic does not convert)."""
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


def unique(items: tuple[T, ...]) -> tuple[T, ...]:
    """The same items. Raises ValueError when one stands there twice."""
    if len(set(items)) < len(items):
        raise ValueError("names one thing twice")
    return items


def over_defaults(defaults: dict[str, tuple[str, ...]]) -> Callable[[object], object]:
    """A step before validation: modules that are not given keep their default fields."""

    def merge(value: object) -> object:
        return {**defaults, **value} if isinstance(value, dict) else value

    return merge


NonEmpty = Annotated[str, Field(min_length=1)]
Address = Annotated[str, AfterValidator(_address)]
Domain = Annotated[str, AfterValidator(_domain)]
Timezone = Annotated[str, AfterValidator(_timezone)]
Country = Annotated[str, AfterValidator(_country)]
Url = Annotated[str, AfterValidator(_url)]  # without the last slash
HttpsUrl = Annotated[str, AfterValidator(_https)]
HttpsOrNear = Annotated[str, AfterValidator(_https_or_near)]
ConnectionName = Annotated[str, AfterValidator(_connection_name)]
Pattern = Annotated[str, AfterValidator(_pattern)]
Secret = Annotated[SecretStr, BeforeValidator(as_text), Field(min_length=1)]
Value = Annotated[Scalar, PlainValidator(_scalar)]
FieldValue = Annotated[Scalar | tuple[Scalar, ...], PlainValidator(_field_value)]

AnyOf = Annotated[tuple[T, ...], BeforeValidator(as_list)]  # one value or a list
