"""What waits for a person, for both faces: read-only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlmodel import Session

from activity_sync.model.answers import Rule
from activity_sync.model.decisions import State
from activity_sync.store import answers, interactions

_WAITS = (State.WAITING, State.UNMATCHED)


def queue(session: Session) -> list[dict[str, Any]]:
    """The addresses that wait for an answer, most met first, then the latest; each with its candidates."""
    found: dict[str, dict[str, Any]] = {}
    for row in interactions.listing(session, states=_WAITS):
        for question in (row.decided or {}).get("questions", ()):
            entry = found.setdefault(question["id"], {**question, "interactions": 0, "keys": []})
            entry |= {"candidates": question["candidates"], "because": question["because"], "latest": row.starts}
            entry["name"] = question["name"] or entry["name"]
            entry["interactions"] += 1
            entry["keys"].append(row.key)
    ordered = sorted(found.values(), key=lambda one: (-one["interactions"], -one["latest"].timestamp(), one["id"]))
    return [{**one, "latest": one["latest"].isoformat(timespec="seconds")} for one in ordered]


def rules(session: Session) -> list[dict[str, Any]]:
    """The answers that were kept, oldest first."""
    return [as_json(rule) for rule in answers.all_rules(session)]


def as_json(rule: Rule) -> dict[str, Any]:
    """A rule as listings show it."""
    record = {"module": str(rule.module), "id": rule.record_id, "name": rule.name} if rule.module else None
    return {
        "id": rule.id,
        "rule": rule.id,
        "kind": rule.kind,
        "address": rule.value,
        "answer": rule.answer.value,
        "record": record,
        "made": rule.at.isoformat(timespec="seconds") if rule.at else None,
        "text": sentence(rule),
    }


def sentence(rule: Rule) -> str:
    """A rule in words."""
    if rule.module is None:
        return f"{rule.value} is never logged"
    if rule.kind == "domain":
        return f"{rule.value} is the account {rule.name}"
    what = {"Contacts": "contact", "Leads": "lead", "Accounts": "account", "Deals": "deal"}[rule.module]
    link = "goes on" if rule.module == "Deals" else "is"
    return f"{rule.value} {link} the {what} {rule.name}"


def entry(session: Session, asked: str) -> Mapping[str, Any] | None:
    """The entry of the queue with this id, or about this address."""
    waiting: Sequence[Mapping[str, Any]] = queue(session)
    return next((one for one in waiting if asked in (one["id"], one["address"])), None)
