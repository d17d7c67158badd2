"""What an invitation's text holds: the agenda as plain text, the link to join, and what is nobody else's business.

Every calendar reads texts through this. Facts on links and redirectors: calendars.md E1; on what must go: F4.
"""

from __future__ import annotations

import hashlib
import html
import re
from datetime import date
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit, urlunsplit

LONGEST = 30_000
"""Characters of an agenda that are kept: Zoho's 32,000, less what a template may put around it."""

_REMEMBERED = 30_000
_AGENDAS: dict[tuple[bytes, bool], str] = {}
"""Every round reads the same texts, and reading HTML takes most of its time. Private ones never come here."""

_READ = 200_000  # an outsider can send megabytes; nobody reads beyond this
_LINE = 2_000  # patterns look at no longer line than this


def clean(text: str) -> str:
    """The text without characters that no database or JSON can hold."""
    kept = _UNWANTED.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return kept.encode("utf-8", "replace").decode("utf-8")


def one_line(text: str, longest: int = 1_000) -> str:
    """The text cleaned, in one line, cut."""
    return " ".join(clean(text[: 2 * longest]).split())[:longest]


def agenda(raw: str, *, plain: bool = False) -> str:
    """The agenda in `raw` as plain text, without joining instructions, PINs and links to join.

    `plain`: it is surely no HTML, but links may stand in angle brackets behind their words, as Outlook writes them.
    """
    if not raw:
        return ""
    name = (hashlib.sha256(raw[:_READ].encode("utf-8", "replace")).digest(), plain)
    found = _AGENDAS.get(name)
    if found is None:
        found = _agenda(raw, plain=plain)
        if len(_AGENDAS) >= _REMEMBERED:
            _AGENDAS.clear()
        _AGENDAS[name] = found
    return found


def _agenda(raw: str, *, plain: bool) -> str:
    text = _BRACKETED.sub(r" (\1)", clean(raw[:_READ])) if plain else plain_text(raw)
    return _without_joining(_unwrapped(text))[:LONGEST].strip()


def place(raw: str) -> str:
    """A location in one line, without links to join and passcodes; "" when it held nothing else."""
    return one_line(_scrubbed(_unwrapped(html.unescape(raw[:_LINE]))))


def plain_text(raw: str) -> str:
    """Plain text of plain text or HTML; links in HTML are kept behind their words. Cut at 200,000 characters."""
    text = clean(raw[:_READ])
    if not _HTML.search(text):
        return text
    if not _BREAKS.search(text):  # a few tags in a text with real line ends
        text = text.replace("\n", "<br>")
    return _of_html(text)


def says(word: str, *raws: str) -> bool:
    """Whether the word stands in one of these texts, any case, also across tags."""
    return any(word.casefold() in html.unescape(_TAG.sub("", raw)).casefold() for raw in raws)


def joining_link(*raws: str) -> str:
    """The first link to a video meeting in these texts, without its passcode; "" without one."""
    for raw in raws:
        if found := _JOINING.search(_unwrapped(html.unescape(raw[:_READ]))):
            return without_passcode(found[0])
    return ""


def without_passcode(url: str) -> str:
    """A link without the parts of its query that open the door; "" when it is no http link."""
    try:
        parts = urlsplit(url.strip().rstrip(".,;"))
        query = [(name, value) for name, value in parse_qsl(parts.query) if name.lower() not in _PASSCODES]
    except ValueError:
        return ""
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        return ""
    return one_line(urlunsplit((parts.scheme, parts.netloc, parts.path, urlencode(query), "")))


def comparable_uid(raw: str) -> str:
    """A meeting's uid, the same for every occurrence and whichever system tells it.

    Exchange writes the day of an occurrence into its ids and wraps foreign ones; both are undone (calendars.md F2).
    """
    uid = clean(raw).strip()
    upper = uid.upper()
    if not upper.startswith(_EXCHANGE) or len(upper) < 80 or not _HEX.fullmatch(upper):
        return uid
    data = bytes.fromhex(upper[80:])
    if data.startswith(b"vCal-Uid\x01\x00\x00\x00"):
        return clean(data[12:].rstrip(b"\0").decode("utf-8", "replace"))
    return upper[:32] + "00000000" + upper[40:]


def day_in_uid(raw: str) -> str:
    """The day (YYYY-MM-DD) that Exchange wrote into the uid of one occurrence; "" without one."""
    upper = clean(raw).strip().upper()
    if not upper.startswith(_EXCHANGE) or len(upper) < 80 or not _HEX.fullmatch(upper):
        return ""
    try:
        return date(int(upper[32:36], 16), int(upper[36:38], 16), int(upper[38:40], 16)).isoformat()
    except ValueError:
        return ""


_UNWANTED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b\u2028\u2029\ufeff]")
_HTML = re.compile(r"</?[a-zA-Z][^<>]{0,2000}>|&(?:[a-zA-Z]{2,8}|#\d{1,6}|#x[0-9a-fA-F]{1,6});")
_BREAKS = re.compile(r"<(?:br|p|div|li|tr|h[1-6]|table|ul|ol)\b", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")
_BRACKETED = re.compile(r" ?<((?:https?|mailto|tel):[^<>\s]*)>", re.IGNORECASE)
_EXCHANGE = "040000008200E00074C5B7101A82E008"
_HEX = re.compile(r"(?:[0-9A-F]{2})+")
_PASSCODES = frozenset({"pwd", "p", "passcode", "password", "pin", "tk", "token", "zak"})

_REST = r"[^\s<>\"')\]]"
_JOINING = re.compile(
    rf"https?://(?:"
    rf"(?:[\w-]+\.)*(?:zoom\.us|zoom\.com|zoomgov\.com|zoom\.com\.cn)/(?:j|w|my|wc/join|wc)/{_REST}+"
    rf"|(?:[\w-]+\.)*(?:teams\.microsoft\.(?:com|us)|teams\.cloud\.microsoft)/(?:l/meetup-join/|meet/|_#/l/meetup-join/){_REST}+"
    rf"|teams\.live\.com/meet/{_REST}+"
    rf"|meet\.google\.com/(?:[a-z]{{3}}-[a-z]{{4}}-[a-z]{{3}}|lookup/[\w-]+)\b{_REST}*"
    rf"|[\w-]+\.webex\.com/(?:meet/|join/|[\w-]+/j\.php\?MTID=|wbxmjs/joinservice/|m/|webappng/){_REST}+"
    rf")",
    re.IGNORECASE,
)
_SECRET_LINK = re.compile(
    rf"https?://(?:{_REST}{{0,400}}[?&](?:pwd|passcode|password|pin|zak)={_REST}*"
    rf"|(?:[\w-]+\.)*(?:zoom\.us|zoom\.com|zoomgov\.com)/(?:s|u)/{_REST}+"
    rf"|tel\.meet/{_REST}+|dialin\.teams\.microsoft\.com/{_REST}+|aka\.ms/JoinTeamsMeeting{_REST}*)",
    re.IGNORECASE,
)
_REDIRECT = re.compile(
    rf"https?://(?:[\w-]+\.safelinks\.protection\.outlook\.com/|(?:www\.)?google\.com/url\?"
    rf"|urldefense(?:\.proofpoint)?\.com/){_REST}+",
    re.IGNORECASE,
)

_NUMBERED = (
    r"(?:meeting|webinar|conference|phone conference|video conference|besprechungs|konferenz|telefonkonferenz|vergader)"
    r"[ -]?(?:id|number|no)|id (?:de )?(?:la )?(?:réunion|reunión|riunione|reunião)"
)
_WORDS = (
    r"passcode|pass ?code|password|pin(?: code)?|access code|host key|tenant key|video id|kenncode|kennwort|passwort"
    r"|code secret|mot de passe|code d.accès|código de acceso|contraseña|wachtwoord|codice d.accesso|senha"
)
_LABELLED = re.compile(
    rf"\b(?:{_NUMBERED}|{_WORDS})\b(?: ?\([^)\n]{{0,40}}\))?"
    rf"(?:\s{{0,3}}[:=#]\s{{0,3}}[^\s,;()]+(?:[ -]\d[\d#*]*)*|\s{{1,3}}\d[\d -]{{3,20}}#?)",
    re.IGNORECASE,
)
_DIALLED = re.compile(r"\+?\d[\d\s().-]{5,20}\d,{1,3}[\d,#*]+")
_HEADING = re.compile(
    r"(?:click here to |how to )?join (?:zoom|microsoft teams|teams|webex|google meet|with google meet)\b.*"
    r"|(?:click here to |how to )?join (?:the |this |a |your )?(?:meeting|call|webinar|conference)\b.{0,80}"
    r"|join (?:by|with|from|via|on|in)\b.{0,40}"
    r"|to join (?:the |this |our )?(?:video |zoom |teams )?(?:meeting|call)(?: (?:on|by|with) [\w ]{1,30})?[,:].{0,80}"
    r"|(?:otherwise, )?to join by (?:phone|telephone|dialing in)\b.{0,200}"
    r"|.{0,80} is inviting you to a scheduled zoom \w+.{0,20}"
    r"|(?:microsoft teams|zoom|webex|google meet)(?: meeting| need help\?)?"
    r"|one tap mobile.{0,80}|dial by your location.{0,40}|or call in.{0,60}|dial[- ]in (?:by phone|numbers?)\b.*"
    r"|(?:or )?dial(?:[- ]in)?\s*(?:\([^)]{0,20}\))?\s*[:+(\d].*|find (?:a|your) local number.*|more phone numbers.*"
    r"|learn more (?:about|on) (?:meet|teams)\b.*|meeting options(?: \|.*)?|please do not edit this section\.?"
    r"|reset (?:dial-in )?pin.*|for organizers?:.*|download teams.*|need help\?.*"
    rf"|(?:{_NUMBERED}|{_WORDS})\s*(?:\([^)]{{0,40}}\))?\s*[:=#].*",
    re.IGNORECASE,
)
_LEFTOVER = re.compile(
    r"\W*(?:(?:video )?(?:join|link|url|where|zoom|teams|meet|webex|meeting|call|click here|teilnahme|rejoindre|unirse)"
    r"\W*){0,3}",
    re.IGNORECASE,
)
_SEPARATOR = re.compile(r"\s*[-_~=*:.─━\\]{5,}\s*")
_TELEPHONE = re.compile(r"(?!\d{4}-\d\d-\d\d)\+?[\d(][\d\s().,#*-]{6,}.{0,40}")
_ADDRESS = re.compile(r"(?:sip:|https?://)?[\w.-]+(?:@|/|\.)\S+", re.IGNORECASE)
_DECORATION = re.compile(r"[\[\]*_>•|]|\((?:https?:)?[^)]*\)")
_EMPTY_LINK = re.compile(r"\[([^\]\n]*)\]\(\s*\)|\(\s*\)")
_SAME_LINK = re.compile(r"\[(\S+)\]\(\1/?\)")


def _of_html(text: str) -> str:
    from inscriptis import get_text  # loads an HTML parser: only where HTML is
    from inscriptis.model.config import ParserConfig
    from lxml.etree import LxmlError

    try:
        return clean(str(get_text(text, ParserConfig(display_links=True))))
    except (LxmlError, ValueError, TypeError, IndexError, KeyError, AttributeError, RecursionError):
        return html.unescape(_TAG.sub(" ", text))  # an outsider wrote it: whatever it is, it must not stop us


def _unwrapped(text: str) -> str:
    """The text with redirecting links replaced by where they lead."""
    return _REDIRECT.sub(lambda found: _target(found[0]), text)


def _target(link: str) -> str:
    if "/v3/__" in link:
        return link.partition("/v3/__")[2].partition("__")[0] or link
    asked = dict(parse_qsl(link.partition("?")[2]))
    target = asked.get("url") or asked.get("q") or ""
    if not target and "u" in asked:
        target = unquote(asked["u"].replace("-", "%").replace("_", "/"))
    return target if target.startswith(("http://", "https://")) else link


def _without_joining(text: str) -> str:
    kept: list[str] = []
    held: list[str] = []  # a separator belongs to what follows it
    inside = False
    for line in text.split("\n"):
        bare = " ".join(_DECORATION.sub(" ", line[:_LINE]).split())
        if _SEPARATOR.fullmatch(line):
            held.append(line)
        elif _is_joining(line[:_LINE], bare, inside=inside):
            held, inside = [], True
        elif not bare:
            kept.append("")
        else:
            kept += [*([] if inside else held), _scrubbed(line)]
            held, inside = [], False
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()


def _is_joining(line: str, bare: str, *, inside: bool) -> bool:
    """Whether a line says how to join and nothing else. `inside`: the line before it did."""
    if _HEADING.fullmatch(bare):
        return True
    if inside and (_TELEPHONE.fullmatch(bare) or _ADDRESS.fullmatch(bare)):
        return True
    rest = _scrubbed(line)
    return rest != line.strip() and bool(_LEFTOVER.fullmatch(rest))


def _scrubbed(line: str) -> str:
    """A line without links to join, dial strings and codes."""
    for pattern in (_JOINING, _SECRET_LINK, _DIALLED, _LABELLED):
        line = pattern.sub("", line)
    return _SAME_LINK.sub(r"\1", _EMPTY_LINK.sub(r"\1", line)).strip()
