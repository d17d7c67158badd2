"""Rules of the config that cannot mean what they say: a type that never fits, a follow-up that nobody asks for.

They break nothing, so they do not stop the daemon; `check` names them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from activity_sync.model.addresses import comparable_email, domain_of
from activity_sync.model.settings import ActivityType, Settings, Span, When
from activity_sync.rules.named_fields import Mistake
from activity_sync.rules.patterns import explodes
from activity_sync.rules.sides import domains_hold

_OF_MEETINGS = frozenset({"scheduled", "cancelled", "declined", "no_show", "held"})
_OF_CALLS = frozenset({"answered", "missed", "voicemail", "no_answer", "busy", "failed"})
_LISTS = (
    *("source", "kind", "direction", "outcome", "title", "notes", "domains", "calendar", "rep", "role", "target"),
    *("stage", "pipeline"),
)


def contradictions(settings: Settings) -> list[Mistake]:
    """Every such rule, with its place in the config."""
    return [*_types(settings), *_follow_ups(settings), *_people(settings), *_patterns(settings)]


def never_fits(when: When) -> str:
    """Why no interaction can satisfy these conditions; "" when one can."""
    for name in ("minutes", "outsiders"):
        span = getattr(when, name)
        if span is not None and None not in (span.min, span.max) and span.min > span.max:
            return f"{name} cannot be at least {span.min} and at most {span.max}"
    only = when.kind[0] if len(set(when.kind)) == 1 else ""
    if only == "meeting" and when.direction:
        return "a meeting has no direction"
    if only == "call" and (when.title or when.calendar):
        return f"a call has no {'title' if when.title else 'calendar'}"
    foreign = {"meeting": _OF_CALLS, "call": _OF_MEETINGS}.get(only, frozenset())
    if when.outcome and set(when.outcome) <= foreign:
        return f"no {only} has the outcome {' or '.join(when.outcome)}"
    if (when.stage or when.pipeline) and when.target and "Deals" not in when.target:
        return "only a deal has a stage or a pipeline, and target does not name Deals"
    if (when.title or when.calendar) and when.direction:
        return "a meeting has no direction, and a call no title or calendar"
    return ""


def covers(first: When, later: When) -> bool:
    """Whether all that satisfies `later` satisfies `first` as well, by what is written there."""
    lists = all(_within(getattr(later, name), getattr(first, name)) for name in _LISTS)
    spans = all(_inside(getattr(later, name), getattr(first, name)) for name in ("minutes", "outsiders"))
    asked = ((module, field, values) for module, fields in first.record.items() for field, values in fields.items())
    return (
        lists
        and spans
        and all(_within(later.record.get(one, {}).get(field, ()), values) for one, field, values in asked)
    )


def _within(narrow: Sequence[object], wide: Sequence[object]) -> bool:
    """Whether a list of choices leaves no more open than another; an empty one leaves everything open."""
    return not wide or (bool(narrow) and set(narrow) <= set(wide))


def _inside(narrow: Span | None, wide: Span | None) -> bool:
    if wide is None:
        return True
    low = wide.min is None or (narrow is not None and narrow.min is not None and narrow.min >= wide.min)
    high = wide.max is None or (narrow is not None and narrow.max is not None and narrow.max <= wide.max)
    return low and high


def _takes(first: When, later: When) -> str:
    if first == When():
        return "everything"
    return "the same" if first == later else "all of these"


def _types(settings: Settings) -> Iterator[Mistake]:
    earlier: list[ActivityType] = []
    for number, kind in enumerate(settings.activity_types):
        key = f"activity_types[{number}]"
        if why := never_fits(kind.when):
            yield Mistake(f"{key}.when", f"{kind.name} can never fit: {why}", "Correct the condition.")
        elif first := next((one for one in earlier if covers(one.when, kind.when)), None):
            takes = _takes(first.when, kind.when)
            yield Mistake(key, f"{kind.name} can never fit: {first.name} before it takes {takes}", "Move it up.")
        if any(one.name == kind.name for one in earlier):
            yield Mistake(f"{key}.name", f"two activity types are called {kind.name}", "Give each its own name.")
        earlier.append(kind)


def _follow_ups(settings: Settings) -> Iterator[Mistake]:
    asked = {name for kind in settings.activity_types if not kind.then.skip for name in kind.then.follow_ups}
    for name, follow_up in settings.follow_ups.items():
        if name not in asked:
            yield Mistake(f"follow_ups.{name}", "no activity type asks for it", "Name it in `then.follow_ups`.")
        if why := never_fits(follow_up.when):
            yield Mistake(f"follow_ups.{name}.when", f"it can never fit: {why}", "Correct the condition.")
    for number, kind in enumerate(settings.activity_types):
        then = kind.then
        if then.skip and (then.follow_ups or then.deal_stage or then.subject or then.description):
            hint = "Take out skip, or the rest."
            yield Mistake(f"activity_types[{number}].then", f"{kind.name} skips, so the rest of it is never done", hint)


def _people(settings: Settings) -> Iterator[Mistake]:
    """Who is ours cannot be treated as not there, and a rule against our own domain stops everything."""
    hint, never, team = "Take it out of one of them.", settings.never, settings.team
    own = {comparable_email(one) for pair in team.aliases.items() for one in pair}
    for email in never.match.emails:
        plain = comparable_email(email)
        if plain in own or domains_hold(team.domains, domain_of(plain)):
            yield Mistake("never.match.emails", f"{email} is one of the team", hint)
    for rule in ("match", "log"):
        for domain in getattr(never, rule).domains:
            if domains_hold(team.domains, domain):
                yield Mistake(f"never.{rule}.domains", f"{domain} is the team's own", hint)
    for number in sorted(set(never.match.numbers) & set(team.numbers)):
        yield Mistake("never.match.numbers", f"{number} is the team's own", hint)


def _patterns(settings: Settings) -> Iterator[Mistake]:
    for key, pattern in _all_patterns(settings):
        if explodes(pattern):
            detail = f"{pattern} takes too long on some texts; it is given up there, as if it did not fit"
            yield Mistake(key, detail, "Repeat no group that repeats itself, such as (a+)+.")


def _all_patterns(settings: Settings) -> Iterator[tuple[str, str]]:
    yield from (("never.log.titles", pattern) for pattern in settings.never.log.titles)
    whens = [(f"activity_types[{number}].when", kind.when) for number, kind in enumerate(settings.activity_types)]
    whens += [(f"follow_ups.{name}.when", one.when) for name, one in settings.follow_ups.items()]
    for key, when in whens:
        for name in ("title", "notes"):
            yield from ((f"{key}.{name}", pattern) for pattern in getattr(when, name))
