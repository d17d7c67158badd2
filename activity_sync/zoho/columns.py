"""Which fields the shadow keeps: what matching needs, and what the config names."""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Iterable, Iterator

from activity_sync.model.records import SHADOWED, Module, OrgFacts
from activity_sync.model.settings import Settings, When
from activity_sync.zoho import telephone

_ALWAYS = ("Owner", "Created_Time", "Modified_Time", "Record_Status__s")
_OWN = {
    Module.CONTACTS: ("First_Name", "Last_Name", "Full_Name", "Account_Name", "Mailing_Country", "Other_Country"),
    Module.LEADS: (
        *("First_Name", "Last_Name", "Full_Name", "Company", "Country"),
        *("Converted__s", "Converted_Account", "Converted_Contact"),
    ),
    Module.ACCOUNTS: ("Account_Name", "Billing_Country", "Shipping_Country"),
    Module.DEALS: ("Deal_Name", "Account_Name", "Contact_Name", "Stage", "Pipeline", "Closing_Date", "Amount"),
}
_SPOKEN = {
    "contact": Module.CONTACTS,
    "lead": Module.LEADS,
    "account": Module.ACCOUNTS,
    "deal": Module.DEALS,
    "who": Module.CONTACTS,
}
_IN_TEMPLATE = re.compile(r"\b(contact|lead|account|deal|who)\s*(?:\.\s*|\[\s*['\"])([A-Z]\w*)")


def kept_fields(settings: Settings, module: Module) -> tuple[str, ...]:
    """The API names that the shadow keeps of a module, without `id`, each once."""
    named = [
        *_OWN.get(module, ()),
        *_ALWAYS,
        *_matched(settings, module),
        *_conditions(settings, module),
        *_in_templates(settings, module),
        *_people(settings, module),
    ]
    return tuple(dict.fromkeys(name for name in named if name != "id"))


def _matched(settings: Settings, module: Module) -> Iterator[str]:
    matching = settings.matching
    for fields in (matching.email_fields, matching.phone_fields, matching.domain_fields):
        for name, columns in fields.items():
            if name == module:
                yield from columns
    if matching.account_key and module is Module.ACCOUNTS:
        yield matching.account_key.field


def _conditions(settings: Settings, module: Module) -> Iterator[str]:
    for segment in settings.segments:
        if segment.module == module:
            yield from segment.when
    for when in _whens(settings):
        for name, fields in when.record.items():
            if name == module:
                yield from fields


def _whens(settings: Settings) -> Iterator[When]:
    yield from (kind.when for kind in settings.activity_types)
    yield from (follow_up.when for follow_up in settings.follow_ups.values())


def _in_templates(settings: Settings, module: Module) -> Iterator[str]:
    for template in _templates(settings):
        for noun, name in _IN_TEMPLATE.findall(template):
            if _SPOKEN[noun] is module:
                yield name


def _templates(settings: Settings) -> Iterator[str]:
    for kind in settings.activity_types:
        then = kind.then
        yield from (text for text in (then.subject, then.description) if text)
        for values in (then.fields.Events, then.fields.Calls):
            yield from (value for value in values.values() if isinstance(value, str))
    yield from (follow_up.subject for follow_up in settings.follow_ups.values())


def _people(settings: Settings, module: Module) -> Iterable[str]:
    people = settings.people
    if module not in (Module.CONTACTS, Module.LEADS):
        return ()
    return (*people.when_exists, *(people.mapping if people.fill_empty else ()))


def kept(settings: Settings) -> dict[Module, list[str]]:
    """What is kept of each module, sorted."""
    return {module: sorted(kept_fields(settings, module)) for module in SHADOWED}


def found_by(settings: Settings) -> str:
    """A digest of all by which records are found: the config's words, and the rules for numbers."""
    matching = settings.matching
    fields = (matching.email_fields, matching.phone_fields, matching.domain_fields)
    lists = [sorted((str(name), tuple(columns)) for name, columns in one.items()) for one in fields]
    own = matching.account_key.field if matching.account_key else ""
    return hashlib.sha256(repr((*lists, own, settings.default_region, telephone.reading())).encode()).hexdigest()


class Columns:
    """What is selected of each module: the kept fields that the org has, without those that COQL has refused."""

    def __init__(self, settings: Settings) -> None:
        self._kept = {module: kept_fields(settings, module) for module in SHADOWED}
        self._key_field = settings.zoho.key_field or ""
        self._refused: set[tuple[str, str]] = set()
        self._lock = threading.Lock()

    def of(self, module: Module, org: OrgFacts) -> tuple[str, ...]:
        """The columns to select, `id` and `Modified_Time` first. Unknown metadata: all that is kept."""
        known = org.fields.get(module)
        with self._lock:
            wanted = [
                name
                for name in self._kept[module]
                if (known is None or name in known) and (module, name) not in self._refused
            ]
        return tuple(dict.fromkeys(("id", "Modified_Time", *wanted)))

    def key_of(self, module: Module, org: OrgFacts) -> str:
        """The field of an activity that holds our key; "" where the org has none."""
        return self._key_field if module in org.key_field else ""

    def refuse(self, module: Module, name: str) -> None:
        """Do not select this one again."""
        with self._lock:
            self._refused.add((module, name))
