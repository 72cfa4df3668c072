"""What the runner corrected in an account counts; what a platform rounds does not."""

from typing import Any

import pytest

from kneeload.measures.account_totals import corrected, differs
from kneeload.measures.summary import Summary, summarise
from tests.measures.building import run, samples


def with_account(*, northward: bool = False, **fields: Any) -> Summary:
    activity = run(samples(2000, northward=northward), **fields)  # 6 km in 33:20
    return corrected(summarise(activity), activity)


def test_a_typed_distance_counts_and_the_devices_stays() -> None:
    summary = with_account(account_distance_m=6500.0)
    assert (summary.distance_km, summary.device_distance_km) == (6.5, 6.0)
    assert summary.distance_source == "export"
    assert summary.warnings == (
        "device says 6.0 km, the account 6.5 km; the account's value was used",
    )


@pytest.mark.parametrize(
    ("metres", "northward", "counts"),
    [
        (6029.0, False, False),  # 0.5 %
        (6031.0, False, True),
        (6119.0, True, False),  # a platform's own sum over the positions
        (6121.0, True, True),
    ],
)
def test_rounding_is_no_correction(metres: float, *, northward: bool, counts: bool) -> None:
    summary = with_account(northward=northward, account_distance_m=metres)
    assert (summary.device_distance_km is not None) is counts


def test_an_unknown_distance_corrects_nothing() -> None:
    assert not differs(None, 5.0)
    assert not differs(5.0, None)
    assert not differs(float("nan"), 5.0)
    assert not differs(0.5, 0.505)  # five metres


def test_a_crop_counts() -> None:
    summary = with_account(account_elapsed_s=1500.0, account_moving_s=1450.0)
    assert (summary.elapsed_s, summary.moving_s) == (1500.0, 1450.0)
    assert summary.warnings == (
        "device says 33:20, the account 25:00; the account's value was used",
    )
    assert with_account(account_elapsed_s=1901.0, account_moving_s=1450.0).warnings == ()


def test_a_corrected_distance_is_doubtful_no_more() -> None:
    activity = run(distance_m=50_000.0, timer_s=1800.0, account_distance_m=6000.0)
    assert summarise(activity).suspect_reason
    assert corrected(summarise(activity), activity).suspect_reason == ""
