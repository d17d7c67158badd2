"""Fields, values and sentences of `explain` in a person's words."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from activity_sync.reports.interaction.words import Words

DEAL, USER, OTHER = "5725767000000000603", "5725767000000000256", "5725767000000000999"
WORDS = Words(
    labels={"Events": {"Event_Title": "Title", "Mood_of_Day": "How it felt"}, "Deals": {"Lead_Source": "Source"}},
    shown={("Events", "Mood_of_Day", "Good"): "Gut"},
    names={DEAL: "the deal Big rollout", USER: "Jo Smith"},
    zone=ZoneInfo("Europe/Berlin"),
)


@pytest.mark.parametrize(
    ("name", "value", "line"),
    [
        ("Event_Title", "Demo", "Title: Demo"),
        ("Mood_of_Day", "Good", "How it felt: Gut"),
        ("What_Id", {"id": DEAL}, "Related to: the deal Big rollout"),
        ("Owner", {"id": USER}, "Owner: Jo Smith"),
        ("Who_Id", {"id": OTHER}, "Contact: a record that is not known any more"),
        ("Start_DateTime", "2026-03-02T12:00:00+00:00", "From: Mon 02 Mar 2026 13:00"),
        ("Due_Date", "2026-03-02", "Due Date: Mon 02 Mar 2026"),
        ("All_day", True, "All day: yes"),
        ("Venue", None, "Venue: nothing"),
        ("Tag", [{"name": "demo"}, {"name": "new"}], "Tag: demo, new"),
        ("Remind_At", {"ALARM": "FREQ=NONE;ACTION=POPUP;TRIGGER=DATE-TIME:2026-03-02T12:00:00+00:00"},
         "Reminder: Mon 02 Mar 2026 13:00"),
        ("Participants", [{"type": "lead", "participant": DEAL}], "Participants: the deal Big rollout"),
    ],
)  # fmt: skip
def test_a_field_is_told_by_its_label_and_a_value_as_a_person_reads_it(name: str, value: object, line: str) -> None:
    assert WORDS.fields("Events", {name: value, "$se_module": "Deals"}) == [line]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Start_DateTime, Lead_Source changed", "From, Source changed"),
        ("Mood_of_Day is left out", "How it felt is left out"),
        (f"on {DEAL}", "on the deal Big rollout"),
        (f"adopted ({OTHER}): ours goes", "adopted: ours goes"),
        ("Title is missing (MANDATORY_NOT_FOUND)", "Title is missing"),
        ("with `matching.account_key` and My_Own_Word", "with `matching.account_key` and My_Own_Word"),
        ("call +442079460958", "call +442079460958"),
    ],
)  # fmt: skip
def test_a_sentence_has_words_for_what_zoho_calls_otherwise(text: str, told: str) -> None:
    assert WORDS.sentence(text) == told
