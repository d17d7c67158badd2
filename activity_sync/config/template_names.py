"""Checks a template before it is used: its syntax and the names in it. Rendering is for the rules."""

from __future__ import annotations

from activity_sync.config.problems import nearest

NAMES = frozenset(
    (
        "title", "notes", "summary", "start", "end", "minutes", "kind", "direction", "outcome", "number", "line", "rep",
        "contact", "lead", "account", "deal", "company", "who", "participants", "conference_url", "recording_url",
        "type", "source",
    )
)  # fmt: skip
"""What a template may use (product.md 7)."""

_GLOBALS = frozenset(("range", "dict", "lipsum", "cycler", "joiner", "namespace"))


def mistakes(template: str) -> list[tuple[str, str | None]]:
    """Message and hint of each mistake in the template; none: it can be rendered."""
    if not any(mark in template for mark in ("{{", "{%", "{#")):
        return []
    from jinja2 import Environment, TemplateError, meta  # heavy, and many configs have no template

    try:
        used = meta.find_undeclared_variables(Environment(autoescape=False).parse(template))  # noqa: S701 - plain text
    except (TemplateError, RecursionError) as error:
        return [(f"is not a template: {error}", None)]
    unknown = sorted(used - NAMES - _GLOBALS)
    return [(f"uses an unknown name: {name}", nearest(name, NAMES)) for name in unknown]
