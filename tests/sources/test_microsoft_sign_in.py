"""Signing in at Microsoft with the real msal: secrets, certificates, device codes, custom authorities."""

from __future__ import annotations

import functools
import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest
import respx
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12

from activity_sync.calendars.microsoft import device_code_sign_in
from activity_sync.calendars.microsoft.owner import owner
from activity_sync.calendars.microsoft.refusals import of_token
from activity_sync.calendars.microsoft.sign_in import scope
from activity_sync.model.failures import ConnectionFailure, SignInAgain, TryLater, Unexpected
from activity_sync.model.settings import MicrosoftCalendar
from activity_sync.simulator.mishaps import Mishap
from activity_sync.simulator.network import Request, Response, Server, json_response
from tests.sources.microsoft_stage import Kept, MicrosoftStage
from tests.sources.stage import JO, MAX, span


def refusal(source: Any, part: str = JO) -> ConnectionFailure:
    with pytest.raises(ConnectionFailure) as caught:
        source.read(part, "", span())
    return caught.value


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (7000222, "client_secret"),
        (7000215, "client_secret"),
        (90002, "tenant_id"),
        (700016, "client_id"),
        (53003, "Conditional Access"),
        (7000112, "Enterprise"),
    ],
)
def test_what_microsoft_refuses_is_named_with_its_remedy(microsoft: MicrosoftStage, number: int, words: str) -> None:
    if number in {7000222, 53003, 7000112}:
        microsoft.simulator.identity.refused = number
    wrong = {7000215: {"client_secret": "hunter2"}, 90002: {"tenant_id": "nowhere"}, 700016: {"client_id": "nobody"}}
    refused = refusal(microsoft.open(**wrong.get(number, {})))
    assert type(refused) is SignInAgain
    assert str(number) in refused.why
    assert words in refused.next_step + refused.why
    assert "hunter2" not in refused.why + refused.next_step


def test_one_wrong_secret_is_not_tried_for_every_rep(microsoft: MicrosoftStage) -> None:
    source = microsoft.open(client_id="nobody")
    for part in (JO, MAX, JO):
        refusal(source, part)
    assert len(microsoft.asked("/oauth2/v2.0/token")) == 1


@pytest.mark.parametrize("mishap", [Mishap.ERROR_BEFORE, Mishap.BAD_GATEWAY, Mishap.DROP_BEFORE, Mishap.TOO_MANY])
@pytest.mark.parametrize("path", ["openid-configuration", "oauth2"])
def test_a_sign_in_that_is_down_is_tried_later(microsoft: MicrosoftStage, mishap: Mishap, path: str) -> None:
    microsoft.simulator.mishaps.plan(mishap, path=path, times=9)
    assert isinstance(refusal(microsoft.source), TryLater)


@pytest.mark.parametrize("path", ["openid-configuration", "oauth2"])
def test_a_web_page_is_no_sign_in(microsoft: MicrosoftStage, path: str, caplog: pytest.LogCaptureFixture) -> None:
    microsoft.simulator.mishaps.plan(Mishap.HTML, path=path, times=9)
    with caplog.at_level(logging.DEBUG):
        assert isinstance(refusal(microsoft.source), Unexpected)
    assert "back soon" not in caplog.text


@pytest.mark.parametrize("answer", [{}, [], "x", 7, {"access_token": 7}, {"error": 7}, {"error_codes": ["x"]}])
def test_an_odd_answer_is_no_token(microsoft: MicrosoftStage, answer: Any) -> None:
    def answered(request: Request) -> Response:
        return json_response(answer) if request.path.endswith("/token") else microsoft.simulator.handle(request)

    with Server(answered) as server:
        refused = refusal(microsoft.open(authority=server.url))
    assert isinstance(refused, Unexpected | SignInAgain)


def test_no_host_but_authority_and_graph_is_ever_asked(
    microsoft: MicrosoftStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the tenant's description points to, and whatever the environment says of regions."""
    monkeypatch.setenv("MSAL_FORCE_REGION", "westeurope")
    asked: list[str] = []
    real = microsoft.source._opened().session.__class__.send
    monkeypatch.setattr(
        "httpx.Client.send",
        lambda client, request, **more: asked.append(request.url.host) or real(client, request, **more),
    )

    def elsewhere(request: Request) -> Response:
        answer = microsoft.simulator.handle(request)
        if not request.path.endswith("openid-configuration"):
            return answer
        host = server.url.removeprefix("http://")
        told = orjson.loads(answer.body)
        return json_response({name: str(value).replace(microsoft.url.removeprefix("http://"), "login.microsoftonline.com") for name, value in told.items()} | {"x": host})  # fmt: skip # noqa: E501

    microsoft.meet()
    with Server(elsewhere) as server:
        source = microsoft.open(authority=server.url)
        assert len(source.read(JO, "", span()).sightings) == 1
    assert set(asked) == {"127.0.0.1"}


@pytest.mark.parametrize(
    ("graph", "asked"),
    [
        ("https://graph.microsoft.com/v1.0", "https://graph.microsoft.com/.default"),
        ("https://graph.microsoft.us/v1.0", "https://graph.microsoft.us/.default"),
        ("https://microsoftgraph.chinacloudapi.cn/v1.0", "https://microsoftgraph.chinacloudapi.cn/.default"),
        ("http://127.0.0.1:8080/v1.0", "https://graph.microsoft.com/.default"),
    ],
)
def test_the_scope_is_that_of_the_cloud(graph: str, asked: str) -> None:
    told = {"name": "m", "kind": "microsoft", "tenant_id": "t", "client_id": "c", "graph_url": graph}
    assert scope(MicrosoftCalendar.model_validate(told)) == asked


# --- certificates ------------------------------------------------------------------------------------------------


@functools.cache
def made(name: str) -> tuple[rsa.RSAPrivateKey, x509.Certificate]:
    key = rsa.generate_private_key(65537, 2048)
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key())
    builder = builder.serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(days=1))
    return key, builder.not_valid_after(now + timedelta(days=1)).sign(key, hashes.SHA256())


def pem(name: str, passphrase: bytes = b"") -> tuple[bytes, bytes]:
    key, certificate = made(name)
    hidden = serialization.BestAvailableEncryption(passphrase) if passphrase else serialization.NoEncryption()
    key_pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, hidden)
    return key_pem, certificate.public_bytes(serialization.Encoding.PEM)


def pfx() -> bytes:
    key, certificate = made("a")
    return pkcs12.serialize_key_and_certificates(b"app", key, certificate, None, serialization.NoEncryption())


@pytest.mark.parametrize("form", ["key first", "certificate first", "pfx"])
def test_a_certificate_stands_for_a_secret(microsoft: MicrosoftStage, tmp_path: Path, form: str) -> None:
    key, certificate = pem("a")
    file = tmp_path / "app.pem"
    file.write_bytes({"key first": key + certificate, "certificate first": certificate + key, "pfx": pfx()}[form])
    microsoft.simulator.identity.certificates.append(certificate)
    microsoft.meet()
    source = microsoft.open(client_secret=None, certificate_file=str(file))
    assert len(source.read(JO, "", span()).sightings) == 1
    assert microsoft.asked("/token")[0].form()["client_assertion"].count(".") == 2


def test_a_certificate_that_is_not_registered_is_named_and_a_new_file_is_noticed(
    microsoft: MicrosoftStage, tmp_path: Path
) -> None:
    file = tmp_path / "app.pem"
    file.write_bytes(b"".join(pem("b")))
    microsoft.simulator.identity.certificates.append(pem("a")[1])
    source = microsoft.open(client_secret=None, certificate_file=str(file))
    refused = refusal(source)
    assert "700027" in refused.why
    assert "certificate_file" in refused.next_step
    file.write_bytes(b"".join(pem("a")))
    source.read(JO, "", span())


@pytest.mark.parametrize(
    ("raw", "what"),
    [
        (lambda: pem("a")[0], "has no certificate"),
        (lambda: pem("a")[1], "has no private key"),
        (lambda: pem("a", b"hunter2")[0] + pem("a")[1], "has a private key with a passphrase"),
        (lambda: pem("a")[0] + pem("b")[1], "do not belong together"),
        (lambda: b"hunter2", "is neither PEM nor PFX"),
        (lambda: b"", "is neither PEM nor PFX"),
        (lambda: pem("a")[0].replace(b"MII", b"hunter2") + pem("a")[1], "holds no usable key"),
    ],
)
def test_a_wrong_certificate_file_is_named_without_its_contents(
    microsoft: MicrosoftStage, tmp_path: Path, raw: Any, what: str
) -> None:
    file = tmp_path / "app.pem"
    file.write_bytes(raw())
    refused = refusal(microsoft.open(client_secret=None, certificate_file=str(file)))
    assert isinstance(refused, SignInAgain)
    assert str(file) in refused.why
    assert what in refused.why
    assert "hunter2" not in refused.why + refused.next_step


def test_a_missing_certificate_file_is_named(microsoft: MicrosoftStage, tmp_path: Path) -> None:
    assert "cannot be read" in refusal(microsoft.open(client_secret=None, certificate_file=str(tmp_path / "no"))).why


# --- one person --------------------------------------------------------------------------------------------------


def signed_in(microsoft: MicrosoftStage, kept: Kept, **more: Any) -> Any:
    """A connection of a person, after `connect microsoft m365`."""
    source = microsoft.open(tokens=kept, client_secret=None, **more)
    told: list[str] = []

    def approve(message: str) -> None:
        told.append(message)
        microsoft.simulator.identity.approve(message.split()[-1].rstrip("."), JO)

    assert device_code_sign_in(source.calendar, kept, approve) == JO
    assert "devicelogin" in told[0]
    return source


def test_one_person_signs_in_by_device_code_and_reads_the_own_calendar(microsoft: MicrosoftStage) -> None:
    microsoft.meet()
    source = signed_in(microsoft, Kept())
    assert source.parts([]) == (JO,)
    event_id = source.read(JO, "", span()).sightings[0].event_id
    assert len(source.again(JO, [event_id]).sightings) == 1
    assert {request.path.split("/")[2] for request in microsoft.asked()} == {"me"}


def test_the_sign_in_outlives_the_program_and_is_renewed(microsoft: MicrosoftStage) -> None:
    kept = Kept()
    signed_in(microsoft, kept)
    again = microsoft.open(tokens=kept, client_secret=None)
    again.read(JO, "", span())
    assert len(microsoft.asked("/token")) == 1  # what was stored still lives
    before = dict(kept.held)
    microsoft.simulator.identity.end_tokens()
    again.read(JO, "", span())
    assert microsoft.asked("/token")[-1].form()["grant_type"] == "refresh_token"
    assert kept.held != before
    microsoft.simulator.identity.end_tokens()
    microsoft.open(tokens=kept, client_secret=None).read(JO, "", span())  # refresh tokens change each time


def test_a_sign_in_that_ended_names_the_command(microsoft: MicrosoftStage) -> None:
    kept = Kept()
    source = signed_in(microsoft, kept)
    microsoft.simulator.identity.sign_out(JO)
    refused = refusal(source)
    assert isinstance(refused, SignInAgain)
    assert "activity-sync connect microsoft m365" in refused.next_step


def test_nobody_signed_in_is_one_part_that_names_the_command(microsoft: MicrosoftStage) -> None:
    source = microsoft.open(tokens=Kept(), client_secret=None)
    assert source.parts([]) == ("",)
    assert "activity-sync connect microsoft m365" in refusal(source, "").next_step


@pytest.mark.parametrize("stored", ["", "rubbish", "[]", "{}", '{"holder": "another", "cache": "{}"}'])
def test_what_was_stored_for_another_app_is_of_no_use(microsoft: MicrosoftStage, stored: str) -> None:
    source = microsoft.open(tokens=Kept({"microsoft.m365": stored}), client_secret=None)
    assert isinstance(refusal(source, ""), SignInAgain)


def test_the_only_listed_address_names_the_calendar_of_who_signed_in(microsoft: MicrosoftStage) -> None:
    source = signed_in(microsoft, Kept(), reps=["jo.smith@acme.example"])
    assert source.parts([]) == ("jo.smith@acme.example",)
    source.read("jo.smith@acme.example", "", span())


def test_a_declined_code_says_so(microsoft: MicrosoftStage) -> None:
    source = microsoft.open(tokens=Kept(), client_secret=None)
    with pytest.raises(SignInAgain, match="Nobody signed in") as caught:
        device_code_sign_in(
            source.calendar,
            Kept(),
            lambda message: microsoft.simulator.identity.decline(message.split()[-1].rstrip(".")),
        )
    assert "connect microsoft m365" in caught.value.next_step


def test_a_device_code_for_an_unknown_app_is_refused_with_a_remedy(microsoft: MicrosoftStage) -> None:
    source = microsoft.open(tokens=Kept(), client_secret=None, client_id="nobody")
    with pytest.raises(SignInAgain) as caught:
        device_code_sign_in(source.calendar, Kept(), lambda _: None)
    assert "client_id" in caught.value.next_step


@respx.mock
@pytest.mark.parametrize(
    ("calendar", "person", "whose"),
    [({"owner": {"name": "Jo", "address": "Jo@acme.example"}}, {}, JO), (None, {"userPrincipalName": JO}, JO),
     ([], {"mail": None, "userPrincipalName": 5}, "")],
)  # fmt: skip
def test_a_sign_in_that_does_not_say_whose_it_is_is_known_by_its_calendar(
    calendar: Any, person: Any, whose: str
) -> None:
    mine = MicrosoftCalendar(name="m", kind="microsoft", tenant_id="t", client_id="c", reps="all")
    respx.get(f"{mine.graph_url}/me/calendar").respond(403 if calendar is None else 200, json=calendar)
    respx.get(f"{mine.graph_url}/me").respond(200, json=person)
    with httpx.Client() as session:
        assert owner(mine, session, "token") == whose


@pytest.mark.parametrize("number", [50173, 700082, 50076, 50079])
def test_a_person_is_asked_to_sign_in_again_only_where_that_helps(number: int) -> None:
    told = {"error": "invalid_grant", "error_codes": [number]}
    assert "connect" in of_token(told, 400, "activity-sync connect microsoft m").next_step
    public = of_token(told | {"error_codes": [7000218]}, 401, "activity-sync connect microsoft m")
    assert "allow public client flows" in public.next_step
    blocked = of_token(told | {"error_codes": [53003]}, 400, "activity-sync connect microsoft m")
    assert "Conditional Access" in blocked.why
