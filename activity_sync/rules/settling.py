"""How long after its end an interaction rests before it is over for good."""

from __future__ import annotations

from datetime import timedelta

from activity_sync.model.interactions import Interaction, Meeting
from activity_sync.model.settings import Settings


def settle(interaction: Interaction, settings: Settings) -> timedelta:
    """`meetings.settle`; for a call its dialer's own wait, else `calls.settle`."""
    if isinstance(interaction, Meeting):
        return settings.meetings.settle
    for dialer in settings.dialers:
        if dialer.name == interaction.source:
            return settings.calls.settle if dialer.settle is None else dialer.settle
    return settings.calls.settle
