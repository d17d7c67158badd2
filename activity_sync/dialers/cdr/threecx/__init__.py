"""3CX: CDR files whose columns the admin of the telephone system chooses (dialers.md 9.3, 9.4)."""

from activity_sync.dialers.cdr.threecx.source import ThreeCx

__all__ = ["ThreeCx"]
