"""Load against pain for one runner: an answer that says no more than the diary can."""

from kneeload.association.backtest import Backtest
from kneeload.association.explaining import explain
from kneeload.association.explanation import BeforeOnsets, Checks, Explanation, Onset
from kneeload.association.lags import Lag
from kneeload.association.painfree import PainFree
from kneeload.association.primary import Answer
from kneeload.association.secondary import Question

__all__ = [
    "Answer",
    "Backtest",
    "BeforeOnsets",
    "Checks",
    "Explanation",
    "Lag",
    "Onset",
    "PainFree",
    "Question",
    "explain",
]
