"""The self-test from its beginning to its end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from activity_sync.model.failures import ConnectionFailure
from activity_sync.model.learned import Finding, Learned, SelfTest
from activity_sync.model.records import OrgFacts
from activity_sync.zoho.client import Client
from activity_sync.zoho.self_test.probes import PROBES, Trial, broken_off
from activity_sync.zoho.self_test.records import Bench


def self_test(
    client: Client, key_field: str | None, org: OrgFacts, now: datetime, pause: Callable[[float], bool]
) -> SelfTest:
    """Try everything on records of its own: about 25 credits.

    `org`: as it was read just before. No failure of Zoho's is raised: it breaks the test off, and is its last finding.
    Its records are removed whatever happens.
    """
    bench = Bench(client, org, now, pause)
    trial = Trial(bench, key_field or "", Learned(at=now))
    findings: list[Finding] = []
    whole = False
    left: tuple[str, ...] = ()
    try:
        bench.sweep()
        for probe in PROBES:
            findings += probe(trial)
        whole = True
    except ConnectionFailure as failure:
        findings.append(broken_off(failure))
    finally:
        left = bench.clean(thorough=not whole)
    return SelfTest(
        learned=trial.learned if whole else None, findings=tuple(findings), removed=bench.removed, left=left
    )
