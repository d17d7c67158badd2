"""Who stands at an end of a leg: a number, a client, a SIP address, a SIM (dialers.md 2.4, 2.5). Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote

from activity_sync.model.addresses import NumberKind, comparable_email, read_number
from activity_sync.model.our_ends import OurEnds

_DEVICES = ("client:", "sim:")
_NUMBER = re.compile(r"\+?[0-9]{7,18}")


@dataclass(frozen=True, slots=True)
class Party:
    """One end. `number`: the telephone number, "" for a device. `rep`: whose it is; "" when that is not known.

    `ours`: a device of ours, a rep's own telephone or one of our lines; any other number is outside.
    """

    raw: str
    number: str = ""
    rep: str = ""
    ours: bool = False


def to_party(raw: str, ends: OurEnds) -> Party:
    """Who it is, as far as the config tells."""
    scheme = raw.partition(":")[0].casefold()
    if raw.casefold().startswith(_DEVICES):
        return Party(raw, rep=_device_rep(raw, ends), ours=True)
    if scheme in {"sip", "sips"}:
        return _sip(raw, ends)
    return _number(raw, raw, ends) if raw else Party("")


def _device_rep(raw: str, ends: OurEnds) -> str:
    """By the whole name, by the part behind the colon, or because a client is called by its user's e-mail."""
    identity = unquote(raw.partition(":")[2])
    return ends.extension_rep(raw) or ends.extension_rep(identity) or comparable_email(identity)


def _sip(raw: str, ends: OurEnds) -> Party:
    """A trunk's address holds a number; any other is a telephone of ours."""
    address = re.split(r"[;?]", raw)[0]
    user = unquote(address.partition(":")[2].rpartition("@")[0])
    rep = ends.extension_rep(address) or ends.extension_rep(address.partition(":")[2]) or ends.extension_rep(user)
    if rep:
        return Party(raw, rep=rep, ours=True)
    if _NUMBER.fullmatch(user) or read_number(user, ends.region).kind is NumberKind.WITHHELD:
        return _number(raw, user, ends)
    return Party(raw, ours=True)


def _number(raw: str, number: str, ends: OurEnds) -> Party:
    rep = ends.extension_rep(number)
    return Party(raw, number, rep, ours=bool(rep) or ends.has(number))
