"""A person's answer becomes a rule, and is applied at once to all that waited for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime

from sqlmodel import Session

from activity_sync.model.addresses import comparable_domain
from activity_sync.model.answers import Answer, Rule
from activity_sync.model.decisions import Lookup
from activity_sync.model.records import NOUNS, SHADOWED, AddressKind, Module, OrgFacts, Record
from activity_sync.model.results import RunResult
from activity_sync.model.team import Team
from activity_sync.rules.domains import company_hosts
from activity_sync.rules.teams import team_of
from activity_sync.steps import applying
from activity_sync.steps.finishing import finish
from activity_sync.steps.means import Means
from activity_sync.steps.round import judge_and_send
from activity_sync.store import answers, facts, interactions, runs, shadow, sync_log

_EVER = datetime.min.replace(tzinfo=UTC)


class CannotAnswer(Exception):  # noqa: N818 - it says what is wrong with an answer
    """An answer that cannot be kept; the message is for a person and says what to do."""


def answer(means: Means, rule: Rule, *, wait: bool = True) -> RunResult:
    """Keep the answer and judge again what waited for it. Raises CannotAnswer, and what the CRM raises."""
    if rule.module is not None:
        record = _live(means, rule.module, rule.record_id)
        rule = Rule(
            kind=rule.kind, value=rule.value, answer=rule.answer, module=rule.module, record_id=record.id,
            name=record.name,
        )  # fmt: skip

    def begin(session: Session, run: int, now: datetime) -> None:
        kept = answers.keep(session, rule, now)
        sync_log.append(session, now, "in", "answered", f"{kept.id}: {rule.value} is {rule.name or 'ignored'}", run=run)
        _open(session, rule, now)

    return _carry_on(means, begin, wait=wait)


def forget(means: Means, number: int) -> tuple[Rule, RunResult]:
    """Revoke a rule. What it stopped is looked at again; what was logged by it stays. Raises CannotAnswer."""
    with means.database.reading() as session:
        rule = next((one for one in answers.all_rules(session) if one.number == number), None)
    if rule is None:
        raise CannotAnswer(f"There is no rule K{number}: `activity-sync review rules` lists them.")

    def begin(session: Session, run: int, now: datetime) -> None:
        answers.forget(session, number)
        sync_log.append(session, now, "in", "forgotten", f"{rule.id}: {rule.value}", run=run)
        _open(session, rule, now)

    return rule, _carry_on(means, begin)


def domain_rule(means: Means, domain: str, account_id: str) -> Rule:
    """The rule that a domain is an account. Raises CannotAnswer for a domain that tells no company."""
    host = comparable_domain(domain.removeprefix("@"))
    with means.database.reading() as session:
        team: Team = team_of(means.settings, shadow.users_of(session))
    if not means.settings.matching.match_by_domain:
        raise CannotAnswer("matching.match_by_domain is off, so no domain is ever asked: set it to true.")
    if host not in company_hosts(f"x@{host}", team, means.settings):
        raise CannotAnswer(f"{domain} tells no company: it is free mail, our own, or no domain. Answer with --record.")
    return Rule(kind="domain", value=host, answer=Answer.ACCOUNT, module=Module.ACCOUNTS, record_id=account_id)


def record_rule(kind: str, value: str, written: str) -> Rule:
    """The rule that an address is MODULE:ID. Raises CannotAnswer when that names no record."""
    name, _, record_id = written.partition(":")
    module = next((one for one in SHADOWED if name.strip().casefold() in (one.casefold(), NOUNS[one])), None)
    if module is None or not record_id.strip():
        raise CannotAnswer(f"{written} is no record: write MODULE:ID, such as Contacts:1234567000000123456.")
    answered = Answer.DEAL if module is Module.DEALS else Answer.RECORD
    return Rule(kind=kind, value=value, answer=answered, module=module, record_id=record_id.strip())


def _carry_on(means: Means, begin: Callable[[Session, int, datetime], None], *, wait: bool = True) -> RunResult:
    """Do what `begin(session, run, now)` opens: a run that asks neither the sources nor what changed in Zoho."""
    started = means.now()
    with means.database.transaction() as session:
        run = runs.start_run(session, "review", started)
        begin(session, run, started)
    result = RunResult(run=f"R{run}")
    judged = judge_and_send(means, run, result, wait=wait)
    finish(means, run, result, [], judged, started)
    return result


def _open(session: Session, rule: Rule, now: datetime) -> None:
    """Whatever waits under this address, however old, and what a rule of the kind stopped."""
    lookups = list(_lookups(rule))
    interactions.reopen_by_addresses(session, lookups, _EVER, now, screened=True)
    waiting = [one for one in interactions.listing(session, states=["waiting", "unmatched", "screened"])
               if _asks(one.decided, rule)]  # fmt: skip
    interactions.reopen(session, [one.key for one in waiting], now)


def _lookups(rule: Rule) -> Iterable[Lookup]:
    kinds = {"email": AddressKind.EMAIL, "number": AddressKind.NUMBER, "domain": AddressKind.DOMAIN}
    yield Lookup(kinds[rule.kind], rule.value)
    if rule.kind == "domain":
        yield Lookup(AddressKind.MAIL_DOMAIN, rule.value)


def _asks(decided: object, rule: Rule) -> bool:
    """For addresses that are in no index: a number that could not be read."""
    questions = decided.get("questions", ()) if isinstance(decided, dict) else ()
    return any(one["kind"] == rule.kind and one["address"] == rule.value for one in questions)


def _live(means: Means, module: Module, record_id: str) -> Record:
    """The record as it is in Zoho now: the shadow may not know yet that it was deleted. A credit."""
    with means.database.reading() as session:
        org = facts.org(session) or OrgFacts()
        control = shadow.some_id(session, module, but=[record_id])
        before = shadow.record(session, module, record_id)
    fetched = means.crm.fetch(module, [record_id], org, known=control, purpose="checking")
    if not fetched.rows or fetched.rows[0].gone:
        gone = f"The {NOUNS[module]} {before.name if before else record_id} is not in Zoho any more"
        if before is not None:
            applying.take(means, (), {module: [record_id]}, means.now())
        raise CannotAnswer(f"{gone}: choose another record. Nothing was kept.")
    if module is Module.DEALS and not fetched.rows[0].record.account_id:
        alone = f"The deal {fetched.rows[0].record.name} belongs to no account, so that nobody can be found by it"
        raise CannotAnswer(f"{alone}: give it one in Zoho, or answer with a person. Nothing was kept.")
    applying.take(means, fetched.rows, {}, means.now())
    return fetched.rows[0].record
