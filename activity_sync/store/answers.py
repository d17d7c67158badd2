"""The rules that people's answers became."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from activity_sync.model.answers import Answer, Rule
from activity_sync.model.records import Module
from activity_sync.store.tables import ReviewRules
from activity_sync.store.upserting import in_portions


def keep(session: Session, rule: Rule, now: datetime) -> Rule:
    """Store an answer in the place of an earlier one to the same question; a person's deal stands beside the person."""
    beside = {Answer.DEAL.value} if rule.answer is not Answer.DEAL else {one.value for one in Answer} - {rule.answer}
    for old in _rows(session, ReviewRules.kind == rule.kind, ReviewRules.value == rule.value):
        if old.answer not in beside:
            session.delete(old)
    session.flush()
    row = ReviewRules(
        kind=rule.kind, value=rule.value, answer=rule.answer.value, module=str(rule.module or ""),
        zoho_id=rule.record_id, name=rule.name, at=now,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return _value(row)


def all_rules(session: Session) -> Sequence[Rule]:
    """Every rule, oldest first."""
    return [_value(row) for row in _rows(session)]


def about(session: Session, asked: Iterable[tuple[str, str]]) -> Sequence[Rule]:
    """The rules about these addresses (kind, value)."""
    wanted = set(asked)
    found: list[Rule] = []
    for portion in in_portions(sorted({value for _, value in wanted})):
        found += [_value(row) for row in _rows(session, col(ReviewRules.value).in_(portion))]
    return [rule for rule in found if (rule.kind, rule.value) in wanted]


def forget(session: Session, number: int) -> Rule | None:
    """Revoke a rule; None: there is none with this number."""
    row = session.get(ReviewRules, number, populate_existing=True)
    if row is None:
        return None
    rule = _value(row)
    session.delete(row)
    session.flush()
    return rule


def _rows(session: Session, *conditions: object) -> Sequence[ReviewRules]:
    return session.exec(select(ReviewRules).where(*conditions).order_by(col(ReviewRules.number))).all()  # type: ignore[arg-type]


def _value(row: ReviewRules) -> Rule:
    return Rule(
        number=row.number or 0,
        kind=row.kind,
        value=row.value,
        answer=Answer(row.answer),
        module=Module(row.module) if row.module else None,
        record_id=row.zoho_id,
        name=row.name,
        at=row.at,
    )
