"""HTTP as every vendor's edge needs it: one session per account, patience for safe calls, sign-in as a flow.

Imported by calendars, dialers and zoho; imports `activity_sync.model` only.
"""
