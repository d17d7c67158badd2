"""E-mail addresses, telephone numbers and domains in the form in which they are compared."""

from __future__ import annotations

import re
import unicodedata

from activity_sync.model.numbers import Number, NumberKind, canonical, read_number

__all__ = [
    "Number", "NumberKind", "canonical", "comparable_domain", "comparable_email", "comparable_key", "domain_of",
    "folded_email", "is_gmail", "read_number",
]  # fmt: skip

_SHAPE = re.compile(r"[^@\s<>\"]+@[^@\s<>\"]+\.[^@\s<>\".]+")
_GMAIL = frozenset({"gmail.com", "googlemail.com"})


def comparable_email(raw: str) -> str:
    """The address trimmed, without `mailto:`, in lower case, its domain in ASCII; "" when it is none."""
    text = unicodedata.normalize("NFC", raw).strip().strip("<>").casefold().removeprefix("mailto:")
    if not _SHAPE.fullmatch(text):
        return ""
    local, _, domain = text.rpartition("@")
    ascii_domain = comparable_domain(domain)
    return f"{local}@{ascii_domain}" if ascii_domain else ""


def comparable_domain(raw: str) -> str:
    """A host name in lower case and ASCII (punycode), without a dot at the end; "" when it is none."""
    text = raw.strip().strip(".").casefold()
    try:
        return text.encode("ascii").decode() if text.isascii() else text.encode("idna").decode("ascii")
    except UnicodeError:
        return ""


def comparable_key(raw: object) -> str:
    """A company's own id of an account: trimmed, in any case, a whole number without decimals; "" for none."""
    if raw is None or isinstance(raw, bool | list | dict):
        return ""
    text = str(int(raw)) if isinstance(raw, float) and raw.is_integer() else str(raw)
    return unicodedata.normalize("NFC", text).strip().casefold()


def domain_of(email: str) -> str:
    """What stands behind the @ of a comparable address; "" without one."""
    return email.rpartition("@")[2] if "@" in email else ""


def folded_email(email: str) -> str:
    """The mailbox behind an alias: without `+tag`; for Gmail also without dots and under one domain name.

    Dots and Googlemail are Google's rule only; elsewhere dots tell people apart (calendars.md E3).
    """
    local, _, domain = email.rpartition("@")
    local = local.partition("+")[0]
    if domain in _GMAIL:
        return f"{local.replace('.', '')}@gmail.com"
    return f"{local}@{domain}"


def is_gmail(email: str) -> bool:
    """Whether Google's alias rules hold for this address."""
    return domain_of(email) in _GMAIL
