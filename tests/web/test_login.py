"""Who listens elsewhere than on this machine shows figures to those only whom `web.login` names."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from activity_sync.model.passwords import SALT, fits, hash_of
from tests.config.builders import told
from tests.web.conftest import Serve

PASSWORD = "a long pass:phrase"
LOGIN = {"users": {"ops": hash_of(PASSWORD, b"s" * SALT)}}


def test_only_the_password_itself_fits_its_hash() -> None:
    kept = hash_of("pässword", b"0" * SALT)
    assert fits("pässword", kept)
    assert not fits("password", kept)
    assert not fits("pässword", "pässword")
    assert kept != hash_of("pässword", b"1" * SALT)


def test_figures_and_reasons_are_for_users_and_health_and_hooks_for_all(serve: Serve) -> None:
    served = serve(web={"listen": "127.0.0.1:0", "login": LOGIN})
    refused = served.client.get("/metrics")
    assert (refused.status_code, refused.headers["www-authenticate"].partition(" ")[0]) == (401, "Basic")
    for wrong in (("ops", "another"), ("ops", ""), ("nobody", PASSWORD), ("", "")):
        assert served.client.get("/metrics", auth=wrong).status_code == 401
    for _ in range(20):  # who is known is not held up
        assert served.client.get("/metrics", auth=("ops", PASSWORD)).status_code == 200
    assert "reasons" not in served.client.get("/readyz").json()
    assert "reasons" in served.client.get("/readyz", auth=("ops", PASSWORD)).json()
    assert served.client.get("/healthz").status_code == 200
    assert served.push("aircall", {}).status_code == 401  # its own signature is asked for, not the login
    assert "token" in served.push("aircall", {}).json()["error"]


def test_a_header_of_another_form_opens_nothing(serve: Serve) -> None:
    served = serve(web={"listen": "127.0.0.1:0", "login": LOGIN})
    for header in ("Bearer x", "Basic", "Basic %%%", "Basic /w==", "basic b3Bz"):
        assert served.client.get("/metrics", headers={"Authorization": header}).status_code == 401


def test_who_tries_too_often_has_to_wait(serve: Serve) -> None:
    served = serve(web={"listen": "127.0.0.1:0", "login": LOGIN})
    answers = [served.client.get("/metrics", auth=("ops", f"guess {number}")) for number in range(12)]
    assert [one.status_code for one in answers] == [401] * 10 + [429] * 2
    assert int(answers[-1].headers["retry-after"]) >= 1


def test_with_a_login_every_address_can_be_listened_on(serve: Serve) -> None:
    served = serve(web={"listen": "0.0.0.0:0", "login": LOGIN})
    assert served.listener.address is not None
    port = served.listener.address[1]
    assert httpx.get(f"http://127.0.0.1:{port}/metrics", trust_env=False).status_code == 401


@pytest.mark.parametrize(
    ("login", "why"),
    [
        ({"users": {"ops": PASSWORD}}, "web.login.users.ops: must be a hash made by `activity-sync web hash`"),
        ({"users": {}}, "web.login.users: "),
    ],
)
def test_a_login_that_lets_nobody_in_is_a_mistake_of_the_config(tmp_path: Path, login: object, why: str) -> None:
    (line,) = told(tmp_path, {"web": {"listen": "0.0.0.0:8321", "login": login}})
    assert line.startswith(why)
    assert PASSWORD not in line
