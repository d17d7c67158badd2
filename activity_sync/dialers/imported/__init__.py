"""Calls of any other telephone system, as files of JSON Lines or CSV, or pushed to us (dialers.md 17)."""

from activity_sync.dialers.imported.checking import Rejected, RowReport, check_rows
from activity_sync.dialers.imported.kept import PushedFiles
from activity_sync.dialers.imported.source import Imported

__all__ = ["Imported", "PushedFiles", "Rejected", "RowReport", "check_rows"]
