"""RingCentral's webhooks: the handshake, and the token that comes back."""

from __future__ import annotations

import pytest

from activity_sync.dialers.ringcentral import handshake, verify

TOKEN = "f3a1-token-of-ours"


def test_the_handshake_is_answered_with_its_own_token_in_few_bytes() -> None:
    answer = handshake({"Validation-Token": "v-123", "Content-Length": "0"}, b"")
    assert answer == {"Validation-Token": "v-123", "Content-Type": "application/json"}
    assert sum(len(name) + len(value) + 4 for name, value in answer.items()) <= 1024


def test_a_notice_is_no_handshake_though_it_carries_the_same_header() -> None:
    assert handshake({"validation-token": TOKEN}, b'{"uuid":"1"}') is None
    assert handshake({}, b"") is None


@pytest.mark.parametrize("token", ["x" * 600, "a\r\nSet-Cookie: b", "t\u00f6ken"])
def test_a_token_that_cannot_be_sent_back_is_refused(token: str) -> None:
    with pytest.raises(ValueError, match="cannot be sent back"):
        handshake({"Validation-Token": token}, b"")


@pytest.mark.parametrize("header", ["Validation-Token", "validation-token", "Verification-Token"])
def test_our_token_in_either_header_proves_a_notice(header: str) -> None:
    assert verify({header: TOKEN}, TOKEN)


@pytest.mark.parametrize(
    ("headers", "token"),
    [
        ({}, TOKEN),
        ({"Validation-Token": "another"}, TOKEN),
        ({"Validation-Token": f"{TOKEN} "}, TOKEN),
        ({"Validation-Token": ""}, ""),
        ({}, ""),
        ({"Authorization": TOKEN}, TOKEN),
        ({"Validation-Token": "\u00e9"}, TOKEN),
    ],
)
def test_anything_else_proves_nothing(headers: dict[str, str], token: str) -> None:
    assert not verify(headers, token)
