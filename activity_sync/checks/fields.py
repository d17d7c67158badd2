"""Do the fields that the config names exist in this org, and do we fill what its layouts demand?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from activity_sync.checks.check import ZOHO, Check, bad, good
from activity_sync.model.checkup import Demanded
from activity_sync.model.records import ACTIVITIES, Module, OrgFacts
from activity_sync.model.settings import Settings
from activity_sync.rules.named_fields import count_of_named, mistakes
from activity_sync.rules.named_people import filled_fields, made_modules

_ALWAYS = {
    Module.EVENTS: {"Event_Title", "Start_DateTime", "End_DateTime", "Owner"},
    Module.CALLS: {"Subject", "Call_Type", "Call_Start_Time", "Call_Duration", "Owner"},
    Module.TASKS: {"Subject", "Due_Date", "Status", "Owner", "Send_Notification_Email"},
}
_SOMETIMES = {
    Module.EVENTS: {"Description", "Venue", "What_Id", "Who_Id", "All_day"},
    Module.CALLS: {"Description", "What_Id", "Who_Id", "Call_Result", "Outgoing_Call_Status", "Outbound_Call_Status"},
    Module.TASKS: {"What_Id", "Who_Id", "Remind_At", "Priority"},
}


def field_checks(org: OrgFacts, settings: Settings) -> Iterator[Check]:
    """A line for each field or value that does not exist; else one that says so."""
    wrong = mistakes(org, settings)
    for one in wrong:
        yield bad("fields", f"{one.key}: {one.detail}", one.hint, ZOHO)
    if not wrong:
        number = count_of_named(settings)
        yield good("fields", f"all {number} fields of the config, their values and stages exist", about=ZOHO)


def asked_modules(settings: Settings) -> Sequence[Module]:
    """The modules in which we make records: activities, and people and companies where the config allows it."""
    return [*ACTIVITIES, *made_modules(settings)]


def demanded_checks(demanded: Sequence[Demanded], settings: Settings) -> Iterator[Check]:
    """A line for each field that a layout demands and that we do not always fill; else one that says so."""
    open_ones = [one for one in demanded if one.field not in _filled(one.module, settings)]
    for one in open_ones:
        how = "only when it is known" if one.field in _SOMETIMES.get(one.module, ()) else "never"
        detail = f'the layout "{one.layout}" of {one.module} demands {_named(one)}, which we fill {how}'
        yield bad("layouts", detail, _remedy(one), ZOHO)
    if not open_ones:
        yield good("layouts", "demand nothing that we leave empty", about=ZOHO)


def _filled(module: Module, settings: Settings) -> set[str]:
    """What every record of the module gets, from us or from each activity type."""
    if module not in _ALWAYS:
        return {*filled_fields(module, settings), "Last_Name", "Account_Name", "Owner"}
    filled = {*_ALWAYS[module], settings.zoho.key_field or ""}
    if module is Module.TASKS:
        asked = list(settings.follow_ups.values())
        return filled | ({"Priority"} if asked and all(one.priority for one in asked) else set())
    filled |= {getattr(settings.zoho.activity_type_field, module.value) or ""}
    writing = [kind.then for kind in settings.activity_types if not kind.then.skip]
    given = [set(getattr(then.fields, module.value)) for then in writing]
    return filled | (set.intersection(*given) if given else set())


def _named(one: Demanded) -> str:
    return f"{one.field} ({one.label})" if one.label and one.label != one.field else one.field


def _remedy(one: Demanded) -> str:
    if one.module not in _ALWAYS:
        section = "accounts.mapping" if one.module is Module.ACCOUNTS else "people.mapping or people.defaults"
        return f"Give it a value in {section}, or make it optional in that layout."
    if one.module is Module.TASKS:
        return "Make it optional in that layout: a follow-up has no further fields."
    example = f"then: {{fields: {{{one.module}: {{{one.field}: …}}}}}}"
    return f"Give it a value in every activity type ({example}), or make it optional in that layout."
