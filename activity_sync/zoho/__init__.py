"""All that knows Zoho. `open_zoho` gives the port `Crm` of model/ports.py.

Imports `activity_sync.model` and `activity_sync.net` only; imported by wiring. What Zoho does is told in
the reference sheet on Zoho's API; what is unconfirmed there is survived either way.
"""

from activity_sync.zoho.crm import ZohoCrm, open_zoho

__all__ = ["ZohoCrm", "open_zoho"]
