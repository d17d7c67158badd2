"""Tokens: encrypted in the database, the key elsewhere."""

from __future__ import annotations

import stat
import threading
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from activity_sync.store.database import Database, open_database
from activity_sync.store.failures import StoreFailure
from activity_sync.store.secrets import StoredTokens, key_file_for
from activity_sync.store.tables import Secrets


def _tokens(database: Database, folder: Path, **environment: str) -> StoredTokens:
    return StoredTokens(database, folder / "store.key", environment)


def test_a_token_survives_a_restart(database: Database, tmp_path: Path) -> None:
    tokens = _tokens(database, tmp_path)
    assert tokens.get("zoho") is None
    tokens.put("zoho", "1000.first")
    tokens.put("zoho", "1000.sécond")
    assert _tokens(database, tmp_path).get("zoho") == "1000.sécond"
    tokens.forget("zoho")
    tokens.forget("zoho")
    assert tokens.get("zoho") is None


def test_neither_token_nor_key_is_in_the_database(sqlite_database: Database, tmp_path: Path) -> None:
    _tokens(sqlite_database, tmp_path).put("zoho", "1000.secret")
    key = (tmp_path / "store.key").read_bytes().strip()
    stored = b"".join(file.read_bytes() for file in tmp_path.glob("store.db*"))
    assert b"zoho" in stored
    assert b"1000.secret" not in stored
    assert key not in stored


def test_the_key_file_is_for_its_owner_only(sqlite_database: Database, tmp_path: Path) -> None:
    tokens = _tokens(sqlite_database, tmp_path)
    tokens.put("zoho", "x")
    assert stat.S_IMODE((tmp_path / "store.key").stat().st_mode) == 0o600
    (tmp_path / "store.key").chmod(0o640)
    with pytest.raises(StoreFailure, match=r"can be read by others\. Run: chmod 600"):
        _tokens(sqlite_database, tmp_path).get("zoho")


def test_a_wrong_key_gives_a_sentence_that_names_the_token_and_the_place(database: Database, tmp_path: Path) -> None:
    _tokens(database, tmp_path).put("zoho", "x")
    other = _tokens(database, tmp_path, ACTIVITY_SYNC_KEY=Fernet.generate_key().decode())
    with pytest.raises(StoreFailure, match=r"zoho was encrypted with another key than the one in \$ACTIVITY_SYNC_KEY"):
        other.get("zoho")


@pytest.mark.parametrize("key", ["short", "ü" * 44, ","])
def test_what_is_no_key_is_named_and_never_shown(sqlite_database: Database, tmp_path: Path, key: str) -> None:
    with pytest.raises(StoreFailure, match=r"The key in \$ACTIVITY_SYNC_KEY is no key") as caught:
        _tokens(sqlite_database, tmp_path, ACTIVITY_SYNC_KEY=key).put("zoho", "x")
    assert "short" not in str(caught.value)


def test_systemd_comes_before_the_environment_and_that_before_the_file(
    sqlite_database: Database, tmp_path: Path
) -> None:
    keys = [Fernet.generate_key().decode() for _ in range(2)]
    (tmp_path / "activity-sync-key").write_text(keys[0])
    both = {"CREDENTIALS_DIRECTORY": str(tmp_path), "ACTIVITY_SYNC_KEY": keys[1]}
    _tokens(sqlite_database, tmp_path, **both).put("a", "x")
    _tokens(sqlite_database, tmp_path, ACTIVITY_SYNC_KEY=keys[1]).put("b", "x")
    assert not (tmp_path / "store.key").exists()
    with sqlite_database.reading() as session:
        for name, key in zip("ab", keys, strict=True):
            row = session.get(Secrets, name)
            assert row is not None
            assert Fernet(key).decrypt(row.value) == b"x"


def test_the_key_can_be_changed_without_losing_a_token(sqlite_database: Database, tmp_path: Path) -> None:
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    _tokens(sqlite_database, tmp_path, ACTIVITY_SYNC_KEY=old).put("zoho", "x")
    both = _tokens(sqlite_database, tmp_path, ACTIVITY_SYNC_KEY=f"{new},{old}")
    both.put("zoho", both.get("zoho") or "")
    assert _tokens(sqlite_database, tmp_path, ACTIVITY_SYNC_KEY=new).get("zoho") == "x"


def test_two_that_start_together_agree_on_one_key(sqlite_database: Database, tmp_path: Path) -> None:
    stores = [_tokens(sqlite_database, tmp_path) for _ in range(4)]
    threads = [threading.Thread(target=store.put, args=[str(n), "x"]) for n, store in enumerate(stores)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [_tokens(sqlite_database, tmp_path).get(str(number)) for number in range(4)] == ["x"] * 4


def test_a_folder_that_takes_no_key_file_is_named(sqlite_database: Database, tmp_path: Path) -> None:
    with pytest.raises(StoreFailure, match=r"cannot be read or made.*ACTIVITY_SYNC_KEY"):
        _tokens(sqlite_database, tmp_path / "missing").put("zoho", "x")


def test_the_key_stands_beside_a_sqlite_file_and_else_with_the_config(tmp_path: Path) -> None:
    sqlite = open_database(f"sqlite:///{tmp_path / 'a.db'}")
    assert key_file_for(sqlite, Path("/etc/x")) == tmp_path / "a.db.key"
    assert key_file_for(open_database("postgresql://h/x"), Path("/etc/x")) == Path("/etc/x/activity-sync.key")


def test_a_new_first_key_takes_everything_over_on_first_use(database: Database, tmp_path: Path) -> None:
    old, new, foreign = (Fernet.generate_key().decode() for _ in range(3))
    _tokens(database, tmp_path, ACTIVITY_SYNC_KEY=old).put("zoho", "1000.a")
    _tokens(database, tmp_path, ACTIVITY_SYNC_KEY=old).put("google", "ya29")
    _tokens(database, tmp_path, ACTIVITY_SYNC_KEY=foreign).put("elsewhere", "x")
    assert _tokens(database, tmp_path, ACTIVITY_SYNC_KEY=f"{new},{old}").get("google") == "ya29"
    after = _tokens(database, tmp_path, ACTIVITY_SYNC_KEY=new)
    assert (after.get("zoho"), after.get("google")) == ("1000.a", "ya29")
    assert _tokens(database, tmp_path, ACTIVITY_SYNC_KEY=foreign).get("elsewhere") == "x"
