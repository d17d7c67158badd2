from activity_sync.rules.shortcomings import shortcomings


def test_what_could_not_be_written_as_asked_is_picked_out_of_a_trace_once():
    fails = "the template \"{{ title.x }}\" fails: there is no field 'x'."
    left_out = 'Mood is left out: it has no picklist value "So so".'
    assert shortcomings(["The account is Globex.", fails, left_out, fails]) == (fails, left_out)
    assert shortcomings(["The deal is The template project: there is no other."]) == ()
