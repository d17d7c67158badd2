"""Templates that put names into a text, and nothing else: filled without jinja, in a tenth of its time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from jinja2 import nodes

from activity_sync.rules.parts import Part, shown


class Piece(NamedTuple):
    """Of a template: a text, or the value of a name, or of a name's field."""

    text: str
    name: str = ""
    field: str = ""


def pieces_of(tree: nodes.Template) -> tuple[Piece, ...] | None:
    """The pieces of a template that has only texts and names in it; None for another."""
    output = [one for part in tree.body if isinstance(part, nodes.Output) for one in part.nodes]
    found = [_piece(one) for one in output]
    plain = all(isinstance(part, nodes.Output) for part in tree.body)
    return tuple(one for one in found if one) if plain and None not in found else None


def _piece(node: nodes.Node) -> Piece | None:
    match node:
        case nodes.TemplateData():
            return Piece(node.data)
        case nodes.Name():
            return Piece("", node.name)
        case nodes.Getattr(node=nodes.Name() as whose) if not node.attr.startswith("_"):
            return Piece("", whose.name, node.attr)
    return None


def filled(pieces: Iterable[Piece], context: Mapping[str, Any]) -> Sequence[str] | None:
    """The pieces in words, as the template itself would give them; None where only that tells what becomes of one."""
    words = []
    for text, name, field in pieces:
        value = _value(context.get(name), field) if name else text
        if value is None:
            return None
        words.append(value if value is text else str(shown(value)))
    return words


def _value(named: Any, field: str) -> Any:
    if not field:
        return named
    try:
        return named[field] if type(named) is Part else None
    except KeyError:
        return None
