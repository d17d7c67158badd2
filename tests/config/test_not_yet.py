"""What later work brings is refused, never ignored."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.config.builders import AIRCALL, GOOGLE, told

MICROSOFT = {"name": "m365", "kind": "microsoft", "tenant_id": "t", "client_id": "c", "client_secret": "s"}
SPOOL = {"name": "pbx", "kind": "import", "path": "spool"}


@pytest.mark.parametrize(
    ("key", "changes"),
    [
        ("engine", {"engine": "procrastinate"}),
    ],
)  # fmt: skip
def test_what_needs_later_work_is_refused(tmp_path: Path, key: str, changes: dict[str, Any]) -> None:
    (line,) = told(tmp_path, changes)
    assert line.startswith(f"{key}: not available yet; ")


def test_defaults_are_never_refused(tmp_path: Path) -> None:
    defaults = {
        "zoho.notifications": True,
        "people": {"create": "none", "fill_empty": False, "when_exists": []},
        "accounts.create": False,
        "meetings": {"participants": False, "one_activity_per": "meeting"},
        "web": {"listen": "127.0.0.1:8321", "public_url": "https://sync.acme.example", "login": None},
        "alerts": {"silent_after": "3 business days", "webhook": None},
        "engine": "embedded",
        "calendars": [{**GOOGLE, "push": False, "reps": "all"}, MICROSOFT],
        "dialers": [AIRCALL, {**SPOOL, "webhook": {"secret": "s"}}],
    }
    assert told(tmp_path, defaults) == []


def test_a_disabled_connection_may_wait_for_later_work(tmp_path: Path) -> None:
    for off in (False, "off", "${OFF:-false}"):
        assert told(tmp_path, {"calendars": [{**GOOGLE, "push": True, "enabled": off}]}) == []
