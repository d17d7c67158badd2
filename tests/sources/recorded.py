"""Recorded and odd payloads, by vendor and name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson

_FOLDER = Path(__file__).parent.parent / "recorded"


def recorded(vendor: str, name: str) -> Any:
    """What the vendor sent."""
    return orjson.loads((_FOLDER / vendor / f"{name}.json").read_bytes())
