"""The weekly rules once more, as plain loops over the words of the definition: a slow oracle."""

from dataclasses import dataclass
from fractions import Fraction


@dataclass
class Week:
    """A complete week of so many kilometres, and what the definitions make of it."""

    km: float
    base: Fraction | None = None
    cutback: bool = False
    streak: int = 0

    @property
    def reference(self) -> float:
        return float("nan") if self.base is None else float(self.base) / 100

    @property
    def cents(self) -> int:
        return round(self.km * 100)


def slow_weeks(weeks: list[Week]) -> list[Week]:
    """Fill in reference week, cutback and streak, week after week."""
    for t, week in enumerate(weeks):
        week.base = _reference(weeks, t)
        week.cutback = _is_cutback(weeks, t)
        before = weeks[t - 1].streak if t else 0
        week.streak = 0 if week.cents == 0 or week.cutback else before + 1
    return weeks


def _reference(weeks: list[Week], t: int) -> Fraction | None:
    for back in (1, 2, 3):
        if t - back >= 0 and weeks[t - back].cents > 0 and not weeks[t - back].cutback:
            return Fraction(weeks[t - back].cents)
    if t < 4:
        return None
    mean = Fraction(sum(week.cents for week in weeks[t - 4 : t]), 4)
    return mean if mean > 0 else None


def _is_cutback(weeks: list[Week], t: int) -> bool:
    reference, inside = weeks[t].base, weeks[max(t - 4, 0) : t]
    if reference is None or len(inside) < 2 or weeks[t].cents == 0:
        return False
    below_mean = weeks[t].cents * len(inside) < sum(week.cents for week in inside)
    return below_mean and weeks[t].cents * 100 <= 85 * reference


def slow_ten_percent(weeks: list[Week], t: int) -> str:
    """Return the severity of the week's flag, empty where there is none."""
    week, base = weeks[t].cents, weeks[t].base
    if base is None or base < 500 or week * 100 <= 110 * base or week - base < 300:
        return ""
    if week <= max((before.cents for before in weeks[max(t - 8, 0) : t]), default=0):
        return "note"
    return "alert" if week * 100 > 160 * base else "warn" if week * 100 > 130 * base else "note"


def slow_cutback_missing(weeks: list[Week], t: int) -> str:
    """Return the severity of the week's flag, empty where there is none."""
    streak = weeks[t].streak
    if streak < 5:
        return ""
    of_streak = [week.cents for week in weeks[t - streak + 1 : t + 1]]
    building = sum(of_streak[-2:]) * 100 > 105 * sum(of_streak[:2])
    return "alert" if building and streak >= 8 else "warn" if building else "note"
