"""What may be noted, and what each kind of note needs."""

from typing import Any

import pytest

from kneeload.diary.notes import validated_note
from kneeload.errors import EntryError

DAY = {"local_date": "2026-03-14"}
FULL: list[dict[str, Any]] = [
    {"kind": "sleep", "value": 24.0},
    {"kind": "strength"},
    {"kind": "strength", "value": 1440.0},
    {"kind": "assessed"},
    {"kind": "symptom", "subject": "swelling"},
    {"kind": "injury", "text": "fell", "until": "2026-03-14", "trauma": True},
    {"kind": "limits", "no_downhill": True},
    {"kind": "limits", "run_km": 0.1, "week_percent": 0.0},
    {"kind": "goal", "text": "race", "value": 500.0, "until": "2026-03-15"},
    {"kind": "why", "subject": "2026-W11", "text": "knee"},
]


@pytest.mark.parametrize("fields", FULL)
def test_a_note_is_kept_as_it_is(fields: dict[str, Any]) -> None:
    assert validated_note(DAY | fields) == DAY | fields


def test_what_a_form_sends_is_read_and_what_is_empty_left_out() -> None:
    sent = {"kind": "sleep", "value": "7,5", "text": "", "until": None}
    assert validated_note(DAY | sent) == DAY | {"kind": "sleep", "value": 7.5}


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"kind": "sleep", "value": "24.1"}, "hours from 0 to 24, not 24.1"),
        ({"kind": "sleep", "value": "long"}, "hours from 0 to 24, not long"),
        ({"kind": "sleep", "value": "nan"}, "not nan"),
        ({"kind": "sleep"}, "a note of sleep needs a number or some text"),
        ({"kind": "symptom", "text": "left"}, "a note of symptom needs a name from the list"),
        ({"kind": "limits", "until": "2026-04-01"}, "a note of limits needs a limit for a run"),
        ({"kind": "limits", "week_km": "0"}, "week km is a number of kilometres from 0.1"),
        ({"kind": "goal", "text": "x", "until": "2026-04-01"}, "goal needs"),
        (
            {"kind": "goal", "text": "x", "value": 5, "until": "2026-03-14"},
            "a date in the future, not 2026-03-14",
        ),
        ({"kind": "note", "text": "x", "until": "2026-03-13"}, "the last day is before the first"),
        ({"kind": "note", "text": "x", "until": "soon"}, "until is a date like"),
    ],
)
def test_what_cannot_be_is_refused(fields: dict[str, Any], said: str) -> None:
    with pytest.raises(EntryError, match=said):
        validated_note(DAY | fields)
