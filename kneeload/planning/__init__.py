"""What comes next: ceilings for the next run, this week and the next, and the reasons in words.

A ceiling is the longest run, or the largest week, that would raise no flag; it promises nothing
about the knee.
"""

from kneeload.planning.ceilings import Plan, plan, planned, would_flag
from kneeload.planning.known import Known

__all__ = ["Known", "Plan", "plan", "planned", "would_flag"]
