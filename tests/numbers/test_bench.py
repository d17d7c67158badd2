"""The measurement itself: small, but whole."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_index_of_a_small_crm_answers_as_libphonenumber_would() -> None:
    asked = [sys.executable, "-m", "bench.phones", "--contacts", "1500", "--calls", "1000"]
    done = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "answers that differ: 0 of 1,000" in done.stdout
    assert re.search(r"keys are built \d+\.\d times as fast", done.stdout)
