"""Flags as a notebook shows them: what happened in full, by severity, with what it rests on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kneeload import formatting, frames, notebook
from kneeload.model import SEVERITIES
from kneeload.rules.plugin_rules import installed_rules
from kneeload.rules.red_flags import NOT_A_DIAGNOSIS, NOTHING_FOUND

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

MOST = 100
"""How many flags are shown; a frame of more is better looked through with pandas."""

_COLUMNS = ("date", "rule", "severity", "message", "evidence", "acknowledged")


@dataclass(frozen=True, eq=False)
class ShownFlags:
    """A frame of flags that shows itself in a notebook; `frame` is the frame as it was given."""

    frame: pd.DataFrame

    def __repr__(self) -> str:
        return f"<{self._title}>"

    def _repr_html_(self) -> str:
        """Show the flags in their order, the first hundred of them."""
        if self.frame.empty:
            return notebook.card(NOTHING_FOUND, {})
        hidden = len(self.frame) - MOST
        more = f"{formatting.count(hidden, 'further flag')} not shown. " if hidden > 0 else ""
        header = ("Date", "Severity", "What happened", "Evidence")
        return notebook.table(self._title, header, self._rows(), note=more + NOT_A_DIAGNOSIS)

    @property
    def _title(self) -> str:
        counts = self.frame["severity"].value_counts()
        counted = (
            formatting.count(int(counts[name]), formatting.severity(name))
            for name in reversed(SEVERITIES)
            if name in counts
        )
        flags = formatting.count(len(self.frame), "flag")
        return f"{flags}{': ' * bool(len(counts))}{', '.join(counted)}"

    def _rows(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        newest = self.frame[list(_COLUMNS)].head(MOST).astype("object").to_numpy().tolist()
        rules = installed_rules()
        for date, rule, severity, message, grade, acknowledged in newest:
            title = rules[rule].title if rule in rules else formatting.humanise(rule)
            word = formatting.severity(severity) + (", acknowledged" if acknowledged else "")
            day = formatting.day_and_year(date)
            yield severity, (day, word, f"{title}: {message}", grade)


def show(flags: pd.DataFrame) -> ShownFlags:
    """Return the flags as a table to read: messages in full, severities, what each rests on.

    `kneeload.check` returns a plain frame, which pandas shows with its messages cut off. It stays
    plain: a subclass of DataFrame would lose its look, or keep it where it no longer fits, at the
    first selection or grouping, and other libraries compare types. So looking is asked for.

    Parameters
    ----------
    flags
        As `kneeload.check` returns them, or any rows of them.

    Returns
    -------
    ShownFlags
        Shows itself as the last expression of a notebook's cell.

    Raises
    ------
    FrameError
        If the frame is not one of flags.

    Examples
    --------
    >>> import pandas as pd
    >>> import kneeload
    >>> days = pd.date_range("2026-03-02", periods=4, freq="7D")
    >>> runs = pd.DataFrame({"local_date": days, "distance_km": [10.0, 10.0, 10.0, 16.0]})
    >>> kneeload.show(kneeload.check(kneeload.weekly(runs), runs))
    <1 flag: 1 warning>
    """
    frames.require(flags, _COLUMNS, "flags")
    return ShownFlags(flags)
