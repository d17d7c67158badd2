"""Asterisk and FreePBX: `Master.csv`, or the table `cdr` of a database (dialers.md 10)."""

from activity_sync.dialers.cdr.asterisk.source import Asterisk

__all__ = ["Asterisk"]
