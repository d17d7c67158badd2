"""Values that nobody changes, made cheaply."""

from __future__ import annotations

from dataclasses import replace

from activity_sync.model.decisions import Owner


def test_equal_values_are_one_member_of_a_set() -> None:
    assert {Owner(rep="jo@acme.example"), Owner(rep="jo@acme.example")} == {Owner(rep="jo@acme.example")}


def test_a_changed_copy_leaves_the_value_as_it_was() -> None:
    owner = Owner(rep="jo@acme.example")
    assert replace(owner, rep="max@acme.example").rep == "max@acme.example"
    assert owner.rep == "jo@acme.example"


def test_a_value_has_room_for_its_fields_only() -> None:
    assert not hasattr(Owner(), "__dict__")
