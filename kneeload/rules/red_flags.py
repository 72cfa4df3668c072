"""Red flags: signs that want a professional, how soon, and the words for it, written once.

Clinical convention: no score, no threshold, any one counts. A red flag stays open until the
diary holds an assessment of its day or later.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from kneeload.calendar import dates, day_numbers
from kneeload.rules.findings import day_flags, days_in_words, messages, runner_column
from kneeload.rules.zone_rows import per_knee

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Hashable, Iterator, Mapping

    from kneeload.settings import Settings

Urgency = Literal["emergency", "same_day", "within_days"]

NOT_A_DIAGNOSIS = "kneeload does not diagnose."
NOTHING_FOUND = "No rule fired; that is not a safety check."
_RULES_OFF = "Rules are off (profile off); red flags and red pain still show."
ADVICE: Mapping[Urgency, str] = MappingProxyType(
    {
        "emergency": "This is an emergency: call an ambulance now.",
        "same_day": "See a doctor today.",
        "within_days": "See a professional within days.",
    }
)


@dataclass(frozen=True)
class Sign:
    """One sign: how soon it wants a professional, and what it is called."""

    urgency: Urgency
    words: str


SIGNS: Mapping[str, Sign] = MappingProxyType(
    {
        "breathless": Sign("emergency", "breathlessness or chest pain"),
        "deformity": Sign("emergency", "a visible deformity"),
        "hot_joint": Sign("same_day", "a hot, red joint"),
        "fever": Sign("same_day", "fever"),
        "cannot_bear_weight": Sign("same_day", "cannot take four steps on the leg"),
        "locked": Sign("same_day", "a locked knee"),
        "calf_swelling": Sign("same_day", "a swollen or painful calf"),
        "swelling": Sign("within_days", "a swollen knee"),
        "giving_way": Sign("within_days", "a knee that gives way or catches"),
        "night_pain": Sign("within_days", "pain at night or at rest"),
        "bone_spot": Sign("within_days", "pain at one spot on a bone"),
        "limp": Sign("within_days", "a limp"),
        "lasting_pain": Sign("within_days", "pain above 5 for two weeks"),
        "young_limp": Sign("same_day", "a limp in a child or teenager"),
        "injury_at_55": Sign("same_day", "a fall, blow or twist at the age of 55 or more"),
    }
)
SYMPTOMS: tuple[str, ...] = tuple(SIGNS)[:12]
"""What the diary takes as a symptom; the other signs follow from it."""

_LASTING_ABOVE = 5
_LASTING_DAYS = 14
_LASTING_WITHIN_DAYS = 21
_LASTING_FEWEST = 3
_TRAUMA_DAYS = 7
_LAST_TEENAGE_YEAR = 19
_OTTAWA_AGE = 55
_UNNAMED = Sign("within_days", "a sign that is not on the list")


def nothing_found(settings: Settings) -> str:
    """Return the one sentence where no rule fired, or could."""
    return _RULES_OFF if settings.profile == "off" else NOTHING_FOUND


def advice(urgency: Urgency) -> str:
    """Return what a sign of that urgency calls for."""
    return f"{ADVICE[urgency]} {NOT_A_DIAGNOSIS}"


def red_flag(signs: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Return an alert for every one of `signs`, marked as answered where it was assessed.

    References
    ----------
    Evidence grade *convention*: clinical practice, and the Ottawa knee rules.
    """
    return day_flags(
        "red_flag",
        signs,
        settings,
        flag_id="red_flag-" + signs["local_date"].dt.strftime("%Y-%m-%d") + "-" + signs["sign"],
        severity="alert",
        acknowledged=~signs["open"],
        message=messages(
            "{words} on {day}. {advice} " + NOT_A_DIAGNOSIS,
            words=[_capital(words) for words in signs["words"]],
            day=days_in_words(signs["local_date"]),
            advice=[ADVICE[urgency] for urgency in signs["urgency"]],
        ),
    )


def red_flags(
    diary: pd.DataFrame, pain: pd.DataFrame, settings: Settings, today: dt.date | None = None
) -> pd.DataFrame:
    """Return every red flag by date.

    Parameters
    ----------
    diary
        Columns of `kneeload.frames.DIARY`: symptoms by their name in ``subject``, injuries, and
        assessments, which close the red flags of their day and before.
    pain
        Columns of `kneeload.frames.PAIN`: scores above 5 for one knee on at least 3 days of the
        last 21, the first and last at least 14 days apart, are one (*assumption*).
    today
        From the age of 55 on, a fall, blow or twist of the last 7 days is one until it is assessed
        or healed. By default the day of the last entry.

    Returns
    -------
    DataFrame
        ``local_date, sign, urgency`` (emergency, same_day or within_days), ``words``, ``open``,
        and ``runner``.
    """
    keys = [*runner_column(diary), "local_date", "sign"]
    signs = diary.assign(sign=_signs(diary, settings), past=_is_past(diary, today))
    named = signs.loc[signs["sign"] != "", [*keys, "past"]]
    lasting = _lasting(pain, diary, settings)[keys].assign(past=False)
    newest_first = pd.concat([named, lasting]).sort_values("past", kind="stable")
    rows = newest_first.drop_duplicates(keys, ignore_index=True)
    details = [SIGNS.get(sign, _UNNAMED) for sign in rows["sign"]]
    return rows.assign(
        urgency=pd.Series([sign.urgency for sign in details], dtype="str"),
        words=pd.Series([sign.words for sign in details], dtype="str"),
        open=_unassessed(rows, diary) & ~rows.pop("past").astype(bool),
    ).sort_values(keys, ignore_index=True)


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _signs(diary: pd.DataFrame, settings: Settings) -> pd.Series:
    """Return which sign an entry tells of, "" for none; age makes some of a limp or an injury."""
    kind, subject = diary["kind"], diary["subject"]
    born = np.nan if settings.birth_year is None else settings.birth_year
    age = diary["local_date"].dt.year - born
    young_limp = (subject == "limp") & (age <= _LAST_TEENAGE_YEAR)
    named = subject.mask(young_limp, "young_limp").where(kind == "symptom", "")
    trauma = (kind == "injury") & diary["trauma"].fillna(value=False).astype(bool)
    return named.mask(trauma & (age >= _OTTAWA_AGE), "injury_at_55")


def _is_past(diary: pd.DataFrame, today: dt.date | None) -> pd.Series:
    """Return which entries are injuries healed, or too old to want a doctor today."""
    now = pd.Timestamp(today) if today else diary["local_date"].max()
    old = now - diary["local_date"] > pd.Timedelta(days=_TRAUMA_DAYS)
    return (diary["kind"] == "injury") & (old | (diary["until"] < now))


def _lasting(pain: pd.DataFrame, diary: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Return the days on which scores above 5 for one knee have lasted two weeks."""
    keys = runner_column(pain)
    bad = per_knee(
        pain.loc[pain["score"] > _LASTING_ABOVE, [*keys, "local_date", "knee"]], settings
    )
    assessed = diary.loc[diary["kind"] == "assessed"]
    closings = {who: day_numbers(days).tolist() for who, days in _by(assessed, keys)}
    lasted = [
        (*who[:-1], day)
        for who, days in _by(bad, [*keys, "knee"])
        for day in _lasted(day_numbers(days).tolist(), closings.get(who[:-1], []))
    ]
    rows = pd.DataFrame(lasted, columns=[*keys, "day"])
    return rows.assign(local_date=dates(rows.pop("day").to_numpy(np.int64)), sign="lasting_pain")


def _by(frame: pd.DataFrame, keys: list[str]) -> list[tuple[tuple[Hashable, ...], pd.Series]]:
    """Return the dates of each group; without keys all of them are one."""
    if not keys:
        return [((), frame["local_date"])]
    return [(who, group["local_date"]) for who, group in frame.groupby(keys)]


def _lasted(days: list[int], assessed: list[int]) -> Iterator[int]:
    """Yield each day on which pain has been bad on three of 21 days, the first and last 14 apart.

    Lower scores between do not end it, an assessment does: what it looked at does not count again.
    """
    bad, full_since = sorted(set(days)), None
    for place, day in enumerate(bad):
        closed = max((closing for closing in assessed if closing < day), default=-1)
        first = bisect_left(bad, max(day - _LASTING_WITHIN_DAYS, closed) + 1)
        full = place - first + 1 >= _LASTING_FEWEST and day - bad[first] >= _LASTING_DAYS
        if full and full_since != closed:
            yield day
        full_since = closed if full else None


def _unassessed(signs: pd.DataFrame, diary: pd.DataFrame) -> pd.Series:
    assessed = diary.loc[diary["kind"] == "assessed"]
    closed = signs["local_date"] <= _last_assessed(signs, assessed)
    return pd.Series(~closed.to_numpy(dtype=np.bool_), index=signs.index)


def _last_assessed(signs: pd.DataFrame, assessed: pd.DataFrame) -> pd.Series:
    if "runner" in signs:
        last = assessed.groupby("runner")["local_date"].max()
        return last.reindex(signs["runner"]).set_axis(signs.index)
    return pd.Series(assessed["local_date"].max(), index=signs.index, dtype="datetime64[us]")
