"""Our text among what people write around it in a description."""

from __future__ import annotations

from typing import Any

import pytest

from activity_sync.model.records import Module
from activity_sync.model.writes import Op, Write, Written
from activity_sync.rules.blocks import in_its_place
from activity_sync.rules.differences import SOMETHING, respect

OURS = "Outcome: answered, 01:00\nRep: Jo Smith"
NEWS = f"{OURS}\n\nNotes:\nWants a quote"


def written(**more: Any) -> Written:
    return Written(
        slot="activity",
        module=Module.CALLS,
        record_key="c-1",
        id="5",
        fields={"Description": OURS, "Subject": "Call"},
        **more,
    )


def write(op: Op = Op.UPDATE, **fields: Any) -> Write:
    return Write(slot="activity", module=Module.CALLS, op=op, record_key="c-1", id="5", fields=fields)


def sent(current: str) -> tuple[Any, frozenset[str]]:
    """What is sent of the news when Zoho holds this text, and what is a person's."""
    present = {"Description": current, "Subject": "Call"}
    left, theirs = respect(write(Description=NEWS), written(), present)
    return (None if left is None else in_its_place(left, written(), present).fields["Description"]), theirs


@pytest.mark.parametrize(
    ("around", "merged"),
    [
        ("{}", "{}"),
        ("{}\n\nCalled Ann myself", "{}\n\nCalled Ann myself"),
        ("Important!\n{}", "Important!\n{}"),
        ("Before\r\n{}\r\nAfter", "Before\n{}\nAfter"),
    ],
)
def test_news_go_into_our_block_and_what_people_wrote_around_it_stays(around: str, merged: str) -> None:
    assert sent(around.format(OURS)) == (merged.format(NEWS), frozenset())


def test_zohos_own_line_ends_and_spaces_change_nothing() -> None:
    assert sent(OURS.replace("\n", " \r\n") + "\r\nMine") == (f"{NEWS}\nMine", frozenset())


@pytest.mark.parametrize("current", ["All mine now", OURS.replace("Jo Smith", "Jo Smith, and Max"), "Rep: Jo Smith"])
def test_whoever_changes_the_block_itself_takes_the_description_over(current: str) -> None:
    assert sent(current) == (None, frozenset({"Description"}))


def test_an_update_whose_answer_was_lost_is_found_in_its_place() -> None:
    assert sent(f"{NEWS}\nMine") == (f"{NEWS}\nMine", frozenset())


def test_a_record_in_which_somebody_wrote_is_not_deleted_and_still_gets_news() -> None:
    present = {"Description": f"{OURS}\nMine", "Subject": "Call"}
    assert respect(write(Op.DELETE), written(), present) == (None, frozenset({SOMETHING}))
    left, theirs = respect(write(Description=NEWS), written(theirs=frozenset({SOMETHING})), present)
    assert left is not None
    assert (in_its_place(left, written(), present).fields["Description"], theirs) == (f"{NEWS}\nMine", {SOMETHING})


def test_what_would_not_fit_is_left_as_the_person_has_it() -> None:
    present = {"Description": OURS + "\n" + "x" * 31_990}
    assert in_its_place(write(Description=NEWS, Subject="New"), written(), present).fields == {"Subject": "New"}
