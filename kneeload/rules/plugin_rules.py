"""The rules in force: kneeload's own, then those that other packages bring along."""

from __future__ import annotations

from dataclasses import replace
from functools import cache, partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import pandas as pd

from kneeload import formatting, plugins
from kneeload.calendar import day_numbers, first_days, week_labels
from kneeload.errors import PluginError
from kneeload.frames import DIARY, FLAGS, PAIN, RUNS, WEEKS, conform, empty, require
from kneeload.model import SEVERITIES
from kneeload.rules.catalogue import RULES as OWN
from kneeload.rules.catalogue import Rule
from kneeload.rules.findings import runner_column

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from kneeload.frames import Spec
    from kneeload.plugins import Plugin
    from kneeload.settings import Settings

_GIVEN = {name: column for name, column in FLAGS.items() if name not in {"evidence", "episode"}}
"""The columns that a rule fills itself."""
FRAMES: Mapping[str, Spec] = MappingProxyType(
    {"weeks": WEEKS, "runs": RUNS, "pain": PAIN, "diary": DIARY}
)
"""What a rule may need; all columns are there, empty where nothing is known."""
_STATED = ("flag_id", "rule", "week", "date", "severity", "message")


@cache
def installed_rules() -> Mapping[str, Rule]:
    """Return every rule by its id, kneeload's own first.

    A rule of another package is left out where it cannot be loaded, and flags nothing where it
    fails; a `kneeload.plugins.PluginWarning` names it. Its function sees one runner at a time, also
    in a cohort.
    """
    offered = plugins.available(plugins.RULES, OWN)
    loaded = (plugins.run_or_warn(plugin, partial(_loaded, plugin)) for plugin in offered.values())
    return MappingProxyType({**OWN, **{rule.id: rule for rule in loaded if rule}})


def _loaded(plugin: Plugin) -> Rule:
    rule = plugin.load()
    if not isinstance(rule, Rule):
        raise PluginError(f"it is a {type(rule).__name__}, not a kneeload.rules.Rule")
    plugins.require(
        {
            f"its id is {rule.id!r}, its entry point has another name": rule.id == plugin.name,
            f"`needs` must name some of {', '.join(FRAMES)}": {*FRAMES} >= {*rule.needs} != set(),
            f"its evidence grade is not one of {', '.join(formatting.GRADES)}": rule.evidence.grade
            in formatting.GRADES,
        }
    )
    return replace(rule, function=partial(_flags, plugin, rule), package=plugin.package)


def _flags(plugin: Plugin, rule: Rule, *inputs: Any) -> pd.DataFrame:
    """Return the flags of another package's rule, none where it fails."""
    *frames, settings = inputs
    flags = plugins.run_or_warn(plugin, lambda: _of_all(rule, frames, settings))
    return _none(frames[0]) if flags is None else flags


def _of_all(rule: Rule, frames: Sequence[pd.DataFrame], settings: Settings) -> pd.DataFrame:
    """Ask the rule about one runner after the other."""
    whole = [conform(frame, FRAMES[name]) for name, frame in zip(rule.needs, frames, strict=True)]
    if not runner_column(whole[0]):
        return _validated(rule, rule.function(*whole, settings), settings)
    per_runner = (
        rule.function(*parts, settings).assign(runner=runner) for runner, parts in _by_runner(whole)
    )
    flags = pd.concat([_none(whole[0]), *per_runner], ignore_index=True)
    return _validated(rule, flags, settings).join(flags["runner"])


def _by_runner(frames: Sequence[pd.DataFrame]) -> Iterator[tuple[Any, list[pd.DataFrame]]]:
    """Yield each runner's part of the frames, as if there were no other."""
    apart = [dict(iter(frame.groupby("runner"))) for frame in frames]
    for runner in apart[0]:
        parts = (part.get(runner, all_.iloc[:0]) for part, all_ in zip(apart, frames, strict=True))
        yield runner, [frame.drop(columns="runner").reset_index(drop=True) for frame in parts]


def _none(like: pd.DataFrame) -> pd.DataFrame:
    return empty(_GIVEN).join(like[runner_column(like)].iloc[:0])


def _validated(rule: Rule, flags: object, settings: Settings) -> pd.DataFrame:
    """Return the flags if they are what kneeload can show."""
    if not isinstance(flags, pd.DataFrame):
        raise PluginError(f"it gave a {type(flags).__name__}, not a frame of flags")
    require(flags, _STATED, "flags")
    conformed = conform(flags, _GIVEN)[[*_GIVEN]].reset_index(drop=True)
    week = week_labels(first_days(day_numbers(conformed["date"]), settings.week_start))
    plugins.require(
        {
            "its flags belong to another rule": conformed["rule"].eq(rule.id).all(),
            "the severity of its flags is not note, warn or alert": conformed["severity"]
            .isin(SEVERITIES)
            .all(),
            "its flags lie outside their weeks": conformed["week"].tolist() == week,
            "the ids of its flags do not contain the rule's own id": conformed["flag_id"]
            .str.contains(rule.id)
            .all(),
        }
    )
    return conformed
