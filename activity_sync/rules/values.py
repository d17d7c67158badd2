"""Values in the type of a Zoho field, and whether two values mean the same. Types and limits: zoho.md 5.3."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from activity_sync.model.addresses import comparable_email
from activity_sync.model.records import FieldFacts, OrgFacts
from activity_sync.rules.texts import comparable, one_line, several_lines

TEXT_LENGTH = 255
LINES_LENGTH = 32_000

_YES = frozenset({"true", "yes", "on", "1"})
_NO = frozenset({"false", "no", "off", "0"})
_PHONE = re.compile(r"\+?[A-Za-z0-9()]+(?:[ .\-]?[A-Za-z0-9()]+)*(?:[,;#][A-Za-z0-9]+)?")
_ID = re.compile(r"\d{1,20}")


class Unfit(ValueError):  # noqa: N818 - it says what is wrong with a value
    """A value that its field cannot take; the message ends a sentence that begins with the field's name."""


def convert(value: Any, field: FieldFacts) -> Any:
    """`value` as the JSON that `field` takes; None for an empty one. Raises Unfit with the reason in words."""
    if field.read_only:
        raise Unfit("is read-only")
    if is_empty(value):
        return None
    if field.data_type in _BY_TYPE:
        return _BY_TYPE[field.data_type](value)
    if field.data_type in _BY_FIELD:
        return _BY_FIELD[field.data_type](value, field)
    return _text(value, field)


def picklist_value(value: str, field: FieldFacts) -> str | None:
    """The org's actual value for one that differs at most in case, or is what people see of it; None: there is none."""
    if value in field.picklist:
        return value
    shown = {comparable(label): own for label, own in reversed(field.labels)}
    return {**shown, **{comparable(own): own for own in reversed(field.picklist)}}.get(comparable(value))


def value_fits(actual: Any, wanted: Sequence[Any], labels: Sequence[tuple[str, str]] = ()) -> bool:
    """Whether a record's value is one of `wanted`; of several values any one; a lookup by its name or id; a picklist
    value also by what people see of it (`labels`: see `FieldFacts`)."""
    values = actual if isinstance(actual, list | tuple) else [actual]
    forms = [form for value in values for form in _forms(value)] or [""]
    also = [_form(label) for label, own in labels if _form(own) in forms]
    return any(_form(one) in forms or _form(one) in also for one in wanted)


def labels_of(org: OrgFacts, module: str, field: str) -> tuple[tuple[str, str], ...]:
    """What people see of the values of a field, each with the actual one, where these differ."""
    facts = org.fields.get(module, {}).get(field)
    return facts.labels if facts is not None else ()


def is_empty(value: Any) -> bool:
    """Whether it is nothing: None, blank text, an empty list or object."""
    return value is None or (isinstance(value, str) and not value.strip()) or value in ([], {}, ())


def instant(moment: datetime) -> str:
    """A moment as Zoho takes it: with seconds and offset, without milliseconds and without Z (zoho.md 4.2)."""
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def _forms(value: Any) -> list[str]:
    if isinstance(value, Mapping):
        return [_form(value[name]) for name in ("name", "id") if value.get(name)]
    return [_form(value)]


def _form(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).casefold()
    if isinstance(value, int | float | Decimal):
        return format(Decimal(str(value)).normalize(), "f")
    return "" if value is None else comparable(str(value))


def _single(value: Any) -> Any:
    if isinstance(value, list | tuple):
        if len(value) != 1:
            raise Unfit("takes one value, not several")
        return value[0]
    return value


def _text(value: Any, field: FieldFacts) -> str:
    return one_line(str(_single(value)), field.length or TEXT_LENGTH)


def _lines(value: Any, field: FieldFacts) -> str:
    return several_lines(str(_single(value)), field.length or LINES_LENGTH)


def _picklist(value: Any, field: FieldFacts) -> str:
    own = picklist_value(str(_single(value)), field)
    if own is None:
        raise Unfit(f'has no picklist value "{one_line(str(value), 80)}"')
    return own


def _multiselect(value: Any, field: FieldFacts) -> list[str]:
    values = value if isinstance(value, list | tuple) else str(value).split(";")
    return [_picklist(str(one).strip(), field) for one in values if not is_empty(one)]


def _decimal(value: Any) -> Decimal:
    one = _single(value)
    if isinstance(one, bool):
        raise Unfit("takes a number")
    try:
        number = Decimal(str(one).strip().replace(" ", ""))
    except InvalidOperation:
        raise Unfit("takes a number") from None
    if not number.is_finite():
        raise Unfit("takes a number")
    return number


def _integer(value: Any, field: FieldFacts) -> int:
    number = _decimal(value)
    most = field.length or 9
    if number.adjusted() >= most or number != number.to_integral_value():
        raise Unfit(f"takes a whole number of at most {most} digits")
    return int(number)


def _big_integer(value: Any) -> str:
    number = _decimal(value)
    if number.adjusted() >= 18 or number != number.to_integral_value():
        raise Unfit("takes a whole number of at most 18 digits")
    return str(int(number))


def _double(value: Any) -> float | int:
    number = _decimal(value)
    if number.adjusted() >= 16:
        raise Unfit("takes a number of at most 16 digits")
    return int(number) if number == number.to_integral_value() else float(number)


def _boolean(value: Any) -> bool:
    word = _form(_single(value))
    if word not in _YES | _NO:
        raise Unfit("takes true or false")
    return word in _YES


def _date(value: Any) -> str:
    one = _single(value)
    if isinstance(one, date):
        return one.strftime("%Y-%m-%d")
    try:
        return datetime.fromisoformat(str(one).strip()).strftime("%Y-%m-%d")
    except ValueError:
        raise Unfit("takes a date such as 2026-01-05") from None


def _moment(value: Any) -> str:
    one = _single(value)
    try:
        moment = one if isinstance(one, datetime) else datetime.fromisoformat(str(one).strip())
    except ValueError:
        raise Unfit("takes a time such as 2026-01-05T10:00:00+00:00") from None
    if moment.tzinfo is None:
        raise Unfit("takes a time with its offset, such as 2026-01-05T10:00:00+00:00")
    return instant(moment)


def _phone(value: Any, field: FieldFacts) -> str:
    text = " ".join(str(_single(value)).split())
    if len(text) > (field.length or 30) or not _PHONE.fullmatch(text) or not any(map(str.isdigit, text)):
        raise Unfit("takes a telephone number")
    return text


def _email(value: Any, field: FieldFacts) -> str:
    address = comparable_email(str(_single(value)))
    if not address or len(address) > (field.length or 100):
        raise Unfit("takes an e-mail address")
    return address


def _lookup(value: Any) -> dict[str, str]:
    one = _single(value)
    number = str(one.get("id", "") if isinstance(one, Mapping) else one).strip()
    if not _ID.fullmatch(number):
        raise Unfit("takes the id of a record")
    return {"id": number}


_BY_TYPE: Mapping[str, Callable[[Any], Any]] = {
    "bigint": _big_integer,
    "double": _double,
    "decimal": _double,
    "currency": _double,
    "percent": _double,
    "boolean": _boolean,
    "date": _date,
    "datetime": _moment,
    "lookup": _lookup,
    "ownerlookup": _lookup,
    "userlookup": _lookup,
}
_BY_FIELD: Mapping[str, Callable[[Any, FieldFacts], Any]] = {
    "textarea": _lines,
    "picklist": _picklist,
    "multiselectpicklist": _multiselect,
    "integer": _integer,
    "phone": _phone,
    "email": _email,
}
