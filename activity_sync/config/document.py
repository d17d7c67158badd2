"""YAML 1.2 text to plain values, each with its line.

The parser's nodes are read directly: they have every key's line, and the text of a number as it was typed, so that
an unquoted +442079460100 keeps its plus.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError

from activity_sync.config.problems import Place

_MOST_VALUES = 100_000  # a few aliases of aliases can otherwise fill the memory
_TAG = "tag:yaml.org,2002:"
_MERGE = f"{_TAG}merge"


class UnreadableError(Exception):
    """The text is no YAML that can be used. line: from 1, or None."""

    def __init__(self, message: str, line: int | None, hint: str | None = None) -> None:
        super().__init__(message)
        self.message, self.line, self.hint = message, line, hint


@dataclass(slots=True)
class Document:
    """data: dicts with text keys, lists, text, numbers, booleans, None. lines: where each place stands, from 1."""

    data: object
    lines: dict[Place, int]
    repeated: list[tuple[Place, int, int]] = field(default_factory=list)
    """Keys that stand twice in one mapping, with the later and the first line."""

    def line(self, place: Place) -> int | None:
        """The line of a place, or of the nearest thing around it."""
        while place not in self.lines and place:
            place = place[:-1]
        return self.lines.get(place)


def parse(text: str) -> Document:
    """The document. Raises UnreadableError."""
    document = Document({}, {})
    root = _compose(text)
    if root is not None:
        try:
            document.data = _Reader(document).value(root, ())
        except RecursionError:
            raise UnreadableError("nested too deeply", None) from None
    return document


def _compose(text: str) -> Node | None:
    try:
        root = YAML(typ="safe", pure=True).compose(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else None
        raise UnreadableError(f"broken YAML: {error.problem or error.context}", line, _advice(error)) from None
    except ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise UnreadableError("broken YAML: a character that may not stand in YAML", line) from None
    except RecursionError:
        raise UnreadableError("nested too deeply", None) from None
    except (YAMLError, ValueError) as error:
        raise UnreadableError(f"broken YAML: {type(error).__name__}", None) from None
    assert root is None or isinstance(root, Node)
    return root


def _advice(error: MarkedYAMLError) -> str | None:
    problem = str(error.problem)
    if "\\t" in problem or "\t" in problem:
        return "use spaces instead of the tab"
    if "mapping values are not allowed" in problem:
        return "quote a text that holds a colon"
    if "single document" in str(error.context):
        return "keep to one document, without ---"
    return None


class _Reader:
    """Turns nodes into values and notes their lines."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._within: set[int] = set()
        self._values = 0

    def value(self, node: Node, place: Place) -> object:
        self._document.lines.setdefault(place, node.start_mark.line + 1)
        self._values += 1
        if id(node) in self._within or self._values > _MOST_VALUES:
            raise UnreadableError("aliases make this endless", node.start_mark.line + 1)
        self._within.add(id(node))
        value = self._plain(node, place)
        self._within.discard(id(node))
        return value

    def _plain(self, node: Node, place: Place) -> object:
        if isinstance(node, MappingNode):
            return self._mapping(node, place)
        if isinstance(node, SequenceNode):
            return [self.value(item, (*place, index)) for index, item in enumerate(node.value)]
        assert isinstance(node, ScalarNode)
        return _scalar(node)

    def _mapping(self, node: MappingNode, place: Place) -> dict[str, object]:
        found: dict[str, object] = {}
        merged: dict[str, object] = {}
        for key, value in node.value:
            if key.tag == _MERGE:
                merged = {**self._merged(value, place), **merged}
                continue
            name, line = _key(key), key.start_mark.line + 1
            if name in found:
                self._document.repeated.append(((*place, name), line, self._document.lines[*place, name]))
                continue
            self._document.lines[*place, name] = line
            found[name] = self.value(value, (*place, name))
        return {**merged, **found}

    def _merged(self, node: Node, place: Place) -> dict[str, object]:
        """`<<: *defaults`, or a list of such, of which the first wins."""
        nodes = node.value if isinstance(node, SequenceNode) else [node]
        found: dict[str, object] = {}
        for each in nodes:
            if not isinstance(each, MappingNode):
                raise UnreadableError("broken YAML: << takes a mapping", node.start_mark.line + 1)
            value = self.value(each, place)
            assert isinstance(value, dict)
            found = {**value, **found}
        return found


def _key(node: Node) -> str:
    if not isinstance(node, ScalarNode):
        raise UnreadableError("broken YAML: a key must be a single word", node.start_mark.line + 1)
    return str(node.value)


def _scalar(node: ScalarNode) -> object:
    text = str(node.value)
    match node.tag.removeprefix(_TAG) if node.tag else "str":
        case "null":
            return None
        case "bool":
            return text.lower() in {"true", "yes", "on"}
        case "int":
            return _whole(text)
        case "float":
            return _fraction(text)
        case "str" | "timestamp" | "value":
            return text
    raise UnreadableError("broken YAML: tags such as !name are not used here", node.start_mark.line + 1)


def _whole(text: str) -> int | str:
    if re.match(r"[+]|0\d", text):  # somebody's phone number, not a count
        return text
    try:
        return int(text.replace("_", ""), 0)
    except ValueError:
        return text


def _fraction(text: str) -> float | str:
    try:
        return float(text.replace("_", "").replace(".inf", "inf").replace(".nan", "nan"))
    except ValueError:
        return text
