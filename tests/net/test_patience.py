"""Re-sending: only what is safe, only for a short while, and as the other side asks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from activity_sync.net.patience import Patience

Outcome = int | httpx.Response | Exception


@dataclass(slots=True)
class Wire(httpx.BaseTransport):
    """Plays outcomes one after the other; the last one again and again."""

    outcomes: list[Outcome]
    sent: int = 0

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        outcome = self.outcomes[min(self.sent, len(self.outcomes) - 1)]
        self.sent += 1
        if isinstance(outcome, Exception):
            raise outcome
        return outcome if isinstance(outcome, httpx.Response) else httpx.Response(outcome)


@dataclass(slots=True)
class Watch:
    """A clock that moves only while somebody waits."""

    now: float = 0.0
    waits: list[float] = field(default_factory=list)

    def pause(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now += seconds

    def read(self) -> float:
        return self.now


def ask(outcomes: list[Outcome], method: str = "GET", **options: Any) -> tuple[httpx.Response, Wire, list[float]]:
    wire, watch = Wire(outcomes), Watch()
    extensions = options.pop("extensions", {})
    patience = Patience(wire=wire, pause=watch.pause, clock=watch.read, draw=lambda: 1.0, **options)
    with httpx.Client(transport=patience) as client:
        response = client.request(method, "https://api.globex.example/x", extensions=extensions)
    return response, wire, watch.waits


class BrokenOff(httpx.SyncByteStream):
    def __iter__(self) -> Iterator[bytes]:
        yield b'{"da'
        raise httpx.RemoteProtocolError("cut")


def test_an_answer_that_breaks_off_is_asked_for_again_if_that_is_safe() -> None:
    response, wire, _ = ask([httpx.Response(200, stream=BrokenOff()), 200])
    assert (response.status_code, wire.sent) == (200, 2)
    with pytest.raises(httpx.RemoteProtocolError):
        ask([httpx.Response(200, stream=BrokenOff()), 200], method="POST")
    with pytest.raises(httpx.RemoteProtocolError):
        ask([httpx.Response(200, stream=BrokenOff()), 200], extensions={"streamed": True})


@pytest.mark.parametrize("trouble", [429, 500, 502, 503, 504, httpx.ConnectError("no"), httpx.ReadTimeout("slow")])
def test_a_safe_call_is_sent_again(trouble: Outcome) -> None:
    response, wire, waits = ask([trouble, 200])
    assert (response.status_code, wire.sent, waits) == (200, 2, [1.0])


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("trouble", [429, 503])
def test_a_write_is_never_sent_again(method: str, trouble: int) -> None:
    response, wire, waits = ask([trouble, 200], method)
    assert (response.status_code, wire.sent, waits) == (trouble, 1, [])


def test_a_write_whose_connection_broke_is_never_sent_again() -> None:
    with pytest.raises(httpx.ReadError):
        ask([httpx.ReadError("reset"), 200], "POST")


def test_a_post_that_only_reads_is_safe_when_it_says_so() -> None:
    assert ask([503, 200], "POST", extensions={"safe": True})[0].status_code == 200


def test_a_get_that_does_something_is_not_safe_when_it_says_so() -> None:
    assert ask([503, 200], extensions={"safe": False})[0].status_code == 503


@pytest.mark.parametrize("status", [200, 204, 304, 400, 401, 403, 404, 410, 501])
def test_an_answer_is_an_answer(status: int) -> None:
    assert ask([status])[1].sent == 1


def test_waits_grow_and_tries_end() -> None:
    response, wire, waits = ask([503], tries=5, most=5.0)
    assert (response.status_code, wire.sent) == (503, 5)
    assert waits == [1.0, 2.0, 4.0, 5.0]


def test_the_wait_is_a_share_drawn_by_lot() -> None:
    wire, waits = Wire([503, 200]), []
    with httpx.Client(transport=Patience(wire=wire, pause=waits.append, draw=lambda: 0.25)) as client:
        client.get("https://api.globex.example/")
    assert waits == [0.25]


def test_a_wait_that_is_asked_for_is_kept_to_the_second() -> None:
    asked = httpx.Response(429, headers={"Retry-After": "7"})
    assert ask([asked, 200])[2] == [7.0]


def test_a_wait_may_be_given_as_a_date() -> None:
    headers = {"Date": "Mon, 02 Mar 2026 12:00:00 GMT", "Retry-After": "Mon, 02 Mar 2026 12:00:09 GMT"}
    assert ask([httpx.Response(503, headers=headers), 200])[2] == [9.0]


def test_a_wait_that_nobody_can_read_is_not_obeyed() -> None:
    assert ask([httpx.Response(503, headers={"Retry-After": "soon"}), 200])[2] == [1.0]


def test_a_wait_that_is_too_long_is_handed_on_at_once() -> None:
    response, wire, waits = ask([httpx.Response(429, headers={"Retry-After": "3600"}), 200])
    assert (response.status_code, wire.sent, waits) == (429, 1, [])


def test_all_tries_together_take_no_longer_than_allowed() -> None:
    _, _, waits = ask([503], tries=100, longest=20.0)
    assert sum(waits) <= 20.0


def test_the_last_error_is_told() -> None:
    with pytest.raises(httpx.ConnectTimeout):
        ask([httpx.ConnectError("no"), httpx.ConnectTimeout("no")], tries=2)


def test_what_a_call_costs_is_booked_before_every_sending() -> None:
    booked: list[int] = []
    ask([503, 503, 200], extensions={"before_sending": lambda: booked.append(1)})
    assert len(booked) == 3


def test_a_booking_that_fails_stops_the_sending() -> None:
    class Spent(Exception):  # noqa: N818
        pass

    def book() -> None:
        raise Spent

    wire = Wire([200])
    with httpx.Client(transport=Patience(wire=wire)) as client, pytest.raises(Spent):
        client.get("https://api.globex.example/", extensions={"before_sending": book})
    assert wire.sent == 0


def test_calls_keep_their_distance() -> None:
    watch = Watch()
    patience = Patience(wire=Wire([200]), pause=watch.pause, clock=watch.read, gap=0.5)
    with httpx.Client(transport=patience) as client:
        for _ in range(3):
            client.get("https://api.globex.example/")
    assert watch.now == 1.0


def test_an_answer_that_is_not_used_is_closed() -> None:
    closed: list[bool] = []

    class Stream(httpx.SyncByteStream):
        def __iter__(self) -> Iterator[bytes]:
            yield b""

        def close(self) -> None:
            closed.append(True)

    ask([httpx.Response(503, stream=Stream()), 200])
    assert closed == [True]
