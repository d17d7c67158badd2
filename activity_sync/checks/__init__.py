"""What `check` tries, one line each: config, database, Zoho, its fields, calendars, dialers.

`run` gives the lines as they are found, `of_config` those of a config that cannot be used, `of_access` those on the
access to Zoho alone (for `connect`), `verdict` the exit status. Only the self-test writes to Zoho.
"""

from activity_sync.checks.check import ZOHO, Check, refused, verdict
from activity_sync.checks.running import keep_org, of_access, of_config, run
from activity_sync.checks.self_test import self_test_checks

__all__ = ["ZOHO", "Check", "keep_org", "of_access", "of_config", "refused", "run", "self_test_checks", "verdict"]
