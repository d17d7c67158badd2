"""Zoho's nine regions and their addresses (zoho.md 1.1). Canada lives on zohocloud; the UK is not confirmed for CRM."""

from __future__ import annotations

from dataclasses import dataclass

from activity_sync.model.settings import Zoho


@dataclass(frozen=True, slots=True)
class Hosts:
    """Scheme and host of the accounts server and of the API. `fixed`: no other host is ever contacted."""

    accounts: str
    api: str
    fixed: bool = False


DATA_CENTERS = {
    "us": Hosts("https://accounts.zoho.com", "https://www.zohoapis.com"),
    "eu": Hosts("https://accounts.zoho.eu", "https://www.zohoapis.eu"),
    "in": Hosts("https://accounts.zoho.in", "https://www.zohoapis.in"),
    "au": Hosts("https://accounts.zoho.com.au", "https://www.zohoapis.com.au"),
    "jp": Hosts("https://accounts.zoho.jp", "https://www.zohoapis.jp"),
    "cn": Hosts("https://accounts.zoho.com.cn", "https://www.zohoapis.com.cn"),
    "ca": Hosts("https://accounts.zohocloud.ca", "https://www.zohoapis.ca"),
    "sa": Hosts("https://accounts.zoho.sa", "https://www.zohoapis.sa"),
    "uk": Hosts("https://accounts.zoho.uk", "https://www.zohoapis.uk"),
}


def hosts(zoho: Zoho) -> Hosts:
    """The addresses of this config: its own URLs before those of its data center.

    Raises ValueError when the config names neither (its check has refused that before).
    """
    region = DATA_CENTERS.get(zoho.data_center or "")
    accounts = zoho.accounts_url or (region.accounts if region else "")
    api = zoho.api_url or (region.api if region else "")
    if not accounts or not api:
        raise ValueError("zoho needs data_center, or both accounts_url and api_url")
    return Hosts(accounts, api, fixed=bool(zoho.accounts_url or zoho.api_url))


def is_zohos(host: str) -> bool:
    """Whether `https://…` names an API host of Zoho: only there may a token answer send us."""
    scheme, _, name = host.partition("://")
    ends = tuple(region.api.removeprefix("https://www.") for region in DATA_CENTERS.values())
    return scheme == "https" and any(name == end or name.endswith(f".{end}") for end in ends)
