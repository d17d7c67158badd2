"""The first load of a module: page by page, each stored with the place where to go on after a crash."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from activity_sync.model.failures import Refused
from activity_sync.model.ports import LoadPage
from activity_sync.model.records import Module, OrgFacts
from activity_sync.model.results import Problem
from activity_sync.steps.means import Means
from activity_sync.steps.progress import keep_progress, progress
from activity_sync.store import shadow


def load_module(means: Means, module: Module, org: OrgFacts) -> Sequence[Problem]:
    """Load one module, or go on with it. What Zoho prepares is waited for. Raises what the CRM raises."""
    after = _begin(means, module)
    pages = means.crm.resume(module, org, after) if after else means.crm.load(module, org)
    estimate = _Estimate(means, module)
    try:
        for page in pages:
            _keep_page(means, module, page)
            means.tell(estimate.after(page))
            if page.wait and means.pause(page.wait.total_seconds()):
                return []
    except Refused as failure:
        _close(means, module)
        return [Problem("module not readable", f"Zoho {module}", failure.why, failure.next_step)]
    return []


class _Estimate:
    """How far a load is, and how long it will take at its present pace."""

    def __init__(self, means: Means, module: Module) -> None:
        self._means = means
        self._module = module
        self._begun = means.now()
        self._first: int | None = None
        self._rows = 0

    def after(self, page: LoadPage) -> str:
        """The words for a person."""
        self._rows += len(page.rows)
        done = page.done or self._rows
        self._first = done - len(page.rows) if self._first is None else self._first
        if page.wait and not page.rows:
            return f"Reading {self._module} from Zoho: {done:,} records; Zoho prepares the rest"
        of = f" of about {page.total:,}" if page.total > done else ""
        return f"Reading {self._module} from Zoho: {done:,}{of} records{self._left(done, page.total)}"

    def _left(self, done: int, total: int) -> str:
        took, fresh = self._means.now() - self._begun, done - (self._first or 0)
        if total <= done or fresh <= 0 or took < timedelta(seconds=5):
            return ""
        left = took * ((total - done) / fresh)
        return f", about {max(1, round(left / timedelta(minutes=1)))} min left"


def _begin(means: Means, module: Module) -> str:
    """Where the load goes on, "" when it begins."""
    with means.database.transaction() as session:
        state = progress(session)
        if module not in state.begun:
            begun = {**state.begun, module: means.now().isoformat()}
            keep_progress(session, replace(state, begun=begun), means.now())
        return state.loading.get(module, "")


def _keep_page(means: Means, module: Module, page: LoadPage) -> None:
    with means.database.transaction() as session:
        shadow.save_records(session, page.rows, first_load=True)
        state = progress(session)
        loading = {name: after for name, after in state.loading.items() if name != module}
        newest = {**state.newest, module: _newest(state.newest.get(module, ""), page)}
        cursors = dict(state.cursors)
        if page.after:
            loading[module] = page.after
        else:
            cursors[module] = min(one for one in (state.begun[module], newest[module]) if one)
        after = replace(state, loading=loading, newest=newest, cursors=cursors)
        keep_progress(session, after, means.now())


def _newest(before: str, page: LoadPage) -> str:
    """The later of what was seen before and the latest Modified_Time of this page; ISO in UTC, so text compares."""
    moments = [row.record.modified.astimezone(UTC).isoformat() for row in page.rows if row.record.modified]
    return max([before, *moments])


def _close(means: Means, module: Module) -> None:
    with means.database.transaction() as session:
        now = progress(session)
        keep_progress(session, replace(now, refused=tuple(sorted({*now.refused, module}))), means.now())


def first_loaded(means: Means, module: Module) -> datetime | None:
    """When the load of a module began."""
    with means.database.reading() as session:
        begun = progress(session).begun.get(module)
    return datetime.fromisoformat(begun) if begun else None
