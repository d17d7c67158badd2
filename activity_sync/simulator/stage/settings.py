"""The config file of the made-up company: what its admin would have written."""

from __future__ import annotations

from typing import Any

from activity_sync.simulator.world.cast import MAX, OPS, SAM
from activity_sync.simulator.world.company import DOMAIN, MAIN_LINE, World

ACTIVITY_TYPES: list[dict[str, Any]] = [
    {
        "name": "Discovery",
        "when": {"kind": "meeting", "title": ["discovery", "intro call"], "target": ["Leads", "Deals"]},
        "then": {"subject": "Discovery: {{ company }} with {{ rep.first_name }}", "follow_ups": ["send-recap"]},
    },
    {
        "name": "Demo",
        "when": {"kind": "meeting", "title": [r"re:(?i)\b(demo|walk-?through)\b"], "minutes": {"min": 20}},
        "then": {"follow_ups": ["send-recap"]},
    },
    {
        "name": "Missed customer call",
        "when": {"kind": "call", "direction": "inbound", "outcome": ["missed", "voicemail"]},
        "then": {"follow_ups": ["call-back"]},
    },
    {"name": "Other", "when": {}, "then": {"subject": "{{ title }}", "description": "{{ notes }}"}},
]
EXTENSIONS = {"201": MAX, "202": SAM}
FOLLOW_UPS: dict[str, dict[str, Any]] = {
    "send-recap": {
        "subject": "Send recap to {{ contact.first_name or company }}",
        "due": "1 business day",
        "priority": "High",
        "owner": "rep",
        "when": {"outcome": "held"},
    },
    "call-back": {
        "subject": "Call back {{ who }} ({{ number }})",
        "due": "4 business hours",
        "priority": "High",
        "owner": "rep",
        "remind": True,
        "close_when_reached": True,
    },
}


def settings(
    world: World, zoho: dict[str, str], calendars: list[dict[str, Any]], aircall: dict[str, str]
) -> dict[str, Any]:
    """config.yaml as a mapping. The last three hold what is particular to each connection: addresses, credentials."""
    lines = {_e164(rep.line): rep.email for rep in world.reps if rep.line}
    return {
        "timezone": "Europe/London",
        "default_region": "GB",
        "zoho": {"name": "Acme", **zoho},
        "team": {"domains": [DOMAIN], "numbers": [_e164(MAIN_LINE), *lines], "default_owner": OPS},
        "calendars": calendars,
        "dialers": [
            {"name": "aircall", "kind": "aircall", "lines": lines, "extensions": EXTENSIONS, **aircall},
            {"name": "workshop", "kind": "import", "path": "spool/calls", "format": "jsonl"},
        ],
        "never": {"match": {"domains": ["calendly.com"]}, "log": {"titles": ["lunch"], "word": "[nolog]"}},
        "activity_types": ACTIVITY_TYPES,
        "follow_ups": FOLLOW_UPS,
        "business_days": {"holidays": "GB", "week": ["mon", "tue", "wed", "thu", "fri"], "hours": "09:00-17:30"},
        "web": {"listen": None},
    }


def _e164(number: str) -> str:
    return number.replace(" ", "")
