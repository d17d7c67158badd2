"""`/crm/bulk/v8/read`: make a job, ask for its state, fetch its file."""

from __future__ import annotations

import csv
import io
import secrets
import zipfile
from datetime import datetime, timedelta
from typing import Any

from activity_sync.simulator.zoho.bulk.criteria import read_criteria
from activity_sync.simulator.zoho.calls import ApiCall
from activity_sync.simulator.zoho.coql.columns import Resolved, resolve
from activity_sync.simulator.zoho.coql.conditions import make_test
from activity_sync.simulator.zoho.fields import Field, Module
from activity_sync.simulator.zoho.jobs import BulkJob
from activity_sync.simulator.zoho.oauth import covers
from activity_sync.simulator.zoho.refusals import Answer, Refusal, Row
from activity_sync.simulator.zoho.rendering import user_reference
from activity_sync.simulator.zoho.times import write_time
from activity_sync.simulator.zoho.world import World

_DOWNLOADS_A_MINUTE = 10
_KEPT = timedelta(days=1)
_STATES = ("ADDED", "QUEUED", "IN PROGRESS")
_NO_COLUMN = ("participants", "tag", "RRULE", "ALARM", "multireminder", "layout")


def create_job(call: ApiCall) -> Answer:
    """`POST /read`: a job, 50 credits."""
    if not call.headers.get("content-type", "").startswith("application/json"):
        raise Refusal(415, "MEDIA_TYPE_NOT_SUPPORTED", "content type is not supported")
    query, page = _asked(call)
    module = _module(call, query)
    columns = _columns(call.world, module, query)
    found = _found(call.world, module, query)
    size = call.world.switches.bulk_page_rows
    shown, token = found[(page - 1) * size : page * size], None
    if len(found) > page * size:
        token = secrets.token_hex(24)
        call.world.bulk.tokens[token] = (query, page + 1)
    job_id, now = call.world.new_id(), call.world.now()
    callback = call.json().get("callback")
    url = str(callback.get("url") or "") if isinstance(callback, dict) else ""
    job = BulkJob(job_id, query, module.api_name, columns, page, now, tuple(shown), token, url)
    call.world.bulk.jobs[job_id] = job
    details = {"id": job_id, "operation": "read", "state": "ADDED", **_made(call.world, job)}
    text = {"status": "success", "code": "ADDED_SUCCESSFULLY", "message": "Added successfully."}
    return Answer(201, {"data": [{**text, "details": details}], "info": {}})


def job_state(call: ApiCall) -> Answer:
    """`GET /read/{id}`."""
    return Answer(200, _state_of(call.world, _job(call)))


def callbacks(world: World) -> list[tuple[str, Row]]:
    """What is to be posted because a job is done: the address and the body of each, once."""
    done = [
        job
        for job in world.bulk.jobs.values()
        if job.callback and job.id not in world.bulk.called and _state(world, job) == "COMPLETED"
    ]
    world.bulk.called.update(job.id for job in done)
    return [(job.callback, _state_of(world, job)) for job in done]


def _state_of(world: World, job: BulkJob) -> Row:
    state = _state(world, job)
    row: Row = {"id": job.id, "operation": "read", "state": state, "query": job.query, **_made(world, job)}
    if state == "COMPLETED":
        row["result"] = {
            "page": job.page,
            "per_page": world.switches.bulk_page_rows,
            "count": len(job.rows),
            "download_url": f"/crm/bulk/v8/read/{job.id}/result",
            "more_records": job.next_token is not None,
            **({"next_page_token": job.next_token} if job.next_token else {}),
        }
    return {"data": [{**row, "file_type": "csv"}]}


def download(call: ApiCall) -> Answer:
    """`GET /read/{id}/result`: a zip with one CSV; ten downloads a minute."""
    job, world = _job(call), call.world
    if _state(world, job) != "COMPLETED":
        raise Refusal(400, "INVALID_DATA", "the job is not completed", {"id": job.id})
    times = world.bulk.downloads
    while times and times[0] <= world.clock.now() - timedelta(minutes=1):
        times.popleft()
    if len(times) >= _DOWNLOADS_A_MINUTE:
        return Answer(429)
    times.append(world.clock.now())
    kind = {"Content-Type": "application/zip", "Content-Disposition": f"attachment;filename={job.id}.zip"}
    return Answer(200, _zipped(world, job), kind)


def _asked(call: ApiCall) -> tuple[Row, int]:
    query = call.json().get("query")
    if not isinstance(query, dict):
        raise Refusal(400, "MANDATORY_NOT_FOUND", "required field not found", {"api_name": "query"})
    if "page_token" in query:
        if query["page_token"] not in call.world.bulk.tokens:
            raise Refusal(400, "INVALID_DATA", "invalid data", {"api_name": "page_token"})
        return call.world.bulk.tokens[query["page_token"]]
    return query, int(query.get("page", 1))


def _module(call: ApiCall, query: Row) -> Module:
    name = (query.get("module") or {}).get("api_name")
    module = call.world.modules.get(name or "")
    if module is None or name == "Notes":
        raise Refusal(400, "INVALID_MODULE", "the module name given seems to be invalid", {"api_name": "module"})
    if not covers(call.scopes, f"ZohoCRM.modules.{name}.READ"):
        raise Refusal(401, "OAUTH_SCOPE_MISMATCH", "Unauthorized")
    return module


def _columns(world: World, module: Module, query: Row) -> tuple[str, ...]:
    every = [name for name, field in module.fields.items() if field.data_type not in _NO_COLUMN]
    names = [name for name in query.get("fields") or every if name != "id"]
    for name in names:
        _column(world, module, name)
    return tuple(names)


def _column(world: World, module: Module, name: str) -> Resolved:
    if name == "$converted" and module.api_name == "Leads":
        return Resolved(Field(name, "boolean"), _converted, _converted)
    return resolve(world, module, name)


def _converted(row: Row) -> bool:
    return bool(row.get("Converted__s"))


def _found(world: World, module: Module, query: Row) -> list[Row]:
    rows = world.tables[module.api_name].rows
    every = [rows[record_id] for record_id in world.tables[module.api_name].by_id()]
    if not query.get("criteria"):
        return every
    return list(filter(make_test(world, module, read_criteria(query["criteria"])), every))


def _job(call: ApiCall) -> BulkJob:
    job = call.world.bulk.jobs.get(call.id)
    if job is None or call.world.now() - job.at > _KEPT:
        raise Refusal(404, "RESOURCE_NOT_FOUND", "the requested resource doesn't exist", {"id": call.id})
    return job


def _state(world: World, job: BulkJob) -> str:
    passed, whole = (world.now() - job.at).total_seconds(), world.switches.bulk_read_seconds
    return "COMPLETED" if passed >= whole else _STATES[int(passed / whole * len(_STATES))]


def _made(world: World, job: BulkJob) -> Row:
    by = user_reference(world, world.token_user, email=False)
    return {"created_by": by, "created_time": write_time(job.at, world.zone)}


def _zipped(world: World, job: BulkJob) -> bytes:
    module, text = world.modules[job.module], io.StringIO()
    columns = [_column(world, module, name) for name in job.columns]
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["id", *job.columns])
    for row in job.rows:
        writer.writerow([row["id"], *(_cell(world, column.raw(row)) for column in columns)])
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{job.id}.csv", text.getvalue())
    return packed.getvalue()


def _cell(world: World, value: Any) -> Any:
    """Lookups are kept as ids, and a CSV gives just these."""
    if isinstance(value, bool):
        return str(value).lower()
    return write_time(value, world.zone) if isinstance(value, datetime) else value
