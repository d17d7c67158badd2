"""Zoho CRM v8 and its accounts server on loopback, as strict as the vendor.

`ZohoSimulator` is the face; `Switches` holds every point nobody could confirm. Imports nothing else of this package.
"""

from activity_sync.simulator.zoho.gate import Asked
from activity_sync.simulator.zoho.oauth import ALL_SCOPES
from activity_sync.simulator.zoho.simulator import ZohoSimulator
from activity_sync.simulator.zoho.switches import Switches
from activity_sync.simulator.zoho.world import Mail, Trigger

__all__ = ["ALL_SCOPES", "Asked", "Mail", "Switches", "Trigger", "ZohoSimulator"]
