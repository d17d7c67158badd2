"""Writes in batches, a result for every row (zoho.md 5). Nothing is sent twice from here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC
from typing import Any

import httpx

from activity_sync.model.failures import ConnectionFailure, OutOfCredits, SignInAgain, TryLater, Uncertain
from activity_sync.model.records import Module, OrgFacts
from activity_sync.model.settings import Zoho
from activity_sync.model.writes import Op, OutboxRow, RowResult
from activity_sync.zoho import composite
from activity_sync.zoho.client import Answer, Call, Client, ScopeMissing
from activity_sync.zoho.composite import Part, PartAnswer
from activity_sync.zoho.lessons import Lessons, may_be_its_lead
from activity_sync.zoho.proof import Proof
from activity_sync.zoho.refusals import BROKEN, Fault, ZohoRefused, fault_of
from activity_sync.zoho.verdicts import Judge

MOST = 100
_PRICE_STEP = 10
_QUIET: dict[Module, dict[str, bool]] = {
    Module.EVENTS: {"$send_notification": False},  # nobody is invited (zoho.md 4.3)
    Module.TASKS: {"Send_Notification_Email": False},
}
Results = dict[int, RowResult]


class Writer:
    """Sends outbox rows."""

    def __init__(
        self, client: Client, zoho: Zoho, facts: Callable[[], OrgFacts], proof: Proof, lessons: Lessons
    ) -> None:
        self._client = client
        self._zoho = zoho
        self._facts = facts
        self._judge = Judge(self._key_field, proof.id_by_key)
        self._lessons = lessons

    def send(self, rows: Sequence[OutboxRow]) -> Results:
        """One request: up to 100 rows of one module and operation, or up to five of any kind; by row number.

        Raises TryLater and OutOfCredits (nothing was done), SignInAgain, Uncertain (it may have been done: all of
        it); ValueError for more rows or a mixture that is too large.
        """
        kinds = {(row.write.module, row.write.op) for row in rows}
        if not rows or len(rows) > MOST or (len(kinds) > 1 and len(rows) > composite.AT_MOST):
            raise ValueError("up to 100 writes of one module and operation, or up to five of any kind")
        fitted = [self._lessons.fitted(row) for row in rows]
        results = self._sent(fitted, kinds=len(kinds))
        for row, sent in zip(rows, fitted, strict=True):
            if sent is not row and row.number in results:
                results[row.number] = replace(results[row.number], fields=sent.write.fields)
        return results

    def _sent(self, rows: Sequence[OutboxRow], *, kinds: int) -> Results:
        if kinds == 1:
            return self._batch(rows)
        if not self._lessons.known().composite_writes:
            return self._one_kind_at_a_time(rows)
        try:
            return self._together(rows)
        except (ZohoRefused, ScopeMissing):
            return self._one_kind_at_a_time(rows)

    def _batch(self, rows: Sequence[OutboxRow]) -> Results:
        try:
            answer = self._client.send(self._call(rows))
        except ZohoRefused as refused:
            faults: dict[int, Fault | None] = dict.fromkeys((row.number for row in rows), refused.fault)
            return self._refitted(rows, {row.number: self._judge.refusal(row, refused.fault) for row in rows}, faults)
        results = _results(answer)
        if len(results) != len(rows):
            raise Uncertain(f"Zoho answered {len(results)} results to {len(rows)} writes")
        if rows[0].write.op is Op.DELETE:
            results = _by_id(rows, results)
        faults = {row.number: fault_of(result) for row, result in zip(rows, results, strict=True)}
        judged = {row.number: self._judge.row(row, result) for row, result in zip(rows, results, strict=True)}
        return self._refitted(rows, judged, faults)

    def _refitted(self, rows: Sequence[OutboxRow], judged: Results, faults: Mapping[int, Fault | None]) -> Results:
        """The results, with the meetings that were refused for their lead sent again as this org takes them."""
        refused = [row for row in rows if may_be_its_lead(row, faults.get(row.number))]
        try:
            if refused and self._lessons.takes_no_lead(refused[0], faults[refused[0].number]):
                for_them = [self._lessons.fitted(row) for row in refused]
                sent = self._batch(for_them)
                return judged | {row.number: replace(sent[row.number], fields=row.write.fields) for row in for_them}
        except ConnectionFailure as failure:
            return judged | {row.number: _as_result(failure) for row in refused}
        return judged

    def _call(self, rows: Sequence[OutboxRow]) -> Call:
        write = rows[0].write
        what = f"{write.op} {write.module}"
        if write.op is Op.DELETE:
            params = {"ids": ",".join(row.write.id for row in rows), **self._silent_deletion()}
            return Call(
                method="DELETE", path=f"/{write.module}", params=params, what=what, purpose=rows[0].purpose, writes=True
            )
        return Call(
            method="POST" if write.op is Op.CREATE else "PUT",
            path=f"/{write.module}",
            json=self._body(rows),
            headers=_precondition(rows[0]) if len(rows) == 1 else {},
            what=what,
            purpose=rows[0].purpose,
            credits=-(-len(rows) // _PRICE_STEP),
            writes=True,
        )

    def _body(self, rows: Sequence[OutboxRow]) -> dict[str, Any]:
        silent: dict[str, Any] = {} if self._zoho.run_workflows else {"trigger": []}
        return {"data": [self._payload(row) for row in rows], **silent}

    def _silent_deletion(self) -> dict[str, str]:
        return {} if self._zoho.run_workflows else {"wf_trigger": "false"}

    def _payload(self, row: OutboxRow) -> dict[str, Any]:
        write = row.write
        key_field = self._key_field(row) if write.op is Op.CREATE else ""
        key = {key_field: write.record_key} if key_field else {}
        known = {"id": write.id} if write.op is Op.UPDATE else {}
        return {**write.fields, **_QUIET.get(write.module, {}), **key, **known}

    def _key_field(self, row: OutboxRow) -> str:
        name = self._zoho.key_field
        return name if name and row.write.record_key and row.write.module in self._facts().key_field else ""

    def _together(self, rows: Sequence[OutboxRow]) -> Results:
        parts = [self._part(row) for row in rows]
        answers = composite.send(self._client, parts, "writes", purpose=rows[0].purpose, writes=True)
        if answers is None:
            self._lessons.learn(composite_writes=False)
            raise Uncertain(f"Zoho's answer has not as many parts as the {len(rows)} writes")
        judged = {row.number: self._of_part(row, answer) for row, answer in zip(rows, answers, strict=True)}
        faults = {row.number: answer.fault for row, answer in zip(rows, answers, strict=True)}
        alone = [row for row in rows if self._lessons.is_no_composite(faults[row.number])]
        if alone:
            self._lessons.learn(composite_writes=False)
            judged |= self._one_kind_at_a_time(alone)
        for row, answer in zip(rows, answers, strict=True):
            one = _listed(answer.body)
            faults[row.number] = fault_of(one[0]) if len(one) == 1 else answer.fault
        return self._refitted(rows, judged, faults)

    def _part(self, row: OutboxRow) -> Part:
        write = row.write
        name = f"write{row.number}"
        match write.op:
            case Op.CREATE:
                return Part(name=name, method="POST", path=f"/{write.module}", body=self._body([row]))
            case Op.UPDATE:
                path = f"/{write.module}/{write.id}"
                return Part(name=name, method="PUT", path=path, headers=_precondition(row), body=self._body([row]))
            case Op.DELETE:
                path = f"/{write.module}/{write.id}"
                return Part(name=name, method="DELETE", path=path, params=self._silent_deletion())

    def _of_part(self, row: OutboxRow, answer: PartAnswer) -> RowResult:
        """One part, judged alone. What was not carried out may be sent again."""
        if answer.status == 0:
            why = answer.fault.words() if answer.fault else ""
            return RowResult(done=False, again=True, code=answer.fault.code if answer.fault else "", why=why)
        if httpx.codes.is_server_error(answer.status):
            return _unclear(f"Zoho answered with HTTP {answer.status}")
        results = _listed(answer.body)
        if len(results) == 1:
            return self._judge.row(row, results[0])
        if answer.fault is not None and fault_of(answer.body):
            return self._judge.refusal(row, answer.fault)
        return _unclear("Zoho's answer could not be read")

    def _one_kind_at_a_time(self, rows: Sequence[OutboxRow]) -> Results:
        """This organisation or token has no Composite: one request for each kind. The first failure alone is raised."""
        kinds = dict.fromkeys((row.write.module, row.write.op) for row in rows)
        results: Results = {}
        for module, op in kinds:
            group = [row for row in rows if (row.write.module, row.write.op) == (module, op)]
            try:
                results.update(self._batch(group))
            except ConnectionFailure as failure:
                if not results:
                    raise
                results.update((row.number, _as_result(failure)) for row in group)
        return results


def _precondition(row: OutboxRow) -> dict[str, str]:
    """Somebody who changed the record since makes Zoho refuse it: 412, ALREADY_MODIFIED (zoho.md 5.7)."""
    since = row.write.unless_changed_since
    return {} if since is None else {"If-Unmodified-Since": since.astimezone(UTC).isoformat(timespec="seconds")}


def _as_result(failure: ConnectionFailure) -> RowResult:
    if isinstance(failure, TryLater | OutOfCredits | SignInAgain):
        return RowResult(done=False, again=True, why=failure.why)
    return _unclear(failure.why)


def _unclear(why: str) -> RowResult:
    return RowResult(done=False, uncertain=True, why=why)


def _results(answer: Answer) -> list[dict[str, Any]]:
    fault = fault_of(answer.body)
    if fault is not None and fault.code in BROKEN:
        raise Uncertain("Zoho stumbled over a write: it may have been done")
    return _listed(answer.body)


def _listed(body: object) -> list[dict[str, Any]]:
    listed = body.get("data") if isinstance(body, Mapping) else None
    return listed if isinstance(listed, list) and all(isinstance(one, dict) for one in listed) else []


def _by_id(rows: Sequence[OutboxRow], results: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Results of a deletion name their id; where all do, that counts, not the order."""
    named = {details.get("id"): one for one in results if isinstance(details := one.get("details"), dict)}
    ids = [row.write.id for row in rows]
    return [named[record_id] for record_id in ids] if set(named) == set(ids) else results
