"""Call-detail records (CDR) of telephone systems on the company's own machines: files that grow, or a table.

Asterisk and FreePBX write one record for each path of a call, 3CX one for each stretch of it.
"""

from activity_sync.dialers.cdr.asterisk import Asterisk
from activity_sync.dialers.cdr.threecx import ThreeCx

__all__ = ["Asterisk", "ThreeCx"]
