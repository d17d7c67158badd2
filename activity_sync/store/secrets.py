"""Tokens, encrypted. The key is never in the database.

Where the key is looked for, in this order: the file `activity-sync-key` among systemd's credentials; the environment
variable ACTIVITY_SYNC_KEY; a file that only its owner may read, made on first use. Each may hold several keys, one a
line or with commas between: the first encrypts, all of them decrypt.

To change the key: put the new one before the old one and run any command that signs in, such as `activity-sync check`;
on first use everything is encrypted anew with the first key. Then take the old one away.
"""

from __future__ import annotations

import os
import tempfile
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from sqlmodel import select

from activity_sync.store.database import Database
from activity_sync.store.failures import StoreFailure
from activity_sync.store.tables import Secrets
from activity_sync.store.upserting import upsert

_CREDENTIAL = "activity-sync-key"
_VARIABLE = "ACTIVITY_SYNC_KEY"


class StoredTokens:
    """Keeps tokens across restarts, encrypted (`model.ports.TokenStore`)."""

    def __init__(self, database: Database, key_file: Path, environment: Mapping[str, str] = os.environ) -> None:
        """`key_file`: see `key_file_for`. The key is read, or made, when a token is first stored or asked for."""
        self._database = database
        self._key_file = key_file
        self._environment = environment
        self._lock = threading.Lock()
        self._keys: MultiFernet | None = None

    def get(self, name: str) -> str | None:
        """What was stored under this name. Raises StoreFailure when it was encrypted with another key."""
        with self._database.reading() as session:
            row = session.get(Secrets, name)
        if row is None:
            return None
        try:
            return self._cipher().decrypt(row.value.encode()).decode()
        except InvalidToken:
            raise StoreFailure(
                f"What is stored as {name} was encrypted with another key than the one in {self._place()}.",
                "Bring the old key back, or connect again to store a new token.",
            ) from None

    def put(self, name: str, value: str) -> None:
        """Store, replacing; on disk when this returns."""
        hidden = self._cipher().encrypt(value.encode()).decode()
        with self._database.transaction() as session:
            upsert(session, Secrets, [{"name": name, "value": hidden}])

    def forget(self, name: str) -> None:
        """Store nothing under this name any more."""
        with self._database.transaction() as session:
            row = session.get(Secrets, name)
            if row is not None:
                session.delete(row)

    def _cipher(self) -> MultiFernet:
        with self._lock:
            if self._keys is None:
                keys = _fernets(self._key_text(), self._place())
                if len(keys) > 1:
                    self._encrypt_anew(keys)
                self._keys = MultiFernet(keys)
            return self._keys

    def _encrypt_anew(self, keys: Sequence[Fernet]) -> None:
        """Bring everything under the first key; what none of the keys opens stays as it is."""
        with self._database.transaction() as session:
            for row in session.exec(select(Secrets)):
                if not _opens(keys[0], row.value) and _opens(MultiFernet(keys), row.value):
                    row.value = MultiFernet(keys).rotate(row.value.encode()).decode()
                    session.add(row)

    def _place(self) -> str:
        if _credential_file(self._environment) is not None:
            return f"systemd's credential {_CREDENTIAL}"
        return f"${_VARIABLE}" if self._environment.get(_VARIABLE) else str(self._key_file)

    def _key_text(self) -> str:
        credential = _credential_file(self._environment)
        if credential is not None:
            return credential.read_text()
        return self._environment.get(_VARIABLE) or _own_key(self._key_file)


def key_file_for(database: Database, config_folder: Path) -> Path:
    """Where the key file stands: beside a SQLite database, else in the config's folder."""
    if database.file is not None:
        return database.file.with_name(f"{database.file.name}.key")
    return config_folder / "activity-sync.key"


def _credential_file(environment: Mapping[str, str]) -> Path | None:
    folder = environment.get("CREDENTIALS_DIRECTORY")
    path = Path(folder) / _CREDENTIAL if folder else None
    return path if path is not None and path.is_file() else None


def _own_key(path: Path) -> str:
    try:
        _make_key(path)
        _refuse_open_to_others(path)
        return path.read_text()
    except OSError as error:
        why = f"The key file {path} cannot be read or made: {error.strerror}."
        raise StoreFailure(why, f"Change its rights, or give the key in ${_VARIABLE}.") from error


def _make_key(path: Path) -> None:
    # Complete under another name first: a second process must never read half a key.
    if path.exists():
        return
    descriptor, unfinished = tempfile.mkstemp(prefix=f"{path.name}.", dir=path.parent)  # 0600
    try:
        os.write(descriptor, Fernet.generate_key() + b"\n")
        os.fsync(descriptor)
        os.link(unfinished, path)
    except FileExistsError:
        pass  # another process was first: its key counts
    finally:
        os.close(descriptor)
        Path(unfinished).unlink()


def _refuse_open_to_others(path: Path) -> None:
    if path.stat().st_mode & 0o077:
        raise StoreFailure(f"The key file {path} can be read by others.", f"Run: chmod 600 {path}")


def _opens(key: Fernet | MultiFernet, hidden: str) -> bool:
    try:
        key.decrypt(hidden.encode())
    except InvalidToken:
        return False
    return True


def _fernets(text: str, place: str) -> list[Fernet]:
    try:
        keys = [Fernet(key) for key in text.replace(",", "\n").split()]
        MultiFernet(keys)  # refuses none at all
    except ValueError:
        raise StoreFailure(
            f"The key in {place} is no key (32 bytes in URL-safe base64).", "Give the key that it was before."
        ) from None
    return keys
