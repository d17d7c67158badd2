"""One interaction, whole: what came in, what was thought of it, what was planned and written, what Zoho answered, and
what would change it. Read-only; every sentence is in a person's words, what a program needs stands beside them.
"""

from activity_sync.reports.interaction.explaining import UnknownKey, explain, known
from activity_sync.reports.interaction.outlooks import would_change

__all__ = ["UnknownKey", "explain", "known", "would_change"]
