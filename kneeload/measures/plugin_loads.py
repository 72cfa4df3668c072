"""Load methods that other packages bring along: the one that the settings name."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

import numpy as np

from kneeload import plugins
from kneeload.frames import MEASURED, RUNS
from kneeload.settings import LoadMethod

if TYPE_CHECKING:
    import pandas as pd

    from kneeload.arrays import Floats
    from kneeload.plugins import Plugin
    from kneeload.settings import Settings


def other_loads(runs: pd.DataFrame, settings: Settings) -> dict[str, Floats]:
    """Return the load of each run by the other package's method that the settings name.

    Parameters
    ----------
    runs
        Columns of `kneeload.frames.RUNS` and `kneeload.frames.MEASURED`.

    Returns
    -------
    dict
        The load by the method's name, NaN where its input was not measured. Empty where the
        settings name a method of kneeload's, or one that is not installed or fails.
    """
    name = settings.load_method
    if name in get_args(LoadMethod):
        return {}
    plugin = plugins.available(plugins.LOAD_METHODS).get(name)
    if plugin is None:
        plugins.warn(f"load method {name} is not installed; kneeload chooses one of its own")
        return {}
    load = plugins.run_or_warn(plugin, lambda: _load(plugin, runs, settings))
    return {} if load is None else {name: load}


def _load(plugin: Plugin, runs: pd.DataFrame, settings: Settings) -> Floats:
    numbers = plugin.load()(runs[[*RUNS, *MEASURED]].copy(), settings)
    load = np.asarray(numbers, dtype=np.float64)
    plugins.require(
        {
            f"it gave {load.shape} numbers for {len(runs)} runs": load.shape == (len(runs),),
            "a load is negative or infinite": (
                np.isnan(load) | (np.isfinite(load) & (load >= 0))
            ).all(),
        }
    )
    return load
