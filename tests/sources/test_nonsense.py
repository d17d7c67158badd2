"""Whatever stands in a vendor's record: a call, or a reason why there is none, and never anything else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from activity_sync.dialers.cloudtalk import translation as cloudtalk
from activity_sync.dialers.dialpad import people as dialpad_people
from activity_sync.dialers.dialpad import translation as dialpad
from activity_sync.dialers.quo import people as quo_people
from activity_sync.dialers.quo import translation as quo
from activity_sync.dialers.zoom_phone import translation as zoom
from activity_sync.dialers.zoom_phone.elements import to_elements
from activity_sync.dialers.zoom_phone.people import People
from activity_sync.model.call_records import read_each
from activity_sync.model.interactions import CallLeg, fingerprint
from activity_sync.model.our_ends import OurEnds
from activity_sync.model.ports import Unreadable
from activity_sync.rules.joining import join
from tests.sources.recorded import recorded

ENDS = OurEnds("GB")
TIMES = st.sampled_from(
    ["2026-03-09T10:00:00Z", "1773050400000", "-1", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00-12:00"]
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats() | st.text(max_size=8) | TIMES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=5,
)  # fmt: skip


def zooms(record: Any) -> CallLeg:
    return zoom.to_call_leg(record, to_elements(record), source="x", people=People(ENDS))


def dialpads(record: Any) -> CallLeg:
    return dialpad.to_call_leg(record, source="x", people=dialpad_people.to_people(ENDS, [record]))


def quos(record: Any) -> CallLeg:
    return quo.to_call_leg(record, source="x", people=quo_people.to_people(ENDS, [record], [record]))


def cloudtalks(record: Any) -> CallLeg:
    return cloudtalk.to_call_leg(record, source="x", ends=ENDS, agent=lambda _: "")


VENDORS: dict[str, tuple[Callable[[Any], CallLeg], Callable[[object], str], Any]] = {
    "cloudtalk": (cloudtalks, cloudtalk.call_id, recorded("cloudtalk", "answered")),
    "dialpad": (dialpads, dialpad.call_id, recorded("dialpad", "operator")),
    "quo": (quos, quo.call_id, recorded("quo", "answered")),
    "zoom_phone": (zooms, zoom.record_id, recorded("zoom_phone", "warm_transfer")),
}


def places(record: Any) -> list[tuple[str | int, ...]]:
    """Every place in a record, however deep."""
    items = record.items() if isinstance(record, dict) else enumerate(record) if isinstance(record, list) else ()
    found: list[tuple[str | int, ...]] = [()]
    for name, held in items:
        found += [(name, *below) for below in places(held)]
    return found


def put(record: Any, place: tuple[str | int, ...], value: Any) -> Any:
    if not place:
        return value
    name, rest = place[0], place[1:]
    if isinstance(record, dict):
        return record | {name: put(record.get(name), rest, value)}
    if isinstance(record, list) and isinstance(name, int) and name < len(record):
        return [*record[:name], put(record[name], rest, value), *record[name + 1 :]]
    return value


@pytest.mark.parametrize("kind", VENDORS)
@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_nonsense_in_any_place_is_a_call_or_a_reason(kind: str, data: st.DataObject) -> None:
    translate, named, record = VENDORS[kind]
    for _ in range(data.draw(st.integers(1, 3))):
        record = put(record, data.draw(st.sampled_from(places(VENDORS[kind][2]))), data.draw(JSON))
    (found,) = read_each([record], named, translate)
    if isinstance(found, Unreadable):
        assert found.where
        assert found.why
        return
    assert fingerprint(found)
    assert found.talk_seconds is not None
    assert found.talk_seconds >= 0
    assert all(share.talk_seconds >= 0 for share in found.reps)
    assert found.started.tzinfo is not None
    assert join([found])
