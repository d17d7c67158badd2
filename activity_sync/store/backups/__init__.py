"""The whole database as one file, and back: `sqlite` by SQLite's own copying, `postgresql` by COPY.

A restored database may be older than what Zoho holds: `restored` sees to it that nothing is written twice.
"""

from activity_sync.store.backups.copying import back_up, restore

__all__ = ["back_up", "restore"]
