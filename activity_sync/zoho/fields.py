"""What the org is like: edition, licences, fields of its modules, stages of its pipelines (zoho.md 6.2 to 6.4)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from activity_sync.model.failures import Unexpected
from activity_sync.model.records import ACTIVITIES, SHADOWED, FieldFacts, Module, OrgFacts, Stage
from activity_sync.zoho.client import Call, Client, ScopeMissing
from activity_sync.zoho.refusals import ZohoRefused

_MODULES = (*SHADOWED, *ACTIVITIES)


def read_org(client: Client, key_field: str | None) -> OrgFacts:
    """About eleven credits. A module that is missing or refused is left out of `fields`.

    Raises what `Client.send` raises when the org itself cannot be read.
    """
    org = _first(client.send(Call(method="GET", path="/org", what="organisation")).rows("org"))
    licence = org.get("license_details")
    fields = {str(module): found for module in _MODULES if (found := _fields(client, module))}
    keyed = [(name, found[key_field]) for name, found in fields.items() if key_field in found]
    return OrgFacts(
        org_id=str(org.get("id") or ""),
        company=str(org.get("company_name") or ""),
        edition=_edition(licence if isinstance(licence, dict) else {}),
        licences=_whole(licence.get("users_license_purchased")) if isinstance(licence, dict) else 0,
        time_zone=str(org.get("time_zone") or ""),
        stages=tuple(_stages(client, fields.get(Module.DEALS, {}))),
        fields=fields,
        key_field=frozenset(name for name, _ in keyed),
        key_unique=frozenset(name for name, facts in keyed if facts.unique),
    )


def _first(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    if not rows:
        raise Unexpected("Zoho says nothing about the organisation")
    return rows[0]


def _edition(licence: Mapping[str, Any]) -> str:
    on_trial = licence.get("trial_type") if not licence.get("paid") else None
    if not licence.get("paid") and not on_trial:
        return "free"
    return str(on_trial or licence.get("paid_type") or "").lower()


def _whole(value: object) -> int:
    return value if isinstance(value, int) else int(value) if isinstance(value, str) and value.isdecimal() else 0


def _fields(client: Client, module: Module) -> dict[str, FieldFacts]:
    call = Call(method="GET", path="/settings/fields", params={"module": module}, what=f"fields of {module}")
    rows = _tolerant(client, call, "fields")
    return {row["api_name"]: to_facts(row) for row in rows if isinstance(row.get("api_name"), str)}


def _tolerant(client: Client, call: Call, name: str) -> list[dict[str, Any]]:
    """No rows when this organisation or this user does not have it."""
    try:
        return client.send(call).rows(name)
    except (ZohoRefused, ScopeMissing):
        return []


def to_facts(row: Mapping[str, Any]) -> FieldFacts:
    """One field as the Fields API describes it; a picklist without the values that are no longer used."""
    values = row.get("pick_list_values")
    return FieldFacts(
        api_name=row["api_name"],
        label=str(row.get("field_label") or row.get("display_label") or row["api_name"]),
        data_type=str(row.get("data_type") or "text"),
        length=_whole(row.get("length")),
        read_only=bool(row.get("read_only") or row.get("field_read_only")),
        mandatory=bool(row.get("system_mandatory")),
        unique=bool(row.get("unique")),
        picklist=tuple(_actual(value) for value in _used(values)),
        labels=tuple((_shown(value), _actual(value)) for value in _used(values) if _shown(value) != _actual(value)),
    )


def _used(values: object) -> Iterator[Mapping[str, Any]]:
    for value in values if isinstance(values, list) else []:
        if isinstance(value, dict) and value.get("type") != "unused" and _actual(value):
            yield value


def _actual(value: Mapping[str, Any]) -> str:
    return str(value.get("actual_value") or value.get("display_value") or "")


def _shown(value: Mapping[str, Any]) -> str:
    return str(value.get("display_value") or _actual(value))


def _stages(client: Client, deal_fields: Mapping[str, FieldFacts]) -> Iterator[Stage]:
    """Of all pipelines; without pipelines those of the layouts, and at last the names of the Stage picklist."""
    call = Call(method="GET", path="/settings/layouts", params={"module": Module.DEALS}, what="layouts of Deals")
    layouts = [row for row in _tolerant(client, call, "layouts") if row.get("status") in (None, "active", 0)]
    found = [stage for layout in layouts for stage in _of_pipelines(client, str(layout.get("id") or ""))]
    found = found or [stage for layout in layouts for stage in _of_layout(layout)]
    if not found and "Stage" in deal_fields:
        found = [_named(name, order) for order, name in enumerate(deal_fields["Stage"].picklist, start=1)]
    yield from dict.fromkeys(found)


def _of_pipelines(client: Client, layout_id: str) -> Iterator[Stage]:
    call = Call(method="GET", path="/settings/pipeline", params={"layout_id": layout_id}, what="pipelines of Deals")
    for pipeline in _tolerant(client, call, "pipeline"):
        for order, value in enumerate(_in_order(pipeline.get("maps")), start=1):
            yield _stage(value, order, _actual(pipeline))


def _of_layout(layout: Mapping[str, Any]) -> Iterator[Stage]:
    sections = layout.get("sections")
    for section in sections if isinstance(sections, list) else []:
        for field in section.get("fields") or []:
            if field.get("api_name") == "Stage":
                for order, value in enumerate(_in_order(field.get("pick_list_values")), start=1):
                    yield _stage(value, order, "")


def _in_order(values: object) -> list[Mapping[str, Any]]:
    return sorted(_used(values), key=lambda value: _whole(value.get("sequence_number")))


def _stage(value: Mapping[str, Any], order: int, pipeline: str) -> Stage:
    kind = value.get("forecast_type")
    if not isinstance(kind, str) or not kind:
        named = _named(_actual(value), order)
        return Stage(named.name, pipeline, order, closed=named.closed, won=named.won, label=_shown(value))
    return Stage(_actual(value), pipeline, order, closed=kind != "Open", won=kind == "Closed Won", label=_shown(value))


def _named(name: str, order: int) -> Stage:
    closed = name.casefold().startswith("closed")
    return Stage(name, "", order, closed=closed, won=closed and "won" in name.casefold())
