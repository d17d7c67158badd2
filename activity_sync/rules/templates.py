"""The admin's templates: Jinja2 in a sandbox, where a mistake or an overlong output costs one text, never the rest."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence, Sized
from functools import lru_cache
from typing import Any, NamedTuple

from jinja2 import StrictUndefined, Template, TemplateError, meta, nodes
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.visitor import NodeTransformer

from activity_sync.rules.parts import Part, printable, shown
from activity_sync.rules.plain_templates import Piece, filled, pieces_of
from activity_sync.rules.texts import one_line, several_lines
from activity_sync.rules.values import TEXT_LENGTH

NAMES = frozenset({
    "account", "company", "conference_url", "contact", "deal", "direction", "end", "kind", "lead", "line",
    "minutes", "notes", "number", "outcome", "participants", "recording_url", "rep", "source", "start",
    "summary", "title", "type", "who",
})  # fmt: skip
"""What a template may name (product.md 7)."""

_LARGEST_NUMBER = 10_000
_LONGEST = 100_000
_FILTERS = frozenset({
    "abs", "capitalize", "count", "d", "default", "first", "float", "int", "join", "last", "length", "lower",
    "replace", "reverse", "round", "sort", "string", "sum", "title", "trim", "truncate", "unique", "upper",
    "wordcount",
})  # fmt: skip
_METHODS = frozenset({
    "astimezone", "capitalize", "casefold", "count", "date", "day", "endswith", "find", "get", "hour",
    "isoformat", "isoweekday", "items", "keys", "lower", "lstrip", "minute", "month", "partition",
    "removeprefix", "removesuffix", "rpartition", "rsplit", "rstrip", "second", "split", "splitlines",
    "startswith", "strftime", "strip", "time", "title", "upper", "values", "weekday", "year",
})  # fmt: skip
_REFUSED: dict[type[nodes.Node], str] = {
    nodes.For: 'a loop is not offered; a list is written with {{ participants | join(", ") }}',
    nodes.Macro: "macro is not offered",
    nodes.CallBlock: "call is not offered",
    nodes.Include: "include is not offered",
    nodes.Import: "import is not offered",
    nodes.FromImport: "import is not offered",
    nodes.Extends: "extends is not offered",
    nodes.Block: "block is not offered",
    nodes.AssignBlock: "set takes one value: {% set name = … %}",
}
_NAMING = (nodes.Assign, nodes.With)
_GATHERED = (nodes.List, nodes.Tuple, nodes.Dict)
_TOGETHER = "~"
"""The filter behind `a ~ b`: under a name that no template can write."""
_NO_SUCH = re.compile(r"'[\w. ]+ object' has no attribute")
_WIDTH = re.compile(r"%[^A-Za-z%]*\d")


def render(
    template: str, context: Mapping[str, Any], fallback: str, *, length: int = TEXT_LENGTH, lines: bool = False
) -> tuple[str, str | None]:
    """The text, and what was wrong with the template, in words, when `fallback` stands in for it.

    `lines`: line breaks stay; otherwise the text is one line. Either way it is at most `length` long.
    """
    tidy: Callable[[str, int], str] = several_lines if lines else one_line
    try:
        return tidy(_render(template, context), length), None
    except Exception as error:  # noqa: BLE001 - a template can fail in any way that Python can
        return tidy(fallback, length), f'the template "{one_line(template, 80)}" fails: {_reason(error)}'


def template_names(template: str) -> set[str]:
    """The names that a template takes from outside. Raises ValueError with what is wrong with the template."""
    try:
        return set(_compiled(template).names)
    except (TemplateError, RecursionError) as error:
        raise ValueError(_reason(error)) from None


def _reason(error: Exception) -> str:
    return one_line(_NO_SUCH.sub("there is no field", str(error)), 200)


def is_template(text: str) -> bool:
    """Whether there is anything to fill in."""
    return any(mark in text for mark in ("{{", "{%", "{#"))


def _render(template: str, context: Mapping[str, Any]) -> str:
    known = _compiled(template)
    words = filled(known.plain, context) if known.plain is not None else None
    return _until_long(words if words is not None else _by_jinja(known, context))


def _by_jinja(known: _Known, context: Mapping[str, Any]) -> Iterable[str]:
    asked = {name: context[name] for name in known.names if name in context}
    # Without the copies and the renaming of tracebacks that `generate` makes: texts are many, and failures are told.
    return known.template.root_render_func(_ENVIRONMENT.context_class(_ENVIRONMENT, asked, None, {}))


def _until_long(pieces: Iterable[str]) -> str:
    begun: list[str] = []
    size = 0
    for piece in pieces:
        begun.append(piece)
        size += len(piece)
        if size > _LONGEST:
            break
    return "".join(begun)


class _Known(NamedTuple):
    """What renders a template, and the names that it takes from outside. `plain`: its pieces, if it has no others."""

    template: Template
    names: frozenset[str]
    plain: tuple[Piece, ...] | None


@lru_cache(maxsize=1_000)
def _compiled(template: str) -> _Known:
    tree = _ENVIRONMENT.parse(template)
    refused = next(tree.find_all(tuple(_REFUSED)), None)
    if refused is not None:
        raise SecurityError(_REFUSED[type(refused)])
    # A list of a list of a list, each twice in the next, is short to write and endless to read.
    if any(_gathers(one) for naming in tree.find_all(_NAMING) for one in _values(naming)):
        raise SecurityError("a list cannot be given a name")
    made = _ENVIRONMENT.from_string(template)
    return _Known(made, frozenset(meta.find_undeclared_variables(tree)), pieces_of(tree))


def _values(naming: nodes.Node) -> Sequence[nodes.Node]:
    """What is named."""
    match naming:
        case nodes.Assign():
            return [naming.node]
        case nodes.With():
            return naming.values
    return []


def _gathers(value: nodes.Node) -> bool:
    return isinstance(value, _GATHERED) or next(value.find_all(_GATHERED), None) is not None


class _Environment(ImmutableSandboxedEnvironment):
    """The sandbox, with everything closed by which a short template could make much work."""

    intercepted_binops = frozenset({"*", "**", "%", "+"})

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        # Only what is a filter can be kept in bounds: `a ~ b` becomes one, too.
        return _Joining().visit(super()._parse(source, name, filename))  # type: ignore[no-any-return]

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        if callable(value) and not isinstance(obj, Part):
            return attr in _METHODS and super().is_safe_attribute(obj, attr, value)
        return super().is_safe_attribute(obj, attr, value)

    def wrap_str_format(self, value: Any) -> None:  # noqa: ARG002 - a width can be endless: `format` stays unsafe
        return None

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        if operator == "+":
            if not _is_short(left, right):
                raise SecurityError("the text grows too long")
        elif operator == "**" or not all(_is_small(side) for side in (left, right)):
            raise SecurityError(f"{operator} is offered for small numbers only")
        return super().call_binop(context, operator, left, right)

    def call(__self, __context: Any, __obj: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: N805 - as jinja has it
        if any(isinstance(word, str) and _WIDTH.search(word) for word in args):
            raise SecurityError("a width in a time format is not offered")
        return super().call(__context, __obj, *args, **kwargs)


class _Joining(NodeTransformer):
    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:  # noqa: N802 - as jinja has it
        self.generic_visit(node)
        first, *others = node.nodes
        return nodes.Filter(first, _TOGETHER, others, [], None, None, lineno=node.lineno)


def _is_short(left: Any, right: Any) -> bool:
    """Whether what comes of putting two values together is; numbers are always."""
    sized = [len(one) for one in (left, right) if isinstance(one, Sized)]
    return sum(sized) <= _LONGEST


def _join(values: Iterable[Any], d: str = "") -> str:
    texts = [str(printable(one)) for one in values]
    if sum(map(len, texts)) + len(texts) * len(str(d)) > _LONGEST:
        raise SecurityError("the text grows too long")
    return str(d).join(texts)


def _is_small(number: Any) -> bool:
    return isinstance(number, int | float) and abs(number) <= _LARGEST_NUMBER


def _replace(text: Any, old: str, new: str) -> str:
    whole = str(text)
    if len(whole) + whole.count(old) * len(new) > _LONGEST:
        raise SecurityError("the text grows too long")
    return whole.replace(old, new)


def _environment() -> ImmutableSandboxedEnvironment:
    # The output is plain text for a CRM field, never a page: nothing is to be escaped.
    made = _Environment(undefined=StrictUndefined, autoescape=False, finalize=shown)
    made.globals.clear()
    made.filters = {name: known for name, known in made.filters.items() if name in _FILTERS}
    made.filters |= {"replace": _replace, "join": _join, _TOGETHER: lambda *values: _join(values)}
    return made


_ENVIRONMENT = _environment()
