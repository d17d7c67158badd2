"""The outbox → Zoho. What is about to be sent is on disk first; what may have happened is proved, not repeated.

In order: (1) what a crash left as SENDING is uncertain. (2) An uncertain write rests for `zoho.grace`, is looked for
twice, and only then sent again; where the key field is unique it is sent again at once, because Zoho refuses a second
one and names the first. (3) What is due is claimed and committed; changes are held against what people did meanwhile;
the batch goes out. (4) Each row is settled by its own result.
"""

from activity_sync.steps.send.loop import send
from activity_sync.steps.send.sent import Sent

__all__ = ["Sent", "send"]
