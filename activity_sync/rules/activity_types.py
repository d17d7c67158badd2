"""Which activity type an interaction falls in: the first that fits, and why those before it did not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from activity_sync.model.addresses import domain_of
from activity_sync.model.decisions import Match, Owner, Target
from activity_sync.model.interactions import Call, Interaction, Meeting, Outcome
from activity_sync.model.light import light_dataclass
from activity_sync.model.records import Module, OrgFacts, Record
from activity_sync.model.settings import ActivityType, Settings
from activity_sync.model.team import Team
from activity_sync.rules.conditions import NO_ORG, Check, TypeFacts, checks, findings
from activity_sync.rules.remembering import remembered
from activity_sync.rules.sides import outsiders

__all__ = ["TypeChoice", "TypeFacts", "choose_type", "likely_type", "type_facts"]


_SAY_LITTLE = ("kind", "direction")


@light_dataclass(frozen=True, slots=True)
class TypeChoice:
    """The type that fits, or None, and a sentence for every type that was looked at."""

    type: ActivityType | None
    because: tuple[str, ...]


def choose_type(facts: TypeFacts, types: Sequence[ActivityType]) -> TypeChoice:
    """The first of `types` whose conditions all fit."""
    because: list[str] = []
    for kind, checks_of_kind in _prepared(types):
        words: list[str] = []
        for check in checks_of_kind:
            found = check(facts)
            if not found.fits:
                because.append(f"Not activity type {kind.name}: {found.words}.")
                break
            words.append(found.words)
        else:
            because.append(f"Activity type {kind.name}: {', '.join(words) or 'it asks for nothing'}.")
            return TypeChoice(kind, tuple(because))
    return TypeChoice(None, (*because, "No activity type fits."))


@remembered(at_most=20)
def _prepared(types: Sequence[ActivityType]) -> tuple[tuple[ActivityType, tuple[Check, ...]], ...]:
    return tuple((kind, checks(kind.when)) for kind in types)


def likely_type(facts: TypeFacts, types: Sequence[ActivityType]) -> TypeChoice:
    """As `choose_type`, of an example of which little is told: a type that more than its kind speaks for is taken,
    and what nobody told is named."""
    because: list[str] = []
    for kind in types:
        found = findings(kind.when, facts)
        misfit = next((one.words for one in found if one.known and not one.fits), None)
        left = [one.name for one in found if not one.known]
        telling = [one for one in found if one.fits and one.name not in _SAY_LITTLE]
        if misfit is None and (telling or not left):
            words = ", ".join(one.words for one in found if one.fits) or "it asks for nothing"
            return TypeChoice(kind, (*because, f"Activity type {kind.name}: {words}{_if(left)}."))
        because.append(f"Not activity type {kind.name}: {misfit or f'{left[0]} is not known'}.")
    return TypeChoice(None, (*because, "No activity type fits."))


def _if(left: Sequence[str]) -> str:
    return f"; if {' and '.join(left)} {'fits' if len(left) == 1 else 'fit'} too, which was not told" if left else ""


def type_facts(
    interaction: Interaction, outcome: Outcome, target: Target, owner: Owner, match: Match, team: Team,
    settings: Settings, org: OrgFacts = NO_ORG,
) -> TypeFacts:  # fmt: skip
    """All that the conditions can ask of this interaction."""
    people = outsiders(interaction, team, settings)
    meeting = interaction if isinstance(interaction, Meeting) else None
    deal = target.record if target.record is not None and target.record.module is Module.DEALS else None
    return TypeFacts(
        source=_sources(settings).get(interaction.source, (interaction.source,)),
        kind=interaction.kind,
        direction="" if isinstance(interaction, Meeting) else interaction.direction,
        outcome=outcome,
        title=meeting.title if meeting else "",
        notes=meeting.notes if meeting else _notes(interaction),
        minutes=interaction.length.total_seconds() / 60,
        outsiders=len(people) if meeting else 1,
        domains=_domains([person.email for person in people], match),
        calendar=meeting.calendars if meeting else (),
        rep=_addresses(owner.rep, team),
        role=_role(owner, team),
        target=target.record.module if target.record else "",
        stage=_stage(deal, org) if deal else "",
        pipeline=deal.pipeline if deal else "",
        record=_fields(target, match),
        org=org,
    )


def _stage(deal: Record, org: OrgFacts) -> tuple[str, ...]:
    """By its actual value and as people see it."""
    shown = (stage.label for stage in org.stages if stage.name == deal.stage and stage.label)
    return (deal.stage, *dict.fromkeys(label for label in shown if label != deal.stage))


@remembered(at_most=20)
def _sources(settings: Settings) -> Mapping[str, tuple[str, ...]]:
    """A connection's name and its kind, by the name."""
    found: dict[str, tuple[str, ...]] = {}
    for connection in (*settings.calendars, *settings.dialers):
        found[connection.name] = (*found.get(connection.name, (connection.name,)), connection.kind)
    return found


def _notes(interaction: Interaction) -> str:
    return "\n".join((*interaction.notes, interaction.summary)) if isinstance(interaction, Call) else ""


def _domains(emails: Sequence[str], match: Match) -> tuple[str, ...]:
    known = (record.email for person in match.people for record in person.records)
    return tuple(dict.fromkeys(domain for email in (*emails, *known) if (domain := domain_of(email))))


def _addresses(rep: str, team: Team) -> tuple[str, ...]:
    return (rep, *sorted(alias for alias, home in team.aliases.items() if home == rep)) if rep else ()


def _role(owner: Owner, team: Team) -> str | None:
    """The rep's role in Zoho; of a rep without a Zoho user it is not known."""
    user = team.user(owner.rep) if owner.rep else owner.user
    return None if user is None else user.role


def _fields(target: Target, match: Match) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """Of every record once."""
    there = (record for record in (target.record, target.account, target.who, *target.leads) if record is not None)
    of_people = (record for person in match.people for record in person.records)
    found: dict[str, dict[str, Mapping[str, Any]]] = {}
    for record in (*there, *of_people):
        found.setdefault(record.module, {})[record.id] = record.fields
    return {module: list(fields.values()) for module, fields in found.items()}
