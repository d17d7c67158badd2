"""A mapping of the config and what is known of somebody → the fields of a Zoho record, each in its field's type."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from activity_sync.model.addresses import comparable_email
from activity_sync.model.records import FieldFacts, Module, OrgFacts
from activity_sync.model.team import Team
from activity_sync.rules.payloads import field_facts
from activity_sync.rules.values import Unfit, convert, is_empty

_OWNERS = frozenset({"ownerlookup", "userlookup"})
NOT_OF = {Module.CONTACTS: ("Company",)}
"""A contact's company is its account: the default mapping serves leads and contacts alike."""


class Filled(NamedTuple):
    """Fields with their values, and a sentence for each one that could not be filled."""

    fields: dict[str, Any]
    trace: tuple[str, ...] = ()


def fill(
    module: Module, mapping: Mapping[str, Iterable[str]], defaults: Mapping[str, Any], values: Mapping[str, Any],
    org: OrgFacts, team: Team,
) -> Filled:  # fmt: skip
    """Each field of the mapping from the first of its sources that is not empty, else from its default."""
    fields: dict[str, Any] = {}
    trace: list[str] = []
    for name in dict.fromkeys((*mapping, *defaults)):
        tried = [values.get(source) for source in mapping.get(name, ())]
        given = next((value for value in tried if not is_empty(value)), defaults.get(name))
        if is_empty(given):
            continue
        try:
            value = fitted(module, name, given, org, team)
        except Unfit as misfit:
            if name in NOT_OF.get(module, ()):
                continue
            trace.append(f"{name} is left out: it {misfit}.")
            continue
        if not is_empty(value):
            fields[name] = value
    return Filled(fields, tuple(trace))


def fitted(module: Module, name: str, value: Any, org: OrgFacts, team: Team) -> Any:
    """`value` as this field of this org takes it; a user by e-mail. Without any metadata: as text. Raises Unfit."""
    facts = field_facts(org, module, name)
    if facts is None:
        if org.fields.get(module):
            raise Unfit("is no field of this module")
        facts = FieldFacts(api_name=name)
    if facts.data_type in _OWNERS or name == "Owner":
        return _user(value, team)
    if isinstance(value, list | tuple) and facts.data_type != "multiselectpicklist":
        value = ", ".join(str(one) for one in value)
    return convert(value, facts)


def _user(value: Any, team: Team) -> Any:
    email = comparable_email(str(value))
    if not email:
        return convert(value, FieldFacts(api_name="Owner", data_type="ownerlookup"))
    user = team.active(email)
    if user is None:
        raise Unfit("takes an active Zoho user, and nobody has that address")
    return {"id": user.id}
