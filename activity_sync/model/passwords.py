"""What is kept in the place of a password: its scrypt hash, with a salt of its own."""

from __future__ import annotations

import hashlib
import hmac
import re
from base64 import b64decode, b64encode

SALT = 16
"""Bytes."""

FORM = re.compile(r"scrypt:[A-Za-z0-9+/]{22}==:[A-Za-z0-9+/]{43}=")


def hash_of(password: str, salt: bytes) -> str:
    """The hash of a password with `SALT` random bytes, in the form that `fits` reads. Takes a twentieth of a second."""
    key = hashlib.scrypt(password.encode(), salt=salt, n=2**14, r=8, p=1, dklen=32)
    return f"scrypt:{b64encode(salt).decode()}:{b64encode(key).decode()}"


def fits(password: str, kept: str) -> bool:
    """Whether a password is the one behind a hash; nothing fits what is no hash."""
    if not FORM.fullmatch(kept):
        return False
    return hmac.compare_digest(hash_of(password, b64decode(kept.split(":")[1])), kept)
