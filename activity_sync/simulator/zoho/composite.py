"""`POST /__composite_requests`: up to five calls in one, answered by order only."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import orjson

from activity_sync.simulator.zoho.calls import ApiCall
from activity_sync.simulator.zoho.refusals import Answer, Refusal, Row

MOST = 5
_URI = re.compile(r"/crm(/.*)?/v\d+/.+")
_NAME = re.compile(r"[a-zA-Z0-9]\w*")
_REFERENCE = re.compile(r"@\{(\w+):(\$[^}]*)\}")
_STEP = re.compile(r"\.([\w$]+)|\[(\d+)\]")
Run = Callable[[ApiCall], Answer]


def run_composite(call: ApiCall, run: Run) -> Answer:
    """`run` answers one part."""
    body = call.json()
    parts = call.rows("__composite_requests", most=10**6)
    _refuse_unfit(body, parts)
    if body.get("rollback_on_fail"):
        return _all_or_nothing(call, parts, run)
    answers: dict[str, Answer] = {}
    out = []
    for part in parts:
        writes = "/coql" not in part["uri"] and part["method"] != "GET"
        if writes and call.world.switches.composite_writes == "dropped":
            continue
        try:
            answer = _refuse_write() if writes and _refuses(call) else _run_part(call, part, answers, run)
        except _NotTriggered as failed:
            out.append(_not_run(failed.code, failed.message, {}))
            continue
        out.append(_executed(call, answer))
    triggered = sum(row["status"] == "success" for row in out)
    status = 200 if triggered == len(out) else 207 if triggered else 400
    return Answer(status, {"__composite_requests": out})


def _refuses(call: ApiCall) -> bool:
    return call.world.switches.composite_writes == "refused"


def _refuse_write() -> Answer:
    return Refusal(400, "NOT_SUPPORTED", "the api is not supported inside a composite request").answer


class _NotTriggered(Exception):  # noqa: N818 - one of Zoho's answers
    def __init__(self, code: str, message: str) -> None:
        super().__init__(code)
        self.code = code
        self.message = message


def _refuse_unfit(body: Row, parts: list[Any]) -> None:
    if len(parts) > MOST:
        details = {"api_name": "__composite_requests", "maximum_length": MOST}
        raise Refusal(400, "INVALID_DATA", "invalid data", details)
    if body.get("rollback_on_fail") and body.get("parallel_execution"):
        names = [{"api_name": "rollback_on_fail"}, {"api_name": "parallel_execution"}]
        raise Refusal(400, "AMBIGUITY_DURING_PROCESSING", "ambiguity", {"ambiguity_due_to": names})
    for index, part in enumerate(parts):
        at = f"$.__composite_requests[{index}]"
        if not isinstance(part, dict):
            raise Refusal(400, "INVALID_DATA", "invalid data", {"json_path": at})
        for name in ("sub_request_id", "method", "uri"):
            if not part.get(name):
                details = {"api_name": name, "json_path": f"{at}.{name}"}
                raise Refusal(400, "MANDATORY_NOT_FOUND", "required field not found", details)
        headers = {name.lower() for name in part.get("headers") or ()}
        if not _NAME.fullmatch(part["sub_request_id"]) or headers & {"authorization", "x-crm-org"}:
            raise Refusal(400, "INVALID_DATA", "invalid data", {"json_path": at})
    if len({part["sub_request_id"] for part in parts}) < len(parts):
        raise Refusal(400, "DUPLICATE_DATA", "duplicate data", {"api_name": "sub_request_id"})


def _run_part(call: ApiCall, part: Row, answers: dict[str, Answer], run: Run) -> Answer:
    part = _resolved(part, answers)
    if not _URI.fullmatch(part["uri"]):
        raise _NotTriggered("INVALID_DATA", "the uri given seems to be invalid")
    split = urlsplit(part["uri"])
    sub = ApiCall(
        call.world,
        part["method"],
        split.path,
        dict(parse_qsl(split.query)) | {name: str(value) for name, value in (part.get("params") or {}).items()},
        {name.lower(): str(value) for name, value in (part.get("headers") or {}).items()},
        orjson.dumps(part["body"]) if "body" in part else b"",
        call.scopes,
        {},
        inside=True,
    )
    try:
        answer = run(sub)
    except Refusal as refusal:
        answer = refusal.answer
    answers[part["sub_request_id"]] = answer
    return answer


def _resolved(part: Row, answers: dict[str, Answer]) -> Row:
    """The part with its references replaced by what the parts before answered."""

    def replace(match: re.Match[str]) -> str:
        answer = answers.get(match.group(1))
        if answer is None:
            raise _NotTriggered("INVALID_REFERENCE", "the reference given seems to be invalid")
        return json.dumps(str(_walk(answer.body, match.group(2))))[1:-1]

    return {**part, **orjson.loads(_REFERENCE.sub(replace, json.dumps(part)))}


def _walk(value: Any, path: str) -> Any:
    for name, index in _STEP.findall(path):
        try:
            value = value[int(index)] if index else value[name]
        except (KeyError, IndexError, TypeError):
            raise _NotTriggered("INVALID_REFERENCE", "the reference given seems to be invalid") from None
    return value


def _executed(call: ApiCall, answer: Answer) -> Row:
    response: Row = {
        "headers": {"content-type": "application/json;charset=utf-8", **answer.headers},
        "status_code": answer.status,
    }
    empty: Row = {"null": None, "object": {}, "text": ""}
    if answer.body is not None:
        response["body"] = answer.body
    elif call.world.switches.composite_empty_body in empty:
        response["body"] = empty[call.world.switches.composite_empty_body]
    text = "composite sub request executed successfully"
    return {"code": "SUCCESS", "details": {"response": response}, "message": text, "status": "success"}


def _not_run(code: str, message: str, details: Row) -> Row:
    return {"code": code, "details": details, "message": message, "status": "error"}


def _all_or_nothing(call: ApiCall, parts: list[Row], run: Run) -> Answer:
    answers: dict[str, Answer] = {}
    done: list[Answer] = []
    mails, triggers = len(call.world.mails), len(call.world.triggers)
    with call.world.undoable() as steps:
        for part in parts:
            try:
                answer = _run_part(call, part, answers, run)
            except _NotTriggered as failed:
                answer = Answer(400, _not_run(failed.code, failed.message, {}))
            done.append(answer)
            if answer.status >= 400 or answer.status == 207:
                break
        else:
            return Answer(200, {"__composite_requests": [_executed(call, answer) for answer in done]})
    for undo in reversed(steps):
        undo()
    del call.world.mails[mails:], call.world.triggers[triggers:]
    return Answer(400, {"__composite_requests": _rolled_back(call, done, len(parts))})


def _rolled_back(call: ApiCall, done: list[Answer], count: int) -> list[Row]:
    because = {"rollbacked_by_sub_request_index": len(done) - 1}
    before = [_not_run("ROLLBACK_PERFORMED", "rollback performed", because) for _ in done[:-1]]
    failed = {**_executed(call, done[-1]), "code": "EXECUTION_FAILED", "status": "error"}
    after = [_not_run("PROCESSING_STOPPED", "processing stopped", because) for _ in range(count - len(done))]
    return [*before, failed, *after]
