"""What Aircall's add-on wrote of a call. The shape is ours: Aircall's is not documented."""

from __future__ import annotations

from collections.abc import Mapping

from activity_sync.simulator.dialers.aircall.paging import Json, Refused
from activity_sync.simulator.network import Request


def summary_of(call: Json, written: Mapping[int, str] | None, request: Request) -> Json:
    """What the add-on wrote of a call that is over; 403 without the add-on (None), 404 while there is nothing."""
    if request.query:
        raise Refused(400, "Bad Request", "There are no parameters.")
    if written is None:
        raise Refused(403, "Forbidden", "Your company has not bought this.")
    if call["status"] != "done" or call["id"] not in written:
        raise Refused(404, "Not Found", "There is no summary.")
    return {"summary": {"id": call["id"] + 1, "call_id": call["id"], "content": written[call["id"]]}}
