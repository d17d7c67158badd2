"""What a person asks for while the daemon runs is done, or waits for its turn; nothing is half done."""

from __future__ import annotations

import signal
import time

from tests.journeys.conftest import Founded

SCENES = ["A meeting that moves", "A customer rings", "A voicemail counts"]


def test_the_past_is_changed_while_the_daemon_runs(found: Founded) -> None:
    company = found(SCENES)
    company.stage.play(1)
    daemon = company.start("run")
    for _ in range(300):
        if all(company.counts().values()):
            break
        time.sleep(0.1)
    made = company.counts()
    assert all(made.values())
    file = str(company.config.parent / "kept")
    assert company.command("db", "backup", file).exit == 0
    runs = [
        row for row in company.command("log", "--direction", "out", "--json").out.splitlines() if '"created"' in row
    ]
    assert runs
    numbers = {word for row in runs for word in row.split('"') if word.startswith("R") and word[1:].isdigit()}
    for number in sorted(numbers):
        assert company.command("undo", number, "--yes").exit == 0
    assert not any(company.counts().values())
    assert company.command("reapply", "--last", "30d", "--yes").exit == 0
    assert company.counts() == made
    assert company.command("db", "restore", file).exit == 0
    assert company.command("sync").exit == 0
    assert company.counts() == made
    daemon.send(signal.SIGTERM)
    assert daemon.done().exit == 0
    assert company.doubles() == []
