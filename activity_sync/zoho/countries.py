"""Countries as people type them into Zoho, for the region of the numbers of that record."""

from __future__ import annotations

from activity_sync.model.settings.countries import COUNTRIES

_NAMES = """
AE united arab emirates|uae; AR argentina; AT austria|österreich; AU australia; BE belgium; BG bulgaria
BR brazil|brasil; CA canada; CH switzerland|schweiz|suisse; CL chile; CN china|people's republic of china; CO colombia
CY cyprus; CZ czech republic|czechia; DE germany|deutschland; DK denmark; EE estonia; EG egypt; ES spain|españa
FI finland; FR france; GB united kingdom|uk|u.k.|great britain|britain|england|scotland|wales|northern ireland
GR greece; HK hong kong; HR croatia; HU hungary; ID indonesia; IE ireland|republic of ireland; IL israel; IN india
IS iceland; IT italy|italia; JP japan; KE kenya; KR south korea|korea|republic of korea; LT lithuania; LU luxembourg
LV latvia
MA morocco; MT malta; MX mexico|méxico; MY malaysia; NG nigeria; NL netherlands|the netherlands|holland; NO norway
NZ new zealand; PE peru; PH philippines; PK pakistan; PL poland|polska; PT portugal; QA qatar; RO romania; RS serbia
SA saudi arabia; SE sweden|sverige; SG singapore; SI slovenia; SK slovakia; TH thailand; TR turkey|türkiye; TW taiwan
UA ukraine; US united states|united states of america|usa|u.s.a.|u.s.|america; VN vietnam|viet nam; ZA south africa
"""
_ENTRIES = [entry.strip() for line in _NAMES.splitlines() for entry in line.split(";") if entry.strip()]
_CODES = {name: entry[:2] for entry in _ENTRIES for name in entry[3:].split("|")}


def region_of(country: str) -> str:
    """The ISO 3166 code of a country as typed (a code, or an English name); "" when it is not known."""
    text = country.strip()
    if text.upper() in COUNTRIES:
        return text.upper()
    return _CODES.get(text.casefold(), "")
