"""Load against pain for one runner: an answer that claims no more than the diary supports."""

from kneeload.association.analysis import explain
from kneeload.association.backtest import Backtest
from kneeload.association.lags import Lag
from kneeload.association.pain_free import PainFree
from kneeload.association.questions import Answer, Question
from kneeload.association.result import BeforeOnsets, Checks, Explanation, Onset

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
