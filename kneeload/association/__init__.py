"""Load against pain for one runner: an answer that says no more than the diary can."""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from kneeload import frames
from kneeload.association import words
from kneeload.association.backtest import Backtest, backtests
from kneeload.association.days import SUMMED, Days, calendar, injuries
from kneeload.association.lags import Lag, lags
from kneeload.association.onsets import at_risk, crossover_p, onsets, referent_sets, week_before
from kneeload.association.pairs import (
    complete_pairs,
    counted_runs,
    counted_scores,
    scored_runs,
    with_history,
)
from kneeload.association.painfree import PainFree, pain_free
from kneeload.association.primary import Answer, missing, primary
from kneeload.association.secondary import Question, backing_off, secondary

if TYPE_CHECKING:
    from kneeload.settings import Settings

__all__ = ["Answer", "Backtest", "Explanation", "Lag", "PainFree", "Question", "explain"]
