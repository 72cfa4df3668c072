"""Red flags: signs that want a professional, how soon, and the words for it, written once.

Clinical convention: no score, no threshold, any one counts. A red flag stays open until the
diary holds an assessment of its day or later.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from kneeload.rules.findings import day_flags, runner_column
from kneeload.rules.wording import days_in_words, messages
from kneeload.weeks import day_numbers, runner_codes

if TYPE_CHECKING:
    from collections.abc import Mapping

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
        "cannot_bear_weight": Sign("same_day", "no four steps possible on the leg"),
        "locked": Sign("same_day", "a locked knee"),
        "calf_swelling": Sign("same_day", "a swollen or painful calf"),
        "swelling": Sign("within_days", "a swollen knee"),
        "giving_way": Sign("within_days", "a knee that gives way or catches"),
        "night_pain": Sign("within_days", "pain at night or at rest"),
        "bone_spot": Sign("within_days", "pain on one spot of bone"),
        "limp": Sign("within_days", "a limp"),
        "lasting_pain": Sign("within_days", "pain above 5 for two weeks"),
        "young_limp": Sign("same_day", "a limp in a child or teenager"),
        "injury_at_55": Sign("same_day", "an injury at the age of 55 or more"),
    }
)
SYMPTOMS: tuple[str, ...] = tuple(SIGNS)[:12]
"""What the diary takes as a symptom; the other signs follow from it."""

_LASTING_ABOVE = 5
_LASTING_DAYS = 14
_LASTING_GAP_DAYS = 7
_LAST_TEENAGE_YEAR = 19
_OTTAWA_AGE = 55
_UNNAMED = Sign("within_days", "a sign that is not on the list")


def nothing_found(settings: Settings) -> str:
    """Return the one sentence where no rule fired, or could."""
    return _RULES_OFF if settings.profile == "off" else NOTHING_FOUND


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


def red_flags(diary: pd.DataFrame, pain: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Return every red flag by date.

    Parameters
    ----------
    diary
        Columns of `kneeload.frames.DIARY`: symptoms by their name in ``subject``, injuries, and
        assessments, which close the red flags of their day and before.
    pain
        Columns of `kneeload.frames.PAIN`: scores above 5 over two weeks are one.

    Returns
    -------
    DataFrame
        ``local_date, sign, urgency`` (emergency, same_day or within_days), ``words``, ``open``,
        and ``runner``.
    """
    keys = [*runner_column(diary), "local_date", "sign"]
    signs = diary.assign(sign=_signs(diary, settings))
    named = signs.loc[signs["sign"] != "", keys]
    found = pd.concat([named, _lasting(pain)[keys]]).drop_duplicates(ignore_index=True)
    meant = [SIGNS.get(sign, _UNNAMED) for sign in found["sign"]]
    return found.assign(
        urgency=pd.Series([sign.urgency for sign in meant], dtype="str"),
        words=pd.Series([sign.words for sign in meant], dtype="str"),
        open=_unassessed(found, diary),
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
    return named.mask((kind == "injury") & (age >= _OTTAWA_AGE), "injury_at_55")


def _lasting(pain: pd.DataFrame) -> pd.DataFrame:
    """Return the days on which scores above 5, none lower between, have lasted two weeks."""
    who, day = runner_codes(pain), day_numbers(pain["local_date"])
    order = np.lexsort((pain["score"], day, who))
    ends = (np.diff(who[order], append=-1) != 0) | (np.diff(day[order], append=0) != 0)
    worst = order[ends]
    who, day, bad = who[worst], day[worst], pain["score"].to_numpy()[worst] > _LASTING_ABOVE
    apart = (np.diff(day, prepend=0) > _LASTING_GAP_DAYS) | (np.diff(who, prepend=-1) != 0)
    begun = bad & (apart | ~np.roll(bad, 1))
    since = day[np.maximum.accumulate(np.where(begun, np.arange(len(day)), 0))]
    lasted = bad & (day - since >= _LASTING_DAYS)
    first = lasted & (begun | ~np.roll(lasted, 1))
    days: pd.DataFrame = pain.iloc[worst[first]]
    return days.assign(sign="lasting_pain")


def _unassessed(found: pd.DataFrame, diary: pd.DataFrame) -> pd.Series:
    assessed = diary.loc[diary["kind"] == "assessed"]
    closed = found["local_date"] <= _last_assessed(found, assessed)
    return pd.Series(~closed.to_numpy(dtype=np.bool_), index=found.index)


def _last_assessed(found: pd.DataFrame, assessed: pd.DataFrame) -> pd.Series:
    if "runner" in found:
        last = assessed.groupby("runner")["local_date"].max()
        return last.reindex(found["runner"]).set_axis(found.index)
    return pd.Series(assessed["local_date"].max(), index=found.index, dtype="datetime64[us]")
