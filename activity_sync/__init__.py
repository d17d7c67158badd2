"""Activity Sync: every customer meeting and call, logged in Zoho CRM by itself, once, on the right record."""

__version__ = "0.1.0"
