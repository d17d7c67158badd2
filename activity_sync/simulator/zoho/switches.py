"""What nobody could confirm about Zoho, each as a switch: our program must survive both ways."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(slots=True)
class Switches:
    """One field for each UNCONFIRMED point of the facts sheet; a test may turn any of them at any time."""

    # Sign-in and limits
    token_throttle_status: Literal[200, 400] = 200
    """HTTP status of "Access Denied" when too many access tokens were asked for."""
    invalid_token_code: Literal["INVALID_TOKEN", "INVALID_OAUTHTOKEN"] = "INVALID_TOKEN"  # noqa: S105 - a code
    """How a dead access token is called: INVALID_TOKEN or INVALID_OAUTHTOKEN."""
    too_many_code: Literal["TOO_MANY_REQUESTS", "RATE_LIMIT_EXCEEDED"] = "TOO_MANY_REQUESTS"
    """How HTTP 429 is spelled."""
    retry_after: int | None = None
    """Seconds in a Retry-After header beside 429; None: no such header."""
    empty_answers_cost: bool = True
    """204 and 304 answers cost what a full answer costs; False: nothing."""
    refusals_cost: bool = True
    """4xx answers cost one credit; False: nothing. (401 and 429 never cost anything.)"""

    # Reading
    unknown_record: Literal[204, 400, 404] = 204
    """What a single GET of an unknown id answers."""
    ids_limit: int = 100
    """The most ids in one list call."""
    coql_compares_ids: bool = True
    """`id > '...'` works in COQL; False: INVALID_QUERY."""
    coql_hides_converted: bool = False
    """COQL leaves converted leads out, like the default lists do."""
    coql_converted_column: bool = True
    """COQL knows the column Converted__s of Leads; False: INVALID_QUERY."""
    coql_what_module: bool = True
    """COQL knows `What_Id.module.api_name`; False: INVALID_QUERY."""
    coql_row_limit: int = 2000
    """The most rows COQL gives in one answer; older pages say 200."""
    coql_delay: float = 0.0
    """Seconds until COQL sees a finished write."""
    search_delay: float = 60.0
    """Seconds until the search index holds a written record."""
    restore_moves_modified_time: bool = True
    """Restoring a record from the bin sets its Modified_Time."""
    role_change_moves_modified_time: bool = False
    """Adding a contact role sets the deal's Modified_Time."""
    conversion_moves_modified_time: bool = True
    """Converting a lead sets its Modified_Time."""
    bulk_read_seconds: float = 4.0
    """Seconds from the creation of a bulk read to its completion."""
    bulk_page_rows: int = 200_000
    """Rows in one bulk read; lower it to see several pages with few rows."""
    composite_empty_body: Literal["missing", "null", "object", "text"] = "missing"
    """What stands as `body` of a Composite part that found no rows: no key, null, {} or ""."""

    # Activities
    contact_and_lead: Literal["refuse", "drop_contact", "drop_lead"] = "refuse"
    """A contact in Who_Id together with a lead in What_Id: INVALID_DATA, or one of them is dropped."""
    events_take_leads: bool = True
    """A lead may be the What_Id of a meeting; False: INVALID_DATA."""
    milliseconds: bool = False
    """Date-times with milliseconds are accepted in writes."""
    zulu: bool = False
    """Date-times that end in `Z` are accepted in writes."""
    inactive_owner: Literal["refuse", "accept", "token_user"] = "refuse"
    """An inactive user as owner: INVALID_DATA, taken as it is, or replaced by the token's user."""
    invites_by_default: bool = True
    """Participants without the no-invitation key are mailed. (The strict reading: whoever forgets the key mails.)"""
    notification_key: str = "$send_notification"
    """The key that switches invitations on or off; older collections spell it `send_notification`."""
    all_day_times: Literal["kept", "midnight"] = "kept"
    """What happens to the clock times of an all-day meeting: kept, or set to 00:00 and 23:59 of the token user."""
    call_duration_unit: Literal["mm:ss", "HH:mm"] = "mm:ss"
    """How Call_Duration with one colon is read."""
    long_durations: bool = True
    """`hh:mm:ss` is taken as Call_Duration; False: INVALID_DATA."""
    call_status_key: Literal["Outgoing_Call_Status", "Outbound_Call_Status"] = "Outgoing_Call_Status"
    """The name of the field for a call's status; the other name is unknown then."""
    contact_activities_roll_up: bool = True
    """An activity with only a contact shows in the lists of the contact's account."""

    # Writes
    mixed_status: int = 207
    """HTTP status when only some rows of an insert or update succeeded."""
    upsert_insert_status: Literal[200, 201] = 200
    """HTTP status of an upsert that only inserted."""
    unknown_names_refused: bool = False
    """Unknown field names in a write give INVALID_DATA; False: they are ignored."""
    unique_activity_fields: bool = True
    """Unique fields may be made for Events, Calls and Tasks through the API; False: NOT_SUPPORTED."""
    unique_enforced: bool = True
    """A value that a unique field holds already is refused; False: it is taken, though metadata says unique."""
    deleted_values_free: bool = True
    """A unique value may be used again once its record is deleted; False: the bin holds it."""
    composite_writes: Literal["done", "refused", "dropped"] = "done"
    """A write inside a Composite is done, is refused with NOT_SUPPORTED, or is left out of work and answer."""
    unlicensed: bool = False
    """The token's user has no licence: every call is refused with NO_PERMISSION."""
    duplicate_record_details: bool = True
    """DUPLICATE_DATA carries `duplicate_record`; False: only the id, as older bodies."""
    duplicate_id: bool = True
    """DUPLICATE_DATA carries the `id` of the other record; False: nothing points to it."""
    closing_date_follows_stage: bool = False
    """Closing a deal sets its Closing_Date to today."""
    converted_lead_write: Literal["ID_ALREADY_CONVERTED", "INVALID_DATA"] = "ID_ALREADY_CONVERTED"
    """The code for an update of a converted lead."""
    converted_lead_parent: bool = False
    """An activity may be put on a converted lead; False: INVALID_DATA."""
    blueprint_code: Literal["NOT_ALLOWED", "RECORD_LOCKED"] = "NOT_ALLOWED"
    """The code for changing a stage that a blueprint controls."""
