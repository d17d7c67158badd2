"""One vendor's interface: gates by group, failures by name."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest
import respx

from activity_sync.model.failures import ConnectionFailure, Refused, SignInAgain, TryLater, Unexpected
from activity_sync.net import vendor
from activity_sync.net.vendor import Manners, Vendor

URL = "https://calls.vendor.example/list"


class Bench:
    """A vendor whose waits push its clock."""

    def __init__(self) -> None:
        self.now, self.waits = datetime(2026, 3, 9, 12, tzinfo=UTC), list[float]()
        self.vendor = Vendor(
            Manners(name="Vendor", sign_in="Make a new key."), httpx.BasicAuth("a", "b"), lambda: self.now, self.wait
        )

    def wait(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    monkeypatch.setattr(vendor, "TRIES", 1)
    bench = Bench()
    yield bench
    bench.vendor.close()


def spent(seconds: str | None) -> httpx.Response:
    return httpx.Response(429, headers={} if seconds is None else {"Retry-After": seconds})


@respx.mock
def test_a_spent_group_is_waited_for_and_a_second_more(bench: Bench) -> None:
    respx.get(URL).mock(side_effect=[spent("20"), spent(None), httpx.Response(200, json={"ok": 1})])
    assert bench.vendor.needed(URL, group="heavy") == {"ok": 1}
    assert bench.waits == [21.0, 61.0]


@respx.mock
def test_what_is_shut_for_long_sends_nothing_and_leaves_the_other_groups_open(bench: Bench) -> None:
    route = respx.get(URL).mock(side_effect=[spent("900"), httpx.Response(200, json={}), httpx.Response(200, json={})])
    for _ in range(3):
        bench.vendor.begin()
        with pytest.raises(TryLater) as caught:
            bench.vendor.get(URL, group="heavy")
        assert caught.value.after == timedelta(seconds=901)
    assert route.call_count == 1
    bench.vendor.get(URL, group="light")
    bench.now += timedelta(seconds=901)
    bench.vendor.get(URL, group="heavy")
    assert (route.call_count, bench.waits) == (3, [])


@respx.mock
def test_many_short_waits_end_too(bench: Bench) -> None:
    respx.get(URL).mock(return_value=spent("50"))
    with pytest.raises(TryLater):
        bench.vendor.get(URL)
    assert bench.waits == [51.0, 51.0, 51.0]
    bench.vendor.begin()
    with pytest.raises(TryLater):
        bench.vendor.get(URL)
    assert len(bench.waits) == 6


@respx.mock
@pytest.mark.parametrize(
    ("answer", "failure"),
    [
        (httpx.Response(401), SignInAgain),
        (httpx.Response(403), SignInAgain),
        (httpx.Response(404), Refused),
        (httpx.Response(400, json={"secret": "hunter2"}), Refused),
        (httpx.Response(204), Unexpected),
        (httpx.Response(302, headers={"Location": "https://hunter2.example"}), Unexpected),
        (httpx.Response(503, text="hunter2"), TryLater),
        (httpx.Response(200, text="<html>hunter2</html>"), Unexpected),
        (httpx.Response(200, json=[1]), Unexpected),
        (httpx.ConnectError("hunter2"), TryLater),
        (httpx.DecodingError("hunter2"), Unexpected),
    ],
)
def test_each_failure_is_named_without_what_the_vendor_said(
    bench: Bench, answer: httpx.Response | Exception, failure: type[ConnectionFailure]
) -> None:
    respx.get(URL).mock(side_effect=[answer])
    with pytest.raises(failure, match=r"^Vendor") as caught:
        bench.vendor.get(URL)
    assert "hunter2" not in caught.value.why + caught.value.next_step
    assert caught.value.next_step


@respx.mock
def test_what_may_be_missing_is_none(bench: Bench) -> None:
    respx.get(URL).mock(return_value=httpx.Response(404))
    assert bench.vendor.get(URL, missing=True) is None
