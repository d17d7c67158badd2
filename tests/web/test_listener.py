"""Where it listens, what happens when it cannot, and that it ends."""

from __future__ import annotations

import socket
import time
from pathlib import Path

import httpx
import pytest

from activity_sync.schedule import Schedule
from activity_sync.web import Listener
from activity_sync.web.listener import bind
from tests.config.builders import told
from tests.web.conftest import Serve, opened


@pytest.mark.parametrize("listen", ["0.0.0.0:0", "192.0.2.1:8321", "[::]:0"])
def test_only_this_machine_itself_can_be_listened_on(tmp_path: Path, listen: str) -> None:
    with pytest.raises(OSError, match="is not this machine itself"):
        bind(listen)
    (line,) = told(tmp_path, {"web.listen": listen})
    assert line.startswith("web.login: is needed when web.listen is not this machine itself")


def test_it_listens_by_name_too() -> None:
    with bind("localhost:0") as bound:
        assert bound.getsockname()[1] > 0


def test_it_listens_nowhere_when_told_so(tmp_path: Path) -> None:
    app = opened(tmp_path, {"web": {"listen": None}, "dialers": []})
    listener = Listener(app, Schedule(app.settings))
    listener.start()
    assert (listener.address, listener.wait(0)) == (None, False)
    listener.stop()
    app.close()


def test_a_taken_address_is_said_once_and_had_when_it_is_free(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("activity_sync.web.listener._RETRY", 0.05)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        host, port = taken.getsockname()
        app = opened(tmp_path, {"web": {"listen": f"{host}:{port}"}})
        listener = Listener(app, Schedule(app.settings))
        listener.start()
        assert not listener.wait(0.4)
    assert listener.wait(10)
    assert httpx.get(f"http://{host}:{port}/healthz", trust_env=False).status_code == 200
    listener.stop()
    app.close()
    said = "".join(capfd.readouterr())
    assert said.count("cannot listen") == 1
    assert f"{host}:{port}" in said


def test_it_ends_within_two_seconds_though_somebody_hangs_on(serve: Serve) -> None:
    served = serve()
    assert served.listener.address is not None
    with socket.create_connection(served.listener.address) as slow:
        slow.sendall(b"POST /hooks/aircall HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n{")
        time.sleep(0.2)
        before = time.monotonic()
        address = served.listener.address
        served.listener.stop()
        assert time.monotonic() - before < 2.5
    with pytest.raises(OSError, match="refused"), socket.create_connection(address):
        pass


def test_another_address_is_taken_when_the_config_is_read_again(serve: Serve, tmp_path: Path) -> None:
    served = serve()
    fresh = opened(tmp_path, {"web": {"listen": "localhost:0"}})
    before = served.listener.address
    served.listener.use(fresh, Schedule(fresh.settings))
    assert served.listener.wait(10)
    assert served.listener.address not in (None, before)
    fresh.close()
