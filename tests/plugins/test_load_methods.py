"""Load methods of other packages: chosen by the same setting, replaced where they fail."""

from dataclasses import replace

import pandas as pd
import pytest

from kneeload.errors import SettingError
from kneeload.measures.loads import with_loads
from kneeload.plugins import PluginWarning
from kneeload.settings import DEFAULTS, as_text, changed, from_text
from tests.measures.building import blob, log, samples
from tests.plugins.building import Offer

GROUP = "kneeload.load_methods"
STEEP = "def steep(runs, settings): {body}"
PLAIN = blob(samples(3600))
SET = replace(DEFAULTS, load_method="steep")
ROWS = (
    {"distance_km": 10.0, "ascent_m": 200.0},
    {"distance_km": 5.0, "ascent_m": 50.0},
    {"distance_km": 8.0},
)


def method(body: str = "return runs['distance_km'] + runs['ascent_m'] / 100") -> str:
    return STEEP.format(body=body)


def loads() -> pd.DataFrame:
    frame = log(*({"moving_s": 3600.0, **row} for row in ROWS))
    return with_loads(frame, [PLAIN] * len(frame), SET)


def test_it_carries_the_log_and_what_it_lacks_is_estimated(offer: Offer) -> None:
    offer(method(), GROUP, "steep")
    runs = loads()
    assert runs["load_method"].tolist() == ["steep", "steep", "~steep"]
    assert runs["load"].tolist()[:2] == [12, 5.5]
    assert runs["load"].notna().all()


def test_it_sees_what_is_documented_and_cannot_change_it(offer: Offer) -> None:
    body = (
        "runs['distance_km'] = 0.0; assert 'profile' not in runs and 'zone_5_min' in runs;"
        " return runs['easy_min'].fillna(1) * 0 + 7"
    )
    offer(method(body), GROUP, "steep")
    runs = loads()
    assert runs["load"].tolist() == [7, 7, 7]
    assert runs["distance_km"].tolist() == [10, 5, 8]


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("import nothing_at_all", "load method steep of brought 1.2: ModuleNotFoundError: "),
        ("steep = 3", "load method steep of brought 1.2: TypeError: "),
        (method("1 / 0"), "load method steep of brought 1.2: ZeroDivisionError: "),
        (method("return None"), "load method steep of brought 1.2: it gave () numbers for 3 runs"),
        (method("return [1, 2]"), "steep of brought 1.2: it gave (2,) numbers for 3 runs"),
        (method("return ['a', 'b', 'c']"), "load method steep of brought 1.2: ValueError: "),
        (method("return [1, 2, -1]"), "steep of brought 1.2: a load is negative"),
        (
            method("return [1, 2, float('inf')]"),
            "1.2: a load is negative or infinite",
        ),
    ],
)
def test_one_that_fails_leaves_the_choice_to_kneeload(
    offer: Offer, source: str, reason: str
) -> None:
    offer(source, GROUP, "steep")
    with pytest.warns(PluginWarning) as told:
        runs = loads()
    (line,) = (str(warning.message) for warning in told)
    assert reason in line
    auto = with_loads(runs, [PLAIN] * len(runs), DEFAULTS)
    pd.testing.assert_frame_equal(runs, auto)


def test_one_that_is_gone_leaves_the_choice_to_kneeload(offer: Offer) -> None:
    with pytest.warns(PluginWarning, match="^load method steep is not installed; kneeload choos"):
        assert set(loads()["load_method"]) == {"rtss"}


def test_kneeloads_own_methods_ask_for_no_plugin(
    offer: Offer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr("kneeload.plugins.available")
    frame = log({"moving_s": 3600.0, "distance_km": 10.0})
    for name in ("auto", "rtss"):
        with_loads(frame, [PLAIN], replace(DEFAULTS, load_method=name))


def test_the_setting_takes_what_is_installed(offer: Offer) -> None:
    offer(method(), GROUP, "steep")
    settings = changed(DEFAULTS, "load_method", "Steep")
    assert settings.load_method == "steep"
    with pytest.raises(SettingError, match="one of auto, banister, edwards, srpe, rtss, steep, no"):
        changed(DEFAULTS, "load_method", "flat")


def test_a_log_that_names_one_can_be_read_without_it(offer: Offer) -> None:
    assert from_text(as_text(SET)) == SET


def test_the_name_of_one_of_kneeloads_is_taken(offer: Offer) -> None:
    offer(method().replace("steep", "rtss"), GROUP, "rtss")
    with pytest.warns(PluginWarning, match="load method rtss of brought 1.2 is left out"):
        changed(DEFAULTS, "load_method", "rtss")
