"""Rules: weeks and runs to flags; one pure function per rule, each with its source."""

from kneeload.rules.catalogue import RULES, Rule
from kneeload.rules.checking import check

__all__ = ["RULES", "Rule", "check"]
