"""Pretend telephone systems that write call-detail records: lines in files that are rotated, rows in a table."""

from activity_sync.simulator.dialers.cdr.asterisk import AsteriskWriter, asterisk_line
from activity_sync.simulator.dialers.cdr.log_file import LogFile
from activity_sync.simulator.dialers.cdr.threecx import ThreeCxWriter

__all__ = ["AsteriskWriter", "LogFile", "ThreeCxWriter", "asterisk_line"]
