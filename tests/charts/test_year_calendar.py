"""The calendar of a year: sums, colours cut at the 95th percentile, worst scores."""

import datetime as dt

import pandas as pd

from kneeload.charts import canvas, year_calendar
from kneeload.charts.svg import svg
from kneeload.charts.year_calendar import levels
from kneeload.charts.year_days import Day, Year, years
from tests import sheets


def _frame(**columns: object) -> pd.DataFrame:
    return pd.DataFrame(columns).astype({"local_date": "datetime64[us]"})


def _log() -> tuple[Year, ...]:
    runs = _frame(
        local_date=["2024-12-30", "2025-02-28", "2025-02-28"], distance_km=[5.0, 3.0, 4.0]
    )
    pain = _frame(local_date=["2025-02-28", "2025-02-28", "2025-03-01"], score=[2, 5, 0])
    return years(runs, pain, dt.date(2025, 3, 2), "km")


def test_every_day_up_to_today_and_not_one_more() -> None:
    before, now = _log()
    assert (before.year, len(before.days)) == (2024, 366)
    assert (now.days[-1].date, len(now.days)) == (dt.date(2025, 3, 2), 61)


def test_months_add_up_and_name_their_worst_score() -> None:
    january, february, march = _log()[1].months
    assert (january.km, january.run_days, january.worst) == (0, 0, None)
    assert (february.km, february.run_days, february.worst) == (7, 1, 5)
    assert (march.km, march.worst) == (0, 0)
    assert _log()[1].km == 7


def test_a_day_without_a_score_is_not_a_zero() -> None:
    day = {d.date: d.worst for d in _log()[1].days}
    assert day[dt.date(2025, 3, 1)] == 0
    assert day[dt.date(2025, 3, 2)] is None


def test_one_ultra_does_not_pale_the_others() -> None:
    dates = pd.date_range("2025-01-01", periods=40).astype("datetime64[us]")
    runs = pd.DataFrame({"local_date": dates, "distance_km": [10.0] * 39 + [160.0]})
    pain = _frame(local_date=[], score=[])
    (year,) = years(runs, pain, dt.date(2025, 3, 1), "km")
    assert year.top_km == 10
    assert levels(year)[:41].tolist() == [3] * 40 + [0]


def test_thirds_at_their_exact_edges() -> None:
    days = [Day(date=dt.date(2025, 1, n + 1), km=km, worst=None)
            for n, km in enumerate((0, 0.1, 4, 4.01, 8, 8.01, 12, 99))]  # fmt: skip
    year = Year(year=2025, days=tuple(days), top_km=12)
    assert levels(year).tolist() == [0, 1, 1, 2, 2, 3, 3, 3]


def test_the_text_tells_every_month_in_the_runners_units() -> None:
    picture = year_calendar.picture(_log()[1])
    assert picture.title == "2025: 7.0 km on 1 day, worst score 5/10"
    assert "February: 7.0 km on 1 day, worst score 5/10." in picture.text
    for size in (canvas.NARROW, canvas.WIDE):
        assert "7.0 km" in sheets.texts(picture.draw(size).panels)


def test_an_empty_log_has_no_year() -> None:
    nothing = _frame(local_date=[], distance_km=[])
    assert years(nothing, nothing.assign(score=[]), dt.date(2025, 1, 1), "km") == ()


def test_a_full_year_is_light_enough_to_stand_beside_another() -> None:
    """A page holds two of them and its 53 weeks, and stays below 250 kB."""
    first = dt.date(2024, 1, 1)
    days = [Day(date=first + dt.timedelta(n), km=10.0 + n % 9, worst=n % 8) for n in range(366)]
    picture = year_calendar.picture(Year(year=2024, days=tuple(days), top_km=18))
    drawn = svg(picture.draw(canvas.NARROW), picture.key, picture.title, picture.text)
    assert drawn.count("<title>") == 366
    assert len(drawn.encode()) < 80_000
