"""FreePBX's own table, in the server that FreePBX uses. Skipped where no MariaDB or MySQL server is installed."""

from __future__ import annotations

import getpass
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from activity_sync.model.failures import SignInAgain
from activity_sync.rules.joining import join
from activity_sync.simulator.dialers.cdr import AsteriskWriter, LogFile
from activity_sync.simulator.dialers.cdr.asterisk import table_row
from tests.sources.stage import HOUR, JO, MAX, NOON, dialer, span

pymysql = pytest.importorskip("pymysql")

CALLER, DID = "07700900123", "02079460100"
_DAEMON = shutil.which("mariadbd") or shutil.which("mysqld") or "/usr/sbin/mariadbd"
_NAMES = (
    "clid", "src", "dst", "dcontext", "channel", "dstchannel", "lastapp", "lastdata", "disposition", "uniqueid",
    "userfield", "did", "recordingfile", "cnum", "outbound_cnum", "linkedid", "peeraccount",
)  # fmt: skip
_TABLE = f"""CREATE TABLE pbx.cdr (
    calldate DATETIME NOT NULL DEFAULT '0000-00-00 00:00:00', duration INT(11) ZEROFILL NOT NULL DEFAULT 0,
    billsec INT(11) ZEROFILL NOT NULL DEFAULT 0, amaflags INT(11) NOT NULL DEFAULT 0, accountcode VARCHAR(20),
    sequence INT(11) NOT NULL DEFAULT 0, cnam VARBINARY(80) NOT NULL DEFAULT '',
    {", ".join(f"{name} VARCHAR(80) NOT NULL DEFAULT ''" for name in _NAMES)},
    KEY calldate (calldate)) ENGINE=InnoDB DEFAULT CHARSET=latin1"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A server of our own that listens on a socket only: the socket's place."""
    maker = shutil.which("mariadb-install-db")
    if maker is None or not Path(_DAEMON).exists():
        pytest.skip("no MariaDB server (mariadbd, mariadb-install-db) on this machine")
    folder = tmp_path_factory.mktemp("maria")
    user = f"--user={getpass.getuser()}"
    made = [maker, "--no-defaults", f"--datadir={folder / 'data'}", "--auth-root-authentication-method=normal", user]
    subprocess.run(made, check=True, capture_output=True)
    command = [_DAEMON, "--no-defaults", f"--datadir={folder / 'data'}", f"--socket={folder / 's'}", user,
               "--skip-networking", f"--pid-file={folder / 'pid'}", "--innodb-buffer-pool-size=8M"]  # fmt: skip
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _until_up(folder / "s")
        yield folder / "s"
    finally:
        process.terminate()
        process.wait(60)


def _until_up(place: Path) -> None:
    for _ in range(300):
        with socket.socket(socket.AF_UNIX) as door:
            if door.connect_ex(str(place)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError("the server did not start in half a minute")


def run(server: Path, *statements: str, values: Any = ()) -> None:
    connection = pymysql.connect(unix_socket=str(server), user="root", autocommit=True)
    with connection, connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement, values)


def add(server: Path, told: Any, **more: Any) -> None:
    row = {name: value for name, value in {**table_row(told), **more}.items() if value not in (None, "")}
    run(
        server,
        f"INSERT INTO pbx.cdr ({', '.join(row)}) VALUES ({', '.join(['%s'] * len(row))})",
        values=[*row.values()],
    )


def test_freepbxs_table_is_read_on_from_where_it_was_left(server: Path, tmp_path: Path) -> None:
    grant = "GRANT SELECT ON pbx.* TO cdr@localhost IDENTIFIED BY 'hunter2'"
    run(server, "CREATE DATABASE pbx CHARACTER SET latin1", grant, _TABLE)
    run(server, "SET sql_mode = ''", "INSERT INTO pbx.cdr (src) VALUES ('201')")  # a row without a time
    writer = AsteriskWriter(LogFile(tmp_path / "unused"))
    trunk, jo, max_ = (writer.channel(name) for name in ("PJSIP/trunk", "PJSIP/201", "PJSIP/202"))
    first = writer.record(NOON - HOUR, CALLER, DID, trunk, jo, talk=60)
    add(server, first, clid=f'"Jürgen" <{CALLER}>', cnam="Jürgen Åström".encode(), did=DID)
    url = f"mysql://cdr:hunter2@localhost/pbx?unix_socket={server}"
    source: Any = dialer(name="pbx", kind="asterisk", cdr=url, extensions={"201": JO, "202": MAX})
    assert "can be read" in source.probe("")
    changes = source.read("", "", span())
    (leg,) = changes.sightings
    assert changes.unreadable == []
    assert (leg.started, leg.talk_seconds, leg.outside_name, leg.line) == (NOON - HOUR, 60, "Jürgen Åström", DID)
    later = writer.record(NOON - HOUR / 2, CALLER, DID, trunk, max_, talk=90, linked=first["linkedid"])
    add(server, later)
    call = join(list(source.read("", changes.cursor, span(thorough=False)).sightings))
    assert [(rep.email, rep.talk_seconds) for rep in call.reps] == [(MAX, 90), (JO, 60)]
    source.close()
    for wrong in (url.replace("hunter2", "other-word"), url.replace("/pbx", "/elsewhere")):
        refused: Any = dialer(name="pbx", kind="asterisk", cdr=wrong)
        with pytest.raises(SignInAgain, match="refuses the user or the password") as caught:
            refused.read("", "", span())
        assert "other-word" not in str(caught.value) + caught.value.next_step
