"""What `people` and `accounts` can never mean is refused, with line, key and the nearest that would do."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.config.builders import settings_of, told


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"people.when_exists": ["Phonee"]}, 'people.when_exists[0]: neither mapping.*did you mean "Phone"'),
        ({"people.create": "Leads", "people.mapping": {"Email": "email"}}, "people.mapping: Last_Name is needed"),
        ({"accounts.create": True, "accounts.mapping": {"Website": "domain"}}, "accounts.mapping: Account_Name is"),
        ({"people.mapping": {"Last_Name": "last_nam"}}, 'people.mapping.Last_Name: is no.*did you mean "last_name"'),
        ({"people.mapping": "Last_Name"}, "people.mapping: must read"),
    ],
)  # fmt: skip
def test_what_can_never_be_filled_is_refused(tmp_path: Path, changes: dict[str, Any], said: str) -> None:
    (line,) = told(tmp_path, changes)
    assert re.search(said.replace("[", r"\[").replace("]", r"\]"), line), line


def test_the_one_line_form_says_the_same_as_the_long_one(tmp_path: Path) -> None:
    long = {"Last_Name": ["last_name", "email_local_part"], "Phone": ["phone", "mobile"]}
    short = "Last_Name=last_name, Last_Name=email_local_part,Phone=phone,Phone=mobile"
    one, other = (settings_of(tmp_path, {"people.mapping": mapping}).people for mapping in (long, short))
    assert one == other


def test_a_dialers_own_keys_may_be_sources(tmp_path: Path) -> None:
    spool = {"name": "pbx", "kind": "import", "path": "spool"}
    changes = {"dialers": [spool], "people.mapping": {"Last_Name": "last_name", "Rating": "stars"}}
    assert told(tmp_path, changes) == []
