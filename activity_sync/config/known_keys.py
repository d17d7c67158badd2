"""Which keys may stand at a place: read off the settings classes, so that there is no second list."""

from __future__ import annotations

from collections.abc import Iterator
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from activity_sync.config.problems import Place
from activity_sync.model.settings import Section, Settings


def known_keys(place: Place, data: object) -> frozenset[str]:
    """The keys of the section at this place; of all kinds that fit, when its `kind` does not tell."""
    return frozenset(key for section in _sections(*_at(place, data)) for key in _fields(section))


def sections_at(place: Place, data: object) -> tuple[type[Section], ...]:
    """The settings classes that may stand at this place of the data."""
    return tuple(_sections(*_at(place, data)))


def _at(place: Place, data: object) -> tuple[Any, object]:
    annotation: Any = Settings
    for part in place:
        annotation, data = _inside(annotation, part, data), _item(data, part)
    return annotation, data


def _item(data: object, part: str | int) -> object:
    if isinstance(data, dict) or (isinstance(data, list) and isinstance(part, int) and part < len(data)):
        return data.get(part) if isinstance(data, dict) else data[part]  # type: ignore[index]
    return None


def _inside(annotation: Any, part: str | int, data: object) -> Any:
    for section in _sections(annotation, data):
        if part in (fields := _fields(section)):
            return fields[str(part)]
    for choice in _choices(annotation):
        if get_origin(choice) in {dict, tuple}:
            return [argument for argument in get_args(choice) if argument is not Ellipsis][-1]
    return None


def _sections(annotation: Any, data: object) -> Iterator[type[Section]]:
    found = [choice for choice in _choices(annotation) if isinstance(choice, type) and issubclass(choice, Section)]
    kind = data.get("kind") if isinstance(data, dict) else None
    told = [section for section in found if len(found) > 1 and kind in get_args(_fields(section).get("kind"))]
    yield from told or found


def _choices(annotation: Any) -> Iterator[Any]:
    if get_origin(annotation) is Annotated:
        yield from _choices(get_args(annotation)[0])
    elif get_origin(annotation) in {Union, UnionType}:
        for argument in get_args(annotation):
            yield from _choices(argument)
    else:
        yield annotation


def _fields(section: type[Section]) -> dict[str, Any]:
    return {field.alias or name: field.annotation for name, field in section.model_fields.items()}
