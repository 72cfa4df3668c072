"""The catalogue: every rule with what it checks, what that rests on, and the function."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from kneeload.model import Evidence
from kneeload.rules import breaks, distance, effort, pain_zones, red_flags

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import pandas as pd

_NONE_STATED = Evidence(grade="none stated", summary="")


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One rule.

    Parameters
    ----------
    id, title
        Its name in tables and flags, and on the page.
    label
        Its name beside its lane of the chart, ten letters; empty where it has none.
    checks
        What it checks, in one line.
    function
        Takes the frames that it needs, then the settings, and returns its flags; see
        `kneeload.rules.findings`.
    needs
        Names of those frames, of ``weeks``, ``runs``, ``pain`` and ``diary``; kneeload's own may
        also ask for what `kneeload.rules.evaluation.derived_frames` returns.
    evidence
        What it rests on; its grade goes with every flag.
    package
        Name and version of the package that brings it, empty for kneeload's own.
    """

    id: str
    title: str
    checks: str
    function: Callable[..., pd.DataFrame]
    needs: tuple[str, ...]
    evidence: Evidence = _NONE_STATED
    label: str = ""
    package: str = ""

    @property
    def is_of_pain(self) -> bool:
        """Whether it looks at pain, which goes before pain by what it is."""
        return not {"pain", "zones", "signs"}.isdisjoint(self.needs)


_CATALOGUE = (
    Rule(
        id="long_run_spike",
        label="long run",
        title="Jump in the length of a run",
        checks="a run more than 1.10 times as long as the longest of the previous 30 days, whether "
        "you got there in one jump or in several within a week",
        evidence=Evidence(
            grade="cohort",
            summary="One study followed 5,205 runners. With runs more than 10 % longer than the "
            "longest of the previous 30 days, overuse injuries were 1.5 to 2.3 times as frequent "
            "as with other runs. The study was observational and has not been repeated yet.",
            sources=("doi:10.1136/bjsports-2024-109380",),
        ),
        function=distance.long_run_spike,
        needs=("weeks", "runs", "run_limits", "week_limits"),
    ),
    Rule(
        id="ten_percent",
        label="week’s rise",
        title="Weekly 10 % guideline",
        checks="a weekly distance more than 1.10 times that of the reference week, and at least "
        "3 km above it",
        evidence=Evidence(
            grade="convention",
            summary="A widely used guideline of unclear origin, which did not prevent injury in a "
            "trial. In another study, of 5,205 runners, the change in distance from week to week "
            "was not related to injury. In novices, a rise of more than 30 % is a weak warning "
            "sign.",
            sources=(
                "doi:10.1177/0363546507307505",
                "doi:10.1136/bjsports-2024-109380",
                "doi:10.2519/jospt.2014.5164",
                "doi:10.2519/jospt.2019.8541",
            ),
        ),
        function=distance.ten_percent,
        needs=("weeks", "runs", "run_limits", "week_limits"),
    ),
    Rule(
        id="cutback_missing",
        label="no cutback",
        title="No cutback week",
        checks="five weeks of running in a row without a cutback week (a week with at most 85 % "
        "of the distance of its reference week)",
        evidence=Evidence(
            grade="convention",
            summary="Coaches plan an easier week every third to fifth week. No trial has tested "
            "whether that prevents injury.",
            sources=("Pfitzinger and Douglas, Advanced Marathoning", "Runner's World, down weeks"),
        ),
        function=distance.cutback_missing,
        needs=("weeks", "week_limits"),
    ),
    Rule(
        id="return_from_break",
        label="return",
        title="Return after a break or pain",
        checks="a run or week above the limit for a return to running, after ten days off or "
        "after pain",
        evidence=Evidence(
            grade="convention",
            summary="After a break: a table by the coach Jack Daniels, widely used and not tested "
            "in a trial. After pain: the usual practice of physiotherapists, which builds up from "
            "what the knee tolerates. The exact numbers are assumptions.",
            sources=("Daniels' Running Formula",),
        ),
        function=breaks.return_from_break,
        needs=("weeks", "runs", "run_limits", "week_limits"),
    ),
    Rule(
        id="run_streak",
        label="run streak",
        title="Days in a row",
        checks="more than six running days in a row, if that is among the longest 10 % of the "
        "runner's streaks",
        evidence=Evidence(
            grade="assumption",
            summary="No good study links rest days, or running on several days in a row, to "
            "injury. The rule only describes your training.",
            sources=("none found; kneeload's own assumption",),
        ),
        function=effort.run_streak,
        needs=("weeks", "runs"),
    ),
    Rule(
        id="intensity_jump",
        label="intensity",
        title="Harder and longer at once",
        checks="a week in which the share of hard minutes rises by more than 10 percentage "
        "points and the distance by more than 10 %",
        evidence=Evidence(
            grade="convention",
            summary="Coaches advise against raising intensity and distance at the same time. In "
            "one trial, one group raised its intensity and the other its distance. Injury rates "
            "did not differ.",
            sources=("doi:10.1136/bmjsem-2017-000333",),
        ),
        function=effort.intensity_jump,
        needs=("weeks", "runs"),
    ),
    Rule(
        id="descent_jump",
        label="downhill",
        title="More downhill",
        checks="a week with far more descent than any of the previous four: over 1.3 times as "
        "much, and over 150 m more",
        evidence=Evidence(
            grade="assumption",
            summary="In the laboratory, running downhill shifts work to the knee. No study links "
            "an increase in downhill running to knee pain.",
            sources=("doi:10.52082/jssm.2023.111",),
        ),
        function=effort.descent_jump,
        needs=("weeks", "runs"),
    ),
    Rule(
        id="monotony",
        label="monotony",
        title="Monotonous week",
        checks="a week of at least four runs in which the days are very similar (monotony above "
        "2.0)",
        evidence=Evidence(
            grade="convention",
            summary="From a study of illness in 25 athletes. A re-analysis of runners' data "
            "found that monotony did not predict injury. It only describes the training.",
            sources=("PMID 9662690",),
        ),
        function=effort.monotony,
        needs=("weeks", "runs"),
    ),
    Rule(
        id="pain_zone",
        title="Knee pain",
        checks="knee pain of 3 or more, or of 2 if that is more than before the run",
        evidence=Evidence(
            grade="convention",
            summary="The limits are adapted from a trial on Achilles tendons. For the knee they "
            "are stricter, as in a trial of runners with pain behind the kneecap. They are "
            "conventions.",
            sources=("doi:10.1177/0363546506298279", "doi:10.1136/bjsports-2016-096988"),
        ),
        function=pain_zones.pain_zone,
        needs=("zones",),
    ),
    Rule(
        id="red_flag",
        label="red flag",
        title="Red flag",
        checks="symptoms that a professional should check; each stays open until you note that a "
        "professional has seen the knee",
        evidence=Evidence(
            grade="convention",
            summary="Usual practice in clinics, and the Ottawa knee rules. kneeload does not "
            "diagnose.",
            sources=("Ottawa knee rules",),
        ),
        function=red_flags.red_flag,
        needs=("signs",),
    ),
)

MEASURES: Mapping[str, Evidence] = MappingProxyType(
    {
        "bands": Evidence(
            grade="convention",
            summary="Shares of the maximum heart rate and of threshold speed. They are used in "
            "place of the two ventilatory thresholds, which only a laboratory can measure.",
            sources=("doi:10.1123/ijspp.5.3.276",),
        ),
        "plan": Evidence(
            grade="assumption",
            summary="Pain monitoring keeps load down while pain lasts, as in a trial of patients "
            "with Achilles tendon pain. The numbers for a runner's knee, and for a week without "
            "scores, are kneeload's own.",
            sources=("doi:10.1177/0363546506298279",),
        ),
    }
)
"""What thresholds that belong to no rule rest on, by the first part of their names."""

RULES: Mapping[str, Rule] = MappingProxyType({rule.id: rule for rule in _CATALOGUE})
