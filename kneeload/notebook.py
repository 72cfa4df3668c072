"""How a value shows itself in a notebook: a little HTML in the colours of whatever page it is on.

Text keeps the notebook's own colour, lines and grounds are a grey that stands out on white as on
black, and a severity is a word before it is a colour; so themes need no telling apart. Styles are
inline, nothing runs, nothing is fetched, and every text is escaped.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

LISTED = 12
"""How many items a list shows before "and more"."""

SHORT = 24
"""Cells of so many characters stay on one line."""

_LINE = "1px solid rgba(128,128,128,.35)"
_FONT = "font-family:system-ui,sans-serif;font-size:13px;line-height:1.45"
_CELL = (
    "text-align:left;vertical-align:top;background:none;white-space:normal;overflow-wrap:break-word"
)
_FAINT = "opacity:.72"
_TONES = {"warn": "#c77700", "alert": "#d64545"}


def card(title: str, facts: Mapping[str, str], *, body: str = "", note: str = "") -> str:
    """Return a titled list of facts; those without a text are left out.

    Parameters
    ----------
    body
        HTML that follows the facts, made by the functions of this module.
    note
        What has to be known to read it, in small print.
    """
    rows = "".join(
        f'<tr style="background:none"><th scope="row" style="{_CELL};font-weight:400;{_FAINT};'
        f'padding:1px 18px 1px 0;white-space:nowrap">{escape(name)}</th>'
        f'<td style="{_CELL};padding:1px 0">{escape(text)}</td></tr>'
        for name, text in facts.items()
        if text
    )
    table = f'<table style="border-collapse:collapse;margin:4px 0;{_FONT}">{rows}</table>'
    return _block(title, (table if rows else "") + body, note)


def table(
    title: str,
    header: Sequence[str],
    rows: Iterable[tuple[str, Sequence[str]]],
    *,
    note: str = "",
) -> str:
    """Return a titled table.

    Parameters
    ----------
    rows
        Each with its severity (``note``, ``warn`` or ``alert``), which colours its edge, and its
        cells.
    """
    padding = "padding:5px 16px 5px 9px"
    heads = "".join(
        f'<th scope="col" style="{_CELL};font-weight:600;{padding}">{escape(name)}</th>'
        for name in header
    )
    body = "".join(
        f'<tr style="background:none;border-top:{_LINE};border-left:3px solid '
        f'{_TONES.get(severity, "rgba(128,128,128,.35)")}">'
        + "".join(
            f'<td style="{_CELL};{padding}{_whole(cell)}">{escape(cell)}</td>' for cell in cells
        )
        + "</tr>"
        for severity, cells in rows
    )
    inner = f"<thead><tr>{heads}</tr></thead><tbody>{body}</tbody>"
    return _block(
        title, f'<table style="border-collapse:collapse;margin:4px 0;{_FONT}">{inner}</table>', note
    )


def bullets(title: str, texts: Sequence[str], most: int = LISTED) -> str:
    """Return a list of texts, the first `most` of them; nothing where there is none."""
    if not texts:
        return ""
    more = [f"and {len(texts) - most} more"] if texts[most:] else []
    items = "".join(f"<li>{escape(text)}</li>" for text in [*texts[:most], *more])
    head = f'<div style="margin-top:6px;{_FAINT}">{escape(title)}</div>' if title else ""
    return f'{head}<ul style="margin:2px 0 4px;padding-left:20px">{items}</ul>'


def bar(label: str, done: int, total: int) -> str:
    """Return a bar that is filled as far as `done` goes of `total`."""
    return (
        f'<label style="{_FONT}"><progress value="{done}" max="{max(total, 1)}"'
        f' style="vertical-align:middle;width:16em"></progress> {escape(label)}</label>'
    )


def page(title: str, html: str) -> str:
    """Return a whole page in a frame of its own, in which nothing may run or reach out."""
    return (
        f'<iframe title="{escape(title)}" srcdoc="{escape(html)}" sandbox=""'
        f' style="width:100%;height:720px;border:{_LINE};resize:vertical"></iframe>'
    )


def _whole(cell: str) -> str:
    """Keep a short cell, a date or a word, on one line."""
    return ";white-space:nowrap" if len(cell) <= SHORT else ""


def _block(title: str, body: str, note: str) -> str:
    below = f'<div style="{_FAINT};margin-top:4px">{escape(note)}</div>' if note else ""
    return (
        f'<div style="{_FONT};max-width:62em"><div style="font-weight:600;font-size:14px">'
        f"{escape(title)}</div>{body}{below}</div>"
    )
