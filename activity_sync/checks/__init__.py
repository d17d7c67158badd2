"""What `check` tries, one line each: config, database, Zoho, its fields, calendars, dialers. Writes nothing to Zoho.

`run` gives the lines as they are found, `of_config` those of a config that cannot be used, `verdict` the exit status.
"""

from activity_sync.checks.check import Check, verdict
from activity_sync.checks.running import of_config, run

__all__ = ["Check", "of_config", "run", "verdict"]
