"""The Zoho org, its users and the key field."""

from __future__ import annotations

from collections.abc import Sequence

from activity_sync.checks.check import ZOHO, Check, bad, good
from activity_sync.model.records import ACTIVITIES, OrgFacts, SignedIn, User
from activity_sync.model.settings import Settings
from activity_sync.reports.credits import daily_limit
from activity_sync.rules.credits import usable
from activity_sync.rules.teams import team_of

_RESTS = "without it an uncertain write rests for zoho.grace and is looked for before it is sent again"

_NAMED = 5


def org_check(org: OrgFacts, settings: Settings) -> Check:
    """What it is and what that allows."""
    limit = daily_limit(settings, org)
    ours = usable(limit, settings.zoho.credits.keep_free)
    edition = org.edition.capitalize() or "unknown edition"
    detail = (
        f"{org.company or 'the org'}, {edition}, {org.licences} licences:"
        f" {limit:,} credits in 24 hours, {ours:,} of them for us"
    )
    hint = "Free allows little: `activity-sync credits` says whether it will do." if org.edition == "free" else ""
    return good("org", detail, hint, ZOHO)


def signed_in_check(who: SignedIn) -> Check:
    """Whether we see every record."""
    name, person = "zoho user", who.user.email or who.user.full_name
    if who.administrator:
        return good(name, f"{person}, an administrator: every record is seen", about=ZOHO)
    hint = "Connect as an administrator: people on records that this user does not see count as unknown."
    return bad(name, f"{person} is no administrator", hint, ZOHO)


def users_check(users: Sequence[User], settings: Settings) -> Check:
    """Whether anybody can own what is logged."""
    active = [user for user in users if user.active]
    ours = [user for user in active if user.email.rpartition("@")[2] in settings.team.domains]
    detail = f"{len(active)} active of {len(users)}, {len(ours)} of them in team.domains"
    if active and not ours:
        return bad("users", detail, "Name the domains of your users' addresses in team.domains.", ZOHO)
    return good("users", detail, _without_user(users, settings), ZOHO)


def _without_user(users: Sequence[User], settings: Settings) -> str:
    """Whose lines and extensions the config gives to somebody who can own nothing."""
    team = team_of(settings, users)
    dialers = [dialer for dialer in settings.dialers if dialer.enabled]
    named = {rep for dialer in dialers for rep in (*dialer.lines.values(), *dialer.extensions.values())}
    idle = sorted(rep for rep in named if (user := team.user(rep)) is None or not user.active)
    told = ", ".join(idle[:_NAMED]) + (f" and {len(idle) - _NAMED} more" if len(idle) > _NAMED else "")
    return f"Named in lines or extensions, but no active Zoho user, so that nothing is theirs: {told}." if idle else ""


def owner_check(users: Sequence[User], settings: Settings) -> Check:
    """Whether what nobody else can own has an owner."""
    name, owner = "team.default_owner", settings.team.default_owner
    if not owner:
        hint = "With it, what has no active Zoho user is logged under that user."
        return good(name, "not set: what has no active Zoho user is not logged", hint, ZOHO)
    user = team_of(settings, users).user(owner)
    if user is None:
        return bad(name, f"{owner} is no Zoho user", "Name a Zoho user's address.", ZOHO)
    if not user.active:
        return bad(name, f"{owner} is not active in Zoho", "Activate this user, or name another.", ZOHO)
    return good(name, f"{owner} is active", about=ZOHO)


def key_field_check(org: OrgFacts, settings: Settings) -> Check:
    """Which of the two holds: a unique key field refuses doubles, or uncertain writes are proved."""
    name, field = "key field", settings.zoho.key_field
    if not field:
        return good(name, f"none (zoho.key_field: null): {_RESTS}", about=ZOHO)
    missing = [module for module in ACTIVITIES if module not in org.key_field]
    plain = [module for module in ACTIVITIES if module in org.key_field and module not in org.key_unique]
    if not missing and not plain:
        return good(name, f"{field} is there and unique in {', '.join(ACTIVITIES)}: a double is refused", about=ZOHO)
    told = [f"not in {', '.join(missing)}"] * bool(missing) + [f"not unique in {', '.join(plain)}"] * bool(plain)
    hint = f"Make a single-line field with the API name {field}, “do not allow duplicate values”, in each of them."
    return good(name, f"{field} is {' and '.join(told)}: {_RESTS}", hint, ZOHO)
