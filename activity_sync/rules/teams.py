"""Who is ours, from the config and Zoho's users."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from activity_sync.model.addresses import comparable_domain, comparable_email, read_number
from activity_sync.model.records import User
from activity_sync.model.settings import Settings
from activity_sync.model.team import Team


def team_of(settings: Settings, users: Iterable[User]) -> Team:
    """The team: Zoho's users, and what the config adds to them."""
    return Team(
        users={user.email: user for user in users if user.email},
        aliases={comparable_email(alias): comparable_email(home) for alias, home in settings.team.aliases.items()},
        domains=frozenset(comparable_domain(domain) for domain in settings.team.domains),
        numbers=frozenset(_own_numbers(settings)),
        default_owner=comparable_email(settings.team.default_owner or ""),
    )


def _own_numbers(settings: Settings) -> Iterator[str]:
    for raw in settings.team.numbers:
        yield from _e164(raw, settings.default_region)
    for dialer in settings.dialers:
        for raw in dialer.lines:
            yield from _e164(raw, dialer.region or settings.default_region)


def _e164(raw: str, region: str) -> Iterator[str]:
    number = read_number(raw, region)
    if number.e164:
        yield number.e164
