"""Addresses behind which nobody in particular sits: role addresses, lists, bots, rooms. They never become people."""

from __future__ import annotations

import re

from activity_sync.model.addresses import domain_of
from activity_sync.rules.sides import domains_hold

_ROLE_WORDS = (
    "abuse accounting accounts admin administrator all auftrag bestellung billing booking bookings "
    "calendar calendars careers comercial conference contact contacto customerservice dispatch donotreply "
    "einkauf enquiries enquiry events everyone facilities feedback finance frontdesk hello help helpdesk "
    "hi hostmaster hr info information inquiries invoice invoices it jobs kontakt legal list mail mailbox "
    "mailerdaemon marketing media meeting meetings newsletter noreply notification notifications office "
    "operations orders payments postmaster press privacy purchasing reception recruiting recruitment "
    "reservations root sales security service services staff subscribe support team tech training "
    "unsubscribe vertrieb webmaster welcome"
)
_ROLES = frozenset(_ROLE_WORDS.split(" "))

_BOT_DOMAINS = (
    *("avoma.com", "calendly.com", "chorus.ai", "fathom.video", "fireflies.ai", "gong.io", "grain.com", "hubspot.com"),
    *("jiminny.com", "meetgeek.ai", "otter.ai", "read.ai", "sembly.ai", "supernormal.com", "tldv.io", "x.ai"),
)
_LIST_DOMAINS = ("googlegroups.com", "groups.io", "groups.google.com", "yahoogroups.com")
_LISTS = re.compile(r"(^|[._-])(list|lists|group|groups|verteiler|distribution|dl)([._-]|$)|^(bounce|owner)[._+-]")
_ROOMS = re.compile(
    r"(^|[._-])(room|rooms|resource|projector|boardroom|meetingroom|conferenceroom)([._-]?\d*)([._-]|$)"
)
_BOTS = re.compile(r"note[ ._-]?taker|(^|[\s._-])(bot|recorder|assistant ai|ai assistant)([\s._-]|$)")


def nobody(email: str, name: str = "") -> str:
    """What this address (comparable) is if it is nobody in particular: the end of "It is …"; "" for a person."""
    local, domain = email.rpartition("@")[0], domain_of(email)
    plain = local.partition("+")[0]
    if domains_hold(_BOT_DOMAINS, domain) or _BOTS.search(local) or _BOTS.search(name.casefold()):
        return "a bot"
    if domains_hold(_LIST_DOMAINS, domain) or domain.startswith(("lists.", "groups.")) or _LISTS.search(plain):
        return "a mailing list"
    if _ROOMS.search(plain):
        return "a room"
    return "a role address" if plain.replace("-", "").replace(".", "").replace("_", "") in _ROLES else ""
