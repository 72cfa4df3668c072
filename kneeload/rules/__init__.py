"""Rules: weeks and runs to flags; one pure function per rule, each with its source."""

from kneeload.rules.catalogue import RULES, Rule
from kneeload.rules.evaluation import check, derived_frames, flags_of, knee_frames
from kneeload.rules.findings import day_flags, run_flags, week_flags
from kneeload.rules.plugin_rules import installed_rules

__all__ = [
    "RULES",
    "Rule",
    "check",
    "day_flags",
    "derived_frames",
    "flags_of",
    "installed_rules",
    "knee_frames",
    "run_flags",
    "week_flags",
]
