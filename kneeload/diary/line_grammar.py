"""The words of an inbox line: the diary's grammar where it is known that the knee is meant.

There a lone number is a score and a lone letter a side. A line with a number that nothing explains
is not read at all: it is named, and its writer mends it.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from kneeload import formatting
from kneeload.diary.note_parser import MOST_TOKENS, NotedScore, Token, plain, scores_of, tokens_of

_KNEE = Token("knee", "")
_NUMBER = r"(?P<{0}>[0-9]{{1,3}}(?:[.,][0-9]{{1,2}})?)"
_FROM = (
    r"(?:after|from|at|past|since|nach|ab|bei|seit|apres|a partir d(?:el?|u)|depuis|des|au|"
    r"despues de|desde|tras|en|a|@)"
)
_KM = r"(?:km|kms|k|kilomet(?:er|re)s?|kilometros?)"
_MILE = r"(?:mi|miles?)"
_MINUTE = r"(?:min|mins|minutes?|minuten|minutos?)"
_AFTER = r"(?:after|nach|apres|despues de|tras)"
_AFTERWARDS = r"(?:later|after(?:wards)?|danach|nachher|spater|apres|plus tard|despues|mas tarde)"
_LATER = rf"(?! ?{_AFTERWARDS})"
_HOURS = r"(?:[0-9]+|an?|one|eine?[rn]?|une|una) ?(?:h|hrs?|hours?|std|stunden?|heures?|horas?)"
_ONSETS = tuple(
    (
        re.compile(
            rf"(?<!\w)(?:{_FROM}(?: (?:the|dem|der|le|el|la|los))? ?)?{unit} ?"
            + _NUMBER.format("front")
            + rf"(?![\w.,/:])|(?<!\w){_FROM}(?: (?:the|dem|der|le|el|la|los))? ?"
            + _NUMBER.format("back")
            + rf" ?{unit}(?!\w){_LATER}"
        ),
        name,
        factor,
    )
    for unit, name, factor in (
        (_KM, "onset_km", 1.0),
        (_MILE, "onset_km", formatting.KM_PER_MILE),
        (_MINUTE, "onset_min", 1.0),
    )
)
_RUN = r"(?:runs?|jog|race|session|workout|lauf|run(?:de)?|course|sortie|footing|carrera)"
_DAY = r"(?:(?:this|in the|the|heute|am|in der|ce|au|de|por la|esta|a la) )*"
_REWRITTEN: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(rf"(?<!\w)(?:{_HOURS} {_AFTERWARDS}|{_AFTER} {_HOURS})(?!\w)"), "after"),
    # L3, knee:3, L. 3
    (re.compile(r"(?<!\w)(?:l|li|g)[.:]? ?(?=[0-9]{1,2}(?!\w))"), "left "),
    (re.compile(r"(?<!\w)(?:r|re|d)[.:]? ?(?=[0-9]{1,2}(?!\w))"), "right "),
    (re.compile(r"(?<=[a-z)])[:=] ?(?=\S)"), " "),
    # 3 L: only at the line's start, since "1 l" of water is no side
    (
        re.compile(r"^((?:10|[0-9])(?:/10)? )(?:l|li|g)(?![\w'.]| (?:water|wasser|eau|agua))"),
        r"\1left",
    ),
    (re.compile(r"^((?:10|[0-9])(?:/10)? )(?:r|re|d)(?![\w'.])"), r"\1right"),
    (re.compile(r"(?<![\w'])(?<![0-9] )(?:l|li|g|izq|izda)(?![\w'])"), "left"),
    (re.compile(r"(?<![\w'])(?<![0-9] )(?:r|re|d|dcha)(?![\w'])"), "right"),
    # before the morning run: the run, not the next morning
    (
        re.compile(rf"(?:morning|evening|afternoon|lunch) (?={_RUN}\b)|(?:morgen|abend)(?=lauf\b)"),
        "",
    ),
    (
        re.compile(
            rf"(?<!next )(?<!following )(?<!nachsten )(?<!nachster )(?<!anderen )(?<!folgenden )"
            rf"(?<!lendemain )(?<!tomorrow )\b{_DAY}(?:mornings?|morgens?|fruh|matin|manana)"
            rf"(?! (?:siguiente|after)\b)(?: (?:fruh|matin))?(?!\w)"
        ),
        "next morning",
    ),
    (
        re.compile(
            rf"\b{_DAY}(?:evening|afternoon|tonight|abends?|nachmittags?|soir|apres-midi|tarde|"
            r"noche)(?!\w)"
        ),
        "this evening",
    ),
    (re.compile(r"[.;|!?]+(?=\s|$)"), " , "),
)
_NEGATIVE = re.compile(r"(?:^|\s)[-\u2212][0-9]")
_EXPLAINED = frozenset({"count"})


def scores_in_line(text: str) -> tuple[NotedScore, ...]:
    """Return the scores of an inbox line behind its date; empty where it cannot be read.

    Parameters
    ----------
    text
        As the runner wrote it, in English, German, French or Spanish; a note goes behind a comma.

    Returns
    -------
    tuple of NotedScore
        In the order of the text. Where pain began is told with the score ``during``, else with the
        first one, which is then of that moment where it names none.

    Notes
    -----
    No score is taken where a number is left over: ``3 4``, ``11``, ``3.5``, ``calf 3``.
    """
    if _NEGATIVE.search(text):
        return ()
    rest, onset = _without_onset(plain(text))
    tokens = tokens_of(_rewritten(rest))
    if not tokens or len(tokens) > MOST_TOKENS:
        return ()
    # Each segment between commas stands for the knee as well: "before 1, during 4".
    placed = [_KNEE, *tokens]
    score_places, scores = scores_of(placed, "knee")
    if not scores or not _is_explained(placed, score_places):
        return ()
    return tuple(_with_onset(scores, onset, _note(tokens, text)))


def _without_onset(text: str) -> tuple[str, dict[str, Any]]:
    """Return the text without the place where pain began, and that place."""
    onset: dict[str, Any] = {}
    for pattern, name, factor in _ONSETS:
        match = pattern.search(text)
        if match and name not in onset:
            number = (match["front"] or match["back"]).replace(",", ".")
            onset[name] = round(float(number) * factor, 3)
            text = f"{text[: match.start()]} {text[match.end() :]}"
    return text, onset


def _rewritten(text: str) -> str:
    for pattern, by in _REWRITTEN:
        text = pattern.sub(by, text)
    return text


def _is_explained(tokens: list[Token], score_places: list[int]) -> bool:
    """Whether every number is a score or counts something: 5 km, 3 weeks."""
    for at, token in enumerate(tokens):
        is_number = token.kind in {"score", "bare"} or token.value[:1].isdigit()
        follows = tokens[at + 1].kind if at + 1 < len(tokens) else ""
        if is_number and at not in score_places and follows not in _EXPLAINED:
            return False
    return True


def _with_onset(scores: list[NotedScore], onset: dict[str, Any], note: str) -> list[NotedScore]:
    at = next((i for i, score in enumerate(scores) if score.moment == "during"), 0)
    with_notes = [replace(score, words=note) for score in scores]
    if onset:
        first = with_notes[at]
        moment = "during" if first.moment == "unsure" else first.moment
        with_notes[at] = replace(first, moment=moment, **onset)
    return with_notes


def _note(tokens: list[Token], text: str) -> str:
    """Return the line's words where they say more than the scores do."""
    return " ".join(text.split()) if any(t.kind == "other" for t in tokens) else ""
