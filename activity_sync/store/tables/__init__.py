"""Every table. A change here needs a migration (see migrations/env.py); a test compares the two.

Class names are plural where the model has the noun itself. `key` is always an interaction's key.
"""

from activity_sync.store.tables.answers import OtherActivities, ReviewRules
from activity_sync.store.tables.calendars import Attendances, Channels
from activity_sync.store.tables.interactions import Cursors, InteractionAddresses, Interactions, Sightings
from activity_sync.store.tables.shadow import DealRoles, SeenRecords, ShadowAddresses, ShadowRecords, ZohoUsers
from activity_sync.store.tables.whole import Facts, Forgotten, Secrets
from activity_sync.store.tables.writes import Credits, Outbox, Runs, SyncLog, WrittenRecords

__all__ = [
    "Attendances",
    "Channels",
    "Credits",
    "Cursors",
    "DealRoles",
    "Facts",
    "Forgotten",
    "InteractionAddresses",
    "Interactions",
    "OtherActivities",
    "Outbox",
    "ReviewRules",
    "Runs",
    "Secrets",
    "SeenRecords",
    "ShadowAddresses",
    "ShadowRecords",
    "Sightings",
    "SyncLog",
    "WrittenRecords",
    "ZohoUsers",
]
