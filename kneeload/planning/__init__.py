"""What comes next: limits of the next run, this week and the next, and the reasons in words.

A limit is what the rules and the knee allow; it promises nothing about the knee.
"""

from kneeload.planning.inputs import PlanInputs
from kneeload.planning.limits import Plan, plan, planned, would_flag

__all__ = ["Plan", "PlanInputs", "plan", "planned", "would_flag"]
