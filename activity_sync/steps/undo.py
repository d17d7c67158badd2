"""`undo RUN`: what a run wrote is taken back, except where a person has had a hand in it since."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlmodel import Session

from activity_sync.model.failures import ConnectionFailure, OutOfCredits
from activity_sync.model.records import NOUNS, SHADOWED
from activity_sync.model.results import Exit, Problem, RunResult
from activity_sync.model.writes import Op, OutboxRow, Write, WriteState
from activity_sync.rules import undoing
from activity_sync.rules.deal_stages import STAGE
from activity_sync.rules.undoing import Left, Undoing
from activity_sync.steps.finishing import finish
from activity_sync.steps.means import Means
from activity_sync.steps.price import price
from activity_sync.steps.refresh import refresh
from activity_sync.steps.send import send
from activity_sync.steps.send.checking import CAME_FIRST
from activity_sync.store import needing, outbox, past, runs, sync_log, written
from activity_sync.store.outbox.reading import OPEN
from activity_sync.store.tables import Runs

_PASSES = 3
"""What was uncertain when the undoing began may turn out to be there: it is taken back as well."""

_NOT_CALLED_FOR = ("the run wrote nothing", "all that it wrote was taken back already")


class CannotUndo(Exception):  # noqa: N818 - why, in a sentence for a person
    """There is nothing that `undo` could mean."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoPlan:
    """What taking back a run comes to. `waiting`: writes of it that were not sent yet, by interaction; `under_way`:
    what an undo that was broken off left to be sent."""

    run: Runs
    found: Mapping[str, Undoing] = field(default_factory=dict)
    waiting: Mapping[str, int] = field(default_factory=dict)
    under_way: Sequence[OutboxRow] = ()
    before: str = ""

    @property
    def writes(self) -> list[Write]:
        """All of them."""
        return [write for one in self.found.values() for write in one.writes]

    @property
    def left(self) -> list[Left]:
        """What is known to stay."""
        return [left for one in self.found.values() for left in one.left]

    @property
    def nothing(self) -> bool:
        """Whether there is nothing to do."""
        return not self.writes and not self.waiting and not self.under_way

    @property
    def credits(self) -> int:
        """What it costs."""
        return price([*self.writes, *(row.write for row in self.under_way)])

    def lines(self) -> list[str]:
        """For a person: what would be done."""
        counts = Counter((write.op, write.module) for write in self.writes)
        words = {Op.DELETE: "deleted", Op.UPDATE: "put back", Op.CREATE: "made again"}
        told = [f"{count} {NOUNS[module]}{'s' * (count > 1)} {words[op]}" for (op, module), count in counts.items()]
        waiting = sum(self.waiting.values())
        told += [f"{waiting} writes that were not sent yet dropped"] if waiting else []
        told += [f"{len(self.under_way)} writes of an undo that was broken off sent"] if self.under_way else []
        began = f"{self.run.started:%Y-%m-%d %H:%M} UTC"
        return [f"R{self.run.number} ({self.run.command}, {began}): {', '.join(told) or 'nothing to take back'}."]


def plan_undo(means: Means, number: int, only: Container[str] | None = None) -> UndoPlan:
    """What there is to take back of a run (of the interactions `only`); nothing is asked of Zoho. Raises CannotUndo."""
    with means.database.reading() as session:
        run = _undoable(session, number)
        done: dict[str, list[OutboxRow]] = {}
        waiting: Counter[str] = Counter()
        for row in outbox.rows_of_run(session, number):
            if row.write.undoes is not None or (only is not None and row.key not in only):
                continue
            if row.state is WriteState.DONE:
                done.setdefault(row.key, []).append(row)
            elif row.state in OPEN:
                waiting[row.key] += 1
        earlier: dict[str, list[OutboxRow]] = {}
        for row in outbox.rows_undoing(session, number):
            earlier.setdefault(row.key, []).append(row)
        ours = written.written_by_key(session, done)
        remade = {key: undoing.heirs(_through(session, key)) for key in outbox.keys_remade(session) if key in done}
        found = {
            key: undoing.undo(key, rows, ours.get(key, ()), earlier.get(key, ()), number, remade.get(key, {}))
            for key, rows in done.items()
        }
        _leave_what_others_need(session, found)
        by = next((row for rows in earlier.values() for row in rows if row.state is WriteState.DONE), None)
        before = _NOT_CALLED_FOR[by is not None or bool(done)]
        under_way = [row for rows in earlier.values() for row in rows if row.state in OPEN]
    return UndoPlan(run=run, found=found, waiting=waiting, under_way=under_way, before=before)


def _undoable(session: Session, number: int) -> Runs:
    run = runs.run(session, number)
    if run is None:
        raise CannotUndo(f"There is no run R{number}. `activity-sync log` names the runs.")
    if run.command == "undo":
        raise CannotUndo(
            f"R{number} is an undo itself. `activity-sync reapply --last 30d` logs again what it took back, and"
            " `activity-sync retry KEY` a single interaction."
        )
    return run


def undo(means: Means, plan: UndoPlan, *, wait: bool = True) -> RunResult:
    """Take it back. What stays is among the problems, which are no failure."""
    started, target = means.now(), plan.run.number or 0
    with means.database.transaction() as session:
        run = runs.start_run(session, "undo", started)
    result = RunResult(run=f"R{run}")
    if plan.nothing:
        result.problems.append(Problem("nothing to undo", f"R{target}", plan.before, exit=Exit.DONE))
    begun = {row.number for row in plan.under_way}
    keys, asked = {row.key for row in plan.under_way}, [row.write for row in plan.under_way]
    plan = _looked_at(means, plan, result)
    left = list(plan.left)
    for _ in range(_PASSES):
        if plan.nothing:
            break
        keys |= _keep(means, plan, run, started)
        asked += plan.writes
        sent = send(means, run, wait=wait)
        result.problems += sent.problems
        result.writes.update({name: count + result.writes[name] for name, count in sent.writes.items()})
        if sent.stopped or not plan.waiting:
            break
        plan = plan_undo(means, target, only=plan.waiting)
    with means.database.reading() as session:
        rows = [row for row in outbox.rows_undoing(session, target) if row.run == run or row.number in begun]
    result.problems += [_problem(one) for one in (*left, *undoing.left_to_people(rows, asked, CAME_FIRST))]
    finish(means, run, result, [], keys, started)
    return result


def _through(session: Session, key: str) -> list[OutboxRow]:
    return [row for row in outbox.rows_of(session, key) if row.state is WriteState.DONE]


def _leave_what_others_need(session: Session, found: Mapping[str, Undoing]) -> None:
    """A person or company that a run made stays as long as something else hangs on it."""
    going = {write.id for one in found.values() for write in one.writes if write.op is Op.DELETE}
    for key, one in found.items():
        for write in [write for write in one.writes if _is_person(write)]:
            why = needing.hangs_on(session, write.module, write.id, going)
            if why:
                one.writes.remove(write)
                one.left.append(Left(key, write.module, write.id, why))


def log_again(session: Session, keys: Iterable[str], now: datetime) -> None:
    """Judge these as if nothing had been settled about them, undone ones too: `reapply` and `retry KEY`."""
    wanted = sorted(set(keys))
    for key in wanted:
        taken_back = [row.write.slot for row in outbox.rows_of(session, key) if _moved_back(row)]
        written.forget_slots(session, key, taken_back)
    past.take_up(session, wanted, now)


def _moved_back(row: OutboxRow) -> bool:
    """A deal whose stage was put back: it may move on once more."""
    return row.write.undoes is not None and row.write.slot == STAGE and row.state is WriteState.DONE


def _looked_at(means: Means, plan: UndoPlan, result: RunResult) -> UndoPlan:
    """People and companies are taken away only after a look at what hangs on them in Zoho now."""
    if not any(_is_person(write) for write in plan.writes):
        return plan
    try:
        refresh(means, None, means.now())
        plan = plan_undo(means, plan.run.number or 0)
        linked = means.crm.linked([write.id for write in plan.writes if _is_person(write)])
    except ConnectionFailure as failure:
        status = Exit.OUT_OF_CREDITS if isinstance(failure, OutOfCredits) else Exit.REFUSED
        result.problems.append(Problem("not looked at", "Zoho", failure.why, failure.next_step, status))
        return replace(plan, found={}, waiting={}, under_way=())
    going = {write.id for write in plan.writes if write.op is Op.DELETE}
    for key, one in plan.found.items():
        for write in [write for write in one.writes if _is_person(write)]:
            others = [module for module, record_id in linked.get(write.id, ()) if record_id not in going]
            if others:
                one.writes.remove(write)
                one.left.append(Left(key, write.module, write.id, f"a {NOUNS[others[0]]} hangs on it"))
    return plan


def _is_person(write: Write) -> bool:
    return write.op is Op.DELETE and write.module in SHADOWED


def _keep(means: Means, plan: UndoPlan, run: int, now: datetime) -> set[str]:
    """The writes into the outbox, and the interactions out of the way: all in one transaction."""
    with means.database.transaction() as session:
        keys = {key for key, one in plan.found.items() if one.writes} | set(plan.waiting)
        for key in sorted(keys):
            one = plan.found.get(key) or Undoing()
            outbox.add(session, key, one.writes, run, now)
            past.take_back(session, key, run, now)
            text = f"R{plan.run.number} is taken back: {_told(one.writes)}"
            sync_log.append(session, now, "out", "undone", text, run=run, key=key)
    return keys


def _told(writes: Sequence[Write]) -> str:
    return ", ".join(f"{write.op.value} {NOUNS[write.module]}" for write in writes) or "nothing was sent yet"


def _problem(left: Left) -> Problem:
    where = f"{NOUNS[left.module]} {left.id} of {left.key}"
    return Problem("left as it is", where, left.why, "If it is to go, change it in Zoho.", Exit.DONE)
