"""A client assertion: a JWT signed with the app's certificate, in place of a secret."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import orjson
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509 import load_pem_x509_certificate

from activity_sync.simulator.microsoft.failures import Refused, token_refusal

_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


def public_key_of(certificate: bytes) -> tuple[str, rsa.RSAPublicKey]:
    """The SHA-256 thumbprint of a PEM certificate as it stands in a JWT's header, and its key."""
    loaded = load_pem_x509_certificate(certificate)
    key = loaded.public_key()
    assert isinstance(key, rsa.RSAPublicKey)
    return base64.urlsafe_b64encode(loaded.fingerprint(hashes.SHA256())).decode().rstrip("="), key


def check_assertion(
    form: dict[str, str], client: str, audience: str, keys: Sequence[tuple[str, rsa.RSAPublicKey]], now: datetime
) -> None:
    """Raises Refused unless the assertion is signed by one of these certificates, for this app and this endpoint."""
    if form.get("client_assertion_type") != _TYPE:
        raise _refused(50027, "The client assertion type is not supported.")
    try:
        head, body, signature = form["client_assertion"].split(".")
        header, claims = (orjson.loads(_unpadded(part)) for part in (head, body))
        key = next(key for thumbprint, key in keys if thumbprint == header.get("x5t#S256", "").rstrip("="))
        _verify(key, header.get("alg"), _unpadded(signature), f"{head}.{body}".encode())
    except (ValueError, StopIteration, InvalidSignature):
        raise _refused(
            700027,
            "The certificate with identifier used to sign the client assertion is not registered on application.",
        ) from None
    _check_claims(claims, client, audience, now)


def _verify(key: rsa.RSAPublicKey, algorithm: Any, signature: bytes, signed: bytes) -> None:
    if algorithm == "PS256":
        key.verify(signature, signed, padding.PSS(padding.MGF1(hashes.SHA256()), 32), hashes.SHA256())
    elif algorithm == "RS256":
        key.verify(signature, signed, padding.PKCS1v15(), hashes.SHA256())
    else:
        raise InvalidSignature


def _check_claims(claims: dict[str, Any], client: str, audience: str, now: datetime) -> None:
    if claims.get("iss") != client or claims.get("sub") != client or not claims.get("jti"):
        raise _refused(700021, "Client assertion application identifier doesn't match 'client_id' parameter.")
    if claims.get("aud") != audience:
        raise _refused(700023, "Client assertion audience claim does not match Realm issuer.")
    # The client signs with the machine's clock; ours may be held still by a test.
    if not any(at.timestamp() <= claims.get("exp", 0) for at in (now, datetime.now(UTC))):
        raise _refused(700024, "Client assertion is not within its valid time range.")


def _refused(number: int, message: str) -> Refused:
    return Refused(token_refusal(401, "invalid_client", number, message))


def _unpadded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
