"""How many interactions a core judges in a second, shadow look-ups apart: `python -m bench.judgement [COUNT]`."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from typing import Any

from activity_sync.model.decisions import Surroundings
from activity_sync.model.interactions import Interaction, Outcome
from activity_sync.rules.differences import differ
from activity_sync.rules.judgement import judge
from activity_sync.rules.lookups import lookups
from tests import builders as b

TYPES: list[dict[str, Any]] = [
    {"name": "Discovery", "when": {"kind": "meeting", "title": ["discovery", "intro call"]},
     "then": {"subject": "Discovery: {{ company }} with {{ rep.first_name }}", "follow_ups": ["recap"]}},
    {"name": "Missed", "when": {"kind": "call", "outcome": ["missed"]}, "then": {"follow_ups": ["call-back"]}},
    {"name": "Demo", "when": {"title": [r"re:(?i)\b(demo|walk-?through)\b"]}, "then": {"tags": ["demo"]}},
    {"name": "Other", "when": {}, "then": {"subject": "{{ title }}", "description": "{{ notes }}"}},
]  # fmt: skip
FOLLOW_UPS = {
    "recap": {"subject": "Recap to {{ contact.first_name or company }}", "when": {"outcome": "held"}},
    "call-back": {"subject": "Call back {{ who }}", "due": "4 business hours", "remind": True},
}


def judged_per_second(count: int) -> float:
    """Judged, planned and compared, one after the other."""
    settings = b.settings(activity_types=TYPES, follow_ups=FOLLOW_UPS)
    team = b.a_team(*(b.a_user(f"rep{number}@acme.example") for number in range(50)), b.a_user())
    deals = [b.a_deal(modified=b.NOON, contact_id="sam"), b.a_deal("small", modified=b.NOON)]
    shadow = b.a_shadow(b.a_contact(), b.an_account(), *deals, numbers={"+442079460958": [b.a_contact()]})
    around = Surroundings(now=b.at(days=3), team=team, org=b.an_org(), candidates=shadow)
    work = _work(count)
    for what in work[:6]:  # libraries are loaded, templates compiled
        lookups(what, team, settings)
        judge(what, around, settings)
    begun = time.process_time()
    for what in work:
        lookups(what, team, settings)
        found = judge(what, around, settings)
        differ(found.wanted, found.withdraw, ())
    return count / (time.process_time() - begun)


def _work(count: int) -> Sequence[Interaction]:
    titles = ("Intro call", "Product demo", "Weekly")
    calls = (Outcome.ANSWERED, Outcome.MISSED)
    return [
        b.a_call(key=f"c-{number}", outcome=calls[number % 2])
        if number % 3 == 0
        else b.a_meeting(key=f"m-{number}", title=titles[number % 3], notes="Agenda " * 20)
        for number in range(count)
    ]


if __name__ == "__main__":
    print(f"{judged_per_second(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000):,.0f} judged per second and core")
