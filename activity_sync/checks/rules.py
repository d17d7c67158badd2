"""Do the rules of the config mean what they say?"""

from __future__ import annotations

from collections.abc import Iterator

from activity_sync.checks.check import Check, bad, good
from activity_sync.model.settings import Settings
from activity_sync.rules.contradictions import contradictions


def rule_checks(settings: Settings) -> Iterator[Check]:
    """A line for each rule that contradicts another or can never fit; else one that says so."""
    wrong = contradictions(settings)
    for one in wrong:
        yield bad("rules", f"{one.key}: {one.detail}", one.hint)
    if not wrong:
        yield good("rules", f"{len(settings.activity_types)} activity types, each can fit")
