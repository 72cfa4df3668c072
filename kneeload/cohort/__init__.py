"""Many runners at once: whether a rule warns before injuries, and better than chance.

The same pure functions as for one runner, over a table of thousands; on one machine or, by
partitions of whole runners, on a cluster.
"""

from kneeload.cohort.counting import Tally, person_sessions, tally
from kneeload.cohort.evaluation import evaluate, results
from kneeload.cohort.exposures import EXPOSURES
from kneeload.cohort.risk import Study

__all__ = ["EXPOSURES", "Study", "Tally", "evaluate", "person_sessions", "results", "tally"]
