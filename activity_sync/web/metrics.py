"""/metrics: the figures of `status` and `credits`, in the form that Prometheus reads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from prometheus_client import CollectorRegistry
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from activity_sync.model.records import SHADOWED, Module
from activity_sync.reports import credits, readiness, status
from activity_sync.store.failures import StoreFailure
from activity_sync.web.desk import Desk

_Values = dict[tuple[str, ...], float]
"""Values by those of the labels."""


def metrics(request: Request) -> Response:
    """What is known now; when the database cannot be used it says so, and what it knows without.

    Raises HTTPException (401, 429) for those whom `web.login` does not let in.
    """
    desk: Desk = request.app.state.desk
    desk.door.admit(request, desk.settings.web.login)
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Figures(desk))
    return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)


@dataclass(frozen=True, slots=True)
class _Figures(Collector):
    desk: Desk

    def collect(self) -> Iterable[Metric]:
        try:
            with self.desk.app.database.reading() as session:
                found = list(_of_the_store(session, self.desk))
        except StoreFailure:
            found = []
        yield _gauge("database_up", "Whether the database can be used.", {(): bool(found)})
        yield from found
        yield _pushes(self.desk)

    def describe(self) -> Iterable[Metric]:
        return ()


def _of_the_store(session: Session, desk: Desk) -> Iterator[Metric]:
    now = desk.app.means.now()
    told = status.status(session, desk.settings, now)
    yield _by("interactions", "Interactions by state.", "state", told["interactions"])
    yield _by("outbox", "Writes by state.", "state", told["outbox"])
    yield _by("shadow_rows", "Records in the local copy of Zoho.", "module", _rows(told["shadow"]))
    yield from _connections(told["connections"])
    yield from _credits(credits.report(session, desk.settings, now))
    yield _gauge("alerts", "What a person should see to.", {(): len(told["alerts"])})
    seconds = readiness.last_round_seconds(session)
    if seconds is not None:
        yield _gauge("last_round_duration_seconds", "How long the last round took.", {(): seconds})


def _connections(connections: Iterable[Mapping[str, Any]]) -> Iterator[Metric]:
    enabled = {(one["name"], one["kind"]): one for one in connections if one["enabled"]}
    names = ("connection", "kind")
    up: _Values = {labels: one["ok"] for labels, one in enabled.items()}
    lags: _Values = {labels: one["lag"] for labels, one in enabled.items() if one["lag"] is not None}
    yield _gauge("connection_up", "Whether the connection works.", up, names)
    yield _gauge("connection_lag_seconds", "Since the connection last worked.", lags, names)


def _credits(report: credits.CreditReport) -> Iterator[Metric]:
    yield _gauge("credits_limit", "API credits that the org has in 24 hours.", {(): report.limit})
    yield _gauge("credits_left", "API credits that are left of them.", {(): report.left})
    yield _gauge("credits_usable", "API credits that we may spend in 24 hours.", {(): report.usable})
    yield _by("credits_used", "API credits that we spent in the last 24 hours.", "purpose", report.by_purpose)


def _rows(shadow: Mapping[str, Any]) -> dict[str, int]:
    return {name: shadow[name] for name in (*(Module(module).value for module in SHADOWED), "Users")}


def _pushes(desk: Desk) -> Metric:
    help_ = "Pushes by what became of them."
    family = CounterMetricFamily("activity_sync_pushes", help_, labels=("connection", "outcome"))
    for (connection, outcome), count in sorted(desk.tally.counts().items()):
        family.add_metric((connection, outcome), count)
    return family


def _by(name: str, meaning: str, label: str, values: Mapping[str, int]) -> Metric:
    return _gauge(name, meaning, {(one,): count for one, count in values.items()}, (label,))


def _gauge(name: str, meaning: str, values: _Values, labels: tuple[str, ...] = ()) -> Metric:
    family = GaugeMetricFamily(f"activity_sync_{name}", meaning, labels=labels)
    for found, value in values.items():
        family.add_metric(found, float(value))
    return family
