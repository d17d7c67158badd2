"""Mistakes that show only when several keys are seen together.

They read the plain data, not `Settings`: so they can be told together with everything that keeps `Settings` from
being made.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, get_args
from urllib.parse import urlsplit

from activity_sync.config.problems import Finding, Place, nearest
from activity_sync.config.references import is_off
from activity_sync.config.template_names import mistakes
from activity_sync.model.hosts import is_loopback
from activity_sync.model.settings import DataCenter
from activity_sync.model.settings.people import SOURCES, People

Data = dict[str, Any]

_TAKEN = ("zoho", "thorough")
"""What has a turn of its own in the schedule; Zoho has its hook too."""


def cross_checks(data: Data) -> Iterator[Finding]:
    """Every such mistake in the whole config."""
    yield from _repeated_names(data)
    yield from _zoho_hosts(data)
    yield from _imports_without_input(data)
    yield from _webhooks_without_a_place(data)
    yield from _webhooks_without_a_listener(data)
    yield from _notifications_without_an_address(data)
    yield from _unknown_sources(data)
    yield from _unknown_follow_ups(data)
    yield from _templates(data)
    yield from _people(data)
    yield from _login(data)


def _repeated_names(data: Data) -> Iterator[Finding]:
    seen: set[str] = set()
    for place, connection in _connections(data):
        name = connection.get("name")
        if isinstance(name, str) and name in seen:
            yield Finding((*place, "name"), "another connection has this name already")
        if name in _TAKEN:
            yield Finding((*place, "name"), f"{name} is a name of our own", "take another, such as the vendor's")
        seen.add(str(name))


def _zoho_hosts(data: Data) -> Iterator[Finding]:
    zoho = data.get("zoho")
    if not isinstance(zoho, dict) or zoho.get("data_center") or (zoho.get("accounts_url") and zoho.get("api_url")):
        return
    yield Finding(
        ("zoho", "data_center"), "is needed", f"{', '.join(get_args(DataCenter))}; or both accounts_url and api_url"
    )


def _imports_without_input(data: Data) -> Iterator[Finding]:
    for place, connection in _connections(data):
        if connection.get("kind") == "import" and not (connection.get("path") or connection.get("webhook")):
            yield Finding((*place, "path"), "is needed", "a folder or a file, or a webhook")


def _webhooks_without_a_place(data: Data) -> Iterator[Finding]:
    """Pushed rows wait in a file: beside the path, else beside a database that is a file."""
    database = str(data.get("database", "sqlite:///activity-sync.db"))
    if database.startswith("sqlite:///") and database != "sqlite:///:memory:":
        return
    for place, connection in _connections(data):
        if connection.get("kind") == "import" and connection.get("webhook") and not connection.get("path"):
            yield Finding(
                (*place, "path"), "is needed", "a folder beside which pushed rows wait, as the database is no file"
            )


def _webhooks_without_a_listener(data: Data) -> Iterator[Finding]:
    if _dict(data.get("web")).get("listen", "") is not None:
        return
    for place, connection in _connections(data):
        if connection.get("webhook"):
            yield Finding((*place, "webhook"), "nothing can come, as web.listen is null", "set web.listen")


def _notifications_without_an_address(data: Data) -> Iterator[Finding]:
    web, hint = _dict(data.get("web")), "set web.public_url and web.listen"
    if web.get("public_url") and web.get("listen", "") is not None:
        return
    if _dict(data.get("zoho")).get("notifications") is True:
        yield Finding(("zoho", "notifications"), "Zoho must be able to reach us", hint)
    for place, calendar in _items(data, "calendars"):
        if calendar.get("push") is True and not is_off(calendar.get("enabled", True)):
            yield Finding((*place, "push"), "the vendor must be able to reach us", hint)


def _unknown_sources(data: Data) -> Iterator[Finding]:
    known = {str(connection.get(key)) for _, connection in _connections(data) for key in ("name", "kind")}
    for place, when in _conditions(data):
        for at, name in _listed(when, "source"):
            if name not in known:
                yield Finding((*place, *at), "no calendar or dialer has this name", nearest(name, known))


def _unknown_follow_ups(data: Data) -> Iterator[Finding]:
    known = _dict(data.get("follow_ups"))
    for place, then in _thens(data):
        for at, name in _listed(then, "follow_ups"):
            if name not in known:
                yield Finding((*place, *at), "no follow-up has this name", nearest(name, known))


def _templates(data: Data) -> Iterator[Finding]:
    for place, template in _texts(data):
        if isinstance(template, str):
            yield from (Finding(place, message, hint) for message, hint in mistakes(template))


def _texts(data: Data) -> Iterator[tuple[Place, object]]:
    for place, then in _thens(data):
        yield from (((*place, key), then.get(key)) for key in ("subject", "description"))
        for module, fields in _dict(then.get("fields")).items():
            for name, value in _dict(fields).items():
                yield (*place, "fields", module, name), value
                listed = value if isinstance(value, list) else []
                yield from (((*place, "fields", module, name, index), one) for index, one in enumerate(listed))
    for name, follow_up in _dict(data.get("follow_ups")).items():
        yield ("follow_ups", name, "subject"), _dict(follow_up).get("subject")


def _people(data: Data) -> Iterator[Finding]:
    """What can never be filled, and records that Zoho would take without a name."""
    people, accounts = _dict(data.get("people")), _dict(data.get("accounts"))
    given = {name for key in ("mapping", "defaults") for name in _names(people.get(key))}
    usual = set(People().mapping) | set(People().defaults)
    named = given | (
        usual if "mapping" not in people else set(People().defaults) if "defaults" not in people else set()
    )
    for index, name in enumerate(found if isinstance(found := people.get("when_exists"), list) else []):
        if isinstance(name, str) and name not in named:
            place = ("people", "when_exists", index)
            yield Finding(place, "neither mapping nor defaults says what to write there", nearest(name, named))
    if people.get("create", "none") != "none" and "mapping" in people and "Last_Name" not in given:
        yield Finding(("people", "mapping"), "Last_Name is needed: Zoho takes nobody without", "Last_Name: last_name")
    if accounts.get("create") is True and "mapping" in accounts and "Account_Name" not in _names(accounts["mapping"]):
        yield Finding(("accounts", "mapping"), "Account_Name is needed: Zoho takes no account without")
    if not data.get("dialers"):
        yield from _unknown_person_sources(people, accounts)


def _unknown_person_sources(people: Data, accounts: Data) -> Iterator[Finding]:
    """Without a dialer there are no keys but our own."""
    for section, mapping in (("people", people.get("mapping")), ("accounts", accounts.get("mapping"))):
        for field, sources in mapping.items() if isinstance(mapping, dict) else ():
            for source in sources if isinstance(sources, list) else [sources]:
                if isinstance(source, str) and source not in SOURCES:
                    yield Finding((section, "mapping", field), "is no source of a meeting", nearest(source, SOURCES))


def _names(value: object) -> set[str]:
    """The fields of a mapping, in either form."""
    if isinstance(value, str):
        return {pair.partition("=")[0].strip() for pair in value.split(",")}
    return {str(name) for name in value} if isinstance(value, dict) else set()


def _login(data: Data) -> Iterator[Finding]:
    web = _dict(data.get("web"))
    listen = web.get("listen")
    if not isinstance(listen, str) or web.get("login"):
        return
    try:
        parts = urlsplit(f"//{listen}")
        host = parts.hostname if parts.port is not None else None
    except ValueError:
        return
    if host and not is_loopback(host):
        yield Finding(("web", "login"), "is needed when web.listen is not this machine itself")


def _connections(data: Data) -> Iterator[tuple[Place, Data]]:
    for section in ("calendars", "dialers"):
        yield from _items(data, section)


def _conditions(data: Data) -> Iterator[tuple[Place, Data]]:
    for place, activity_type in _items(data, "activity_types"):
        yield (*place, "when"), _dict(activity_type.get("when"))
    for name, follow_up in _dict(data.get("follow_ups")).items():
        yield ("follow_ups", name, "when"), _dict(_dict(follow_up).get("when"))


def _thens(data: Data) -> Iterator[tuple[Place, Data]]:
    for place, activity_type in _items(data, "activity_types"):
        yield (*place, "then"), _dict(activity_type.get("then"))


def _items(data: Data, section: str) -> Iterator[tuple[Place, Data]]:
    items = data.get(section)
    for index, item in enumerate(items if isinstance(items, list) else []):
        if isinstance(item, dict):
            yield (section, index), item


def _listed(holder: Data, key: str) -> Iterator[tuple[Place, str]]:
    """The texts of a key that takes one value or a list."""
    value = holder.get(key)
    if isinstance(value, str):
        yield (key,), value
    for index, item in enumerate(value if isinstance(value, list) else []):
        if isinstance(item, str):
            yield (key, index), item


def _dict(value: object) -> Data:
    return value if isinstance(value, dict) else {}
