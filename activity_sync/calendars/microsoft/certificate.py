"""The app's certificate and its private key, in one file."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from activity_sync.model.failures import SignInAgain

_REMEDY = "Put a PEM file with the private key (without a passphrase) and its certificate there, or a PFX without one."
_BLOCK = re.compile(rb"-----BEGIN ([A-Z0-9 ]+)-----.+?-----END \1-----", re.DOTALL)


def read_certificate(path: Path) -> dict[str, str]:
    """What msal takes for a credential. Raises SignInAgain for a file that holds no key with its certificate."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise _wrong(path, f"cannot be read ({error.strerror})") from None
    if b"-----BEGIN" not in raw:
        _check(path, *_of_pfx(path, raw))
        return {"private_key_pfx_path": str(path)}
    key, certificate = _blocks(path, raw)
    _check(path, *_of_pem(path, key, certificate))
    return {"private_key": key.decode(), "public_certificate": certificate.decode()}


def _blocks(path: Path, raw: bytes) -> tuple[bytes, bytes]:
    blocks = [(found[1], found[0]) for found in _BLOCK.finditer(raw)]
    key = next((block for what, block in blocks if what.endswith(b"PRIVATE KEY")), b"")
    certificate = next((block for what, block in blocks if what == b"CERTIFICATE"), b"")
    if not key or not certificate:
        raise _wrong(path, "has no certificate" if key else "has no private key")
    if b"ENCRYPTED" in key:
        raise _wrong(path, "has a private key with a passphrase")
    return key, certificate


def _of_pem(path: Path, key: bytes, certificate: bytes) -> tuple[Any, Any]:
    from cryptography.hazmat.primitives.serialization import load_pem_private_key
    from cryptography.x509 import load_pem_x509_certificate

    try:
        return load_pem_private_key(key, None), load_pem_x509_certificate(certificate)
    except (ValueError, TypeError):
        raise _wrong(path, "holds no usable key and certificate") from None


def _of_pfx(path: Path, raw: bytes) -> tuple[Any, Any]:
    from cryptography.hazmat.primitives.serialization.pkcs12 import load_key_and_certificates

    try:
        key, certificate, _ = load_key_and_certificates(raw, None)
    except (ValueError, TypeError):
        raise _wrong(path, "is neither PEM nor PFX without a passphrase") from None
    return key, certificate


def _check(path: Path, key: Any, certificate: Any) -> None:
    if key is None or certificate is None or key.public_key() != certificate.public_key():
        raise _wrong(path, "holds a key and a certificate that do not belong together")


def _wrong(path: Path, what: str) -> SignInAgain:
    return SignInAgain(f"The certificate file {path} {what}.", _REMEDY)
