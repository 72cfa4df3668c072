"""Lists become columns of the right dtype, and what is unknown stays unknown."""

from typing import Any

import pandas as pd
import pytest

from kneeload.errors import FrameError
from kneeload.frames import DIARY, PAIN, RUNS, STORED, Spec, conform, empty
from kneeload.store.typed_columns import framed


def one(name: str, *values: Any, spec: Spec = PAIN) -> pd.Series:
    return framed({name: list(values)}, spec)[name]


@pytest.mark.parametrize("spec", [RUNS, STORED, PAIN, DIARY])
def test_columns_of_nothing_are_the_empty_frame(spec: Spec) -> None:
    pd.testing.assert_frame_equal(framed({name: [] for name in spec}, spec), empty(spec))


def test_the_unknown_is_nan_or_none_or_empty_and_never_0() -> None:
    assert one("onset_km", None, 0, 1.5).isna().tolist() == [True, False, False]
    assert one("painkillers", None, False, True).isna().tolist() == [True, False, False]
    assert one("until", None, "2026-03-14", spec=DIARY).isna().tolist() == [True, False]
    assert one("note", None, "", "5").tolist() == ["", "", "5"]


def test_days_and_instants_are_read_as_written() -> None:
    assert one("local_date", "2026-03-14")[0] == pd.Timestamp("2026-03-14")
    instants = one("entered_at", "2026-03-14T18:00:00+02:00", "2026-03-14T16:00:00.5Z")
    assert instants.dt.strftime("%H:%M:%S.%f").tolist() == ["16:00:00.000000", "16:00:00.500000"]


def test_nothing_is_left_for_conform_to_do() -> None:
    said = {"local_date": "2026-03-14", "entered_at": "2026-03-14T18:00:00Z", "score": 3}
    frame = framed({name: [said.get(name)] for name in PAIN}, PAIN)
    pd.testing.assert_frame_equal(conform(frame, PAIN), frame)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("local_date", "14.3.2026"),
        ("local_date", "2026-02-30"),
        ("entered_at", "yesterday"),
        ("score", None),
        ("onset_km", "far"),
        ("painkillers", "some"),
    ],
)
def test_what_cannot_be_read_names_its_column(name: str, value: object) -> None:
    with pytest.raises(FrameError, match=f"column {name} cannot be read as"):
        one(name, value)
