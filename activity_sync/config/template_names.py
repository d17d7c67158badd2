"""Checks a template before it is used, by the renderer's own rules: what passes here can be rendered."""

from __future__ import annotations

from activity_sync.config.problems import nearest


def mistakes(template: str) -> list[tuple[str, str | None]]:
    """Message and hint of each mistake in the template; none: it can be rendered."""
    if not any(mark in template for mark in ("{{", "{%", "{#")):
        return []
    from activity_sync.rules.templates import NAMES, template_names  # heavy, and many configs have no template

    try:
        used = template_names(template)
    except ValueError as error:
        return [(f"is not a template: {error}", None)]
    return [(f"uses an unknown name: {name}", nearest(name, NAMES)) for name in sorted(used - NAMES)]
