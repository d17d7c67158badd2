"""Countries as people type them into Zoho, for the region of the numbers of that record."""

from __future__ import annotations

import unicodedata

from activity_sync.model.settings.countries import COUNTRIES

_NUMBERED_APART = frozenset({"AC", "TA"})
"""Ascension and Tristan da Cunha: numbering plans of their own, but no ISO codes."""

_NAMES = """
AC ascension island; AD andorra; AE united arab emirates|uae|emirates; AF afghanistan; AG antigua and barbuda|antigua
AI anguilla; AL albania; AM armenia; AO angola; AR argentina; AS american samoa; AT austria|österreich; AU australia
AW aruba; AX åland islands|åland; AZ azerbaijan; BA bosnia and herzegovina|bosnia; BB barbados; BD bangladesh
BE belgium|belgië|belgique; BF burkina faso; BG bulgaria; BH bahrain; BI burundi; BJ benin; BL saint barthélemy
BM bermuda; BN brunei|brunei darussalam; BO bolivia|bolivia, plurinational state of; BQ bonaire; BR brazil|brasil
BS bahamas|the bahamas; BT bhutan; BW botswana; BY belarus; BZ belize; CA canada; CC cocos (keeling) islands
CD democratic republic of the congo|congo, the democratic republic of the|dr congo; CF central african republic
CG congo|republic of the congo; CH switzerland|schweiz|suisse|svizzera
CI côte d'ivoire|ivory coast; CK cook islands; CL chile; CM cameroon
CN china|people's republic of china; CO colombia; CR costa rica; CU cuba; CV cape verde|cabo verde; CW curaçao
CX christmas island; CY cyprus; CZ czech republic|czechia|česko; DE germany|deutschland|allemagne; DJ djibouti
DK denmark|danmark; DM dominica; DO dominican republic; DZ algeria; EC ecuador; EE estonia; EG egypt; EH western sahara
ER eritrea; ES spain|españa; ET ethiopia; FI finland|suomi; FJ fiji; FK falkland islands|falkland islands (malvinas)
FM micronesia|micronesia, federated states of; FO faroe islands; FR france; GA gabon
GB united kingdom|uk|u.k.|great britain|britain|england|scotland|wales|northern ireland; GD grenada; GE georgia
GF french guiana; GG guernsey; GH ghana; GI gibraltar; GL greenland; GM gambia|the gambia; GN guinea; GP guadeloupe
GQ equatorial guinea; GR greece|hellas; GT guatemala; GU guam; GW guinea-bissau; GY guyana; HK hong kong|hong kong sar
HN honduras; HR croatia|hrvatska; HT haiti; HU hungary|magyarország; ID indonesia
IE ireland|republic of ireland|éire; IL israel; IM isle of man; IN india; IO british indian ocean territory; IQ iraq
IR iran|iran, islamic republic of; IS iceland|ísland; IT italy|italia; JE jersey; JM jamaica; JO jordan; JP japan
KE kenya; KG kyrgyzstan; KH cambodia; KI kiribati; KM comoros; KN saint kitts and nevis|st. kitts and nevis
KP north korea|korea, democratic people's republic of; KR south korea|korea|republic of korea|korea, republic of
KW kuwait; KY cayman islands; KZ kazakhstan; LA laos|lao people's democratic republic; LB lebanon
LC saint lucia|st. lucia; LI liechtenstein; LK sri lanka; LR liberia; LS lesotho; LT lithuania; LU luxembourg; LV latvia
LY libya; MA morocco|maroc; MC monaco; MD moldova|moldova, republic of; ME montenegro; MF saint martin; MG madagascar
MH marshall islands; MK north macedonia|macedonia; ML mali; MM myanmar|burma; MN mongolia; MO macao|macau
MP northern mariana islands; MQ martinique; MR mauritania; MS montserrat; MT malta; MU mauritius; MV maldives; MW malawi
MX mexico|méxico; MY malaysia; MZ mozambique; NA namibia; NC new caledonia; NE niger; NF norfolk island; NG nigeria
NI nicaragua; NL netherlands|the netherlands|holland|nederland; NO norway|norge; NP nepal; NR nauru; NU niue
NZ new zealand; OM oman; PA panama|panamá; PE peru|perú; PF french polynesia; PG papua new guinea; PH philippines
PK pakistan; PL poland|polska; PM saint pierre and miquelon; PR puerto rico; PS palestine|palestine, state of
PT portugal; PW palau; PY paraguay; QA qatar; RE réunion; RO romania|românia; RS serbia|srbija
RU russia|russian federation; RW rwanda; SA saudi arabia; SB solomon islands; SC seychelles; SD sudan
SE sweden|sverige; SG singapore; SH saint helena; SI slovenia|slovenija; SJ svalbard and jan mayen
SK slovakia|slovensko; SL sierra leone; SM san marino; SN senegal; SO somalia; SR suriname; SS south sudan
ST são tomé and príncipe; SV el salvador; SX sint maarten; SY syria|syrian arab republic; SZ eswatini|swaziland
TA tristan da cunha; TC turks and caicos islands; TD chad; TG togo; TH thailand; TJ tajikistan; TK tokelau
TL timor-leste|east timor; TM turkmenistan; TN tunisia; TO tonga; TR turkey|türkiye; TT trinidad and tobago; TV tuvalu
TW taiwan|taiwan, province of china; TZ tanzania|tanzania, united republic of; UA ukraine; UG uganda
US united states|united states of america|usa|u.s.a.|u.s.|america; UY uruguay; UZ uzbekistan
VA vatican|vatican city|holy see; VC saint vincent and the grenadines; VE venezuela|venezuela, bolivarian republic of
VG british virgin islands|virgin islands, british; VI u.s. virgin islands|virgin islands, u.s.|us virgin islands
VN vietnam|viet nam; VU vanuatu; WF wallis and futuna; WS samoa; XK kosovo; YE yemen; YT mayotte; ZA south africa
ZM zambia; ZW zimbabwe
"""


def region_of(country: str) -> str:
    """The ISO 3166 code of a country as typed (a code, an English name, often its own); "" when it is not known.

    Case and accents do not matter, nor does "&" for "and".
    """
    text = country.strip()
    code = text.upper()
    return code if code in COUNTRIES or code in _NUMBERED_APART else _CODES.get(_folded(text), "")


def _folded(name: str) -> str:
    bases = (sign for sign in unicodedata.normalize("NFKD", name) if not unicodedata.combining(sign))
    return " ".join("".join(bases).casefold().replace("&", " and ").split())


_ENTRIES = [entry.strip() for line in _NAMES.splitlines() for entry in line.split(";") if entry.strip()]
_CODES = {_folded(name): entry[:2] for entry in _ENTRIES for name in entry[3:].split("|")}
