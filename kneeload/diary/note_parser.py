"""Scores that runners already write: ``L knee 4 front``, ``Knie 2``, read from names and notes.

A score that is missed costs nothing, a number wrongly taken for one does: in doubt there is none.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from functools import cache
from math import ceil
from typing import TYPE_CHECKING, cast

from kneeload.diary.note_grammar import ORDINALS, TOKENS, grammar

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kneeload.formatting import Knee, Site
    from kneeload.model import Moment

_CLAUSE = re.compile(rf"[!?;\n|]+|\.+(?=\s|$)(?! ?(?:{ORDINALS})\b)")
_ABBREVIATION = re.compile(r"\b(l|r|g|d|li|re|izq|izda|der|dcha)\.(?= )")
_BREAKERS = frozenset({"other", "part", "count", "follow", "good"})
_STOPS = _BREAKERS | {"stop", "break"}
_STRANGE = frozenset({"other", "count", "good", "bare", "score"})
_SAID = frozenset({"knee", "side", "site", "moment"})
_HIGH = 5
MOST_TOKENS = 60  # bounds the work that a note of any length makes


@dataclass(frozen=True, kw_only=True)
class NotedScore:
    """A score somebody wrote down, and what was said about it; `words` are theirs."""

    score: int
    knee: Knee = "unsure"
    site: Site = "unsure"
    moment: Moment = "unsure"
    words: str = ""
    onset_km: float | None = None
    onset_min: float | None = None


@dataclass(frozen=True)
class Token:
    """A word of the grammar, a number, or something else."""

    kind: str
    value: str


def scores_in(text: str) -> tuple[NotedScore, ...]:
    """Return the knee scores that a name, description or note holds.

    Parameters
    ----------
    text
        As the runner wrote it, in English, German, French or Spanish.

    Returns
    -------
    tuple of NotedScore
        In the order of the text. Of a range (``3-4``) the higher end counts; half points are
        rounded up.

    Notes
    -----
    ``3/10`` counts where the knee is what it speaks of; a bare number only right beside the knee,
    and not where a unit or an unknown word follows (``knee 3 weeks``, ``knee high 3 sets``).
    """
    scores: list[NotedScore] = []
    subject, last = "", NotedScore(score=0)
    for clause, tokens in _clauses(text):
        _, clause_scores = scores_of(tokens, subject, replace(last, moment="unsure"))
        words = " ".join(clause.split())
        scores += [replace(score, words=words) for score in clause_scores]
        subject = _subject_after(tokens, subject)
        last = clause_scores[-1] if clause_scores else last
    return tuple(scores)


def _clauses(text: str) -> Iterator[tuple[str, list[Token]]]:
    """Yield each clause with its tokens; one that does not end is cut."""
    lower = _ABBREVIATION.sub(r"\1 ", plain(text))
    letters = unicodedata.normalize("NFC", text)
    start = 0
    for end in [*_CLAUSE.finditer(lower), None]:
        stop = end.start() if end else len(lower)
        tokens = tokens_of(lower[start:stop])
        for at in range(0, len(tokens), MOST_TOKENS):
            yield letters[start:stop].strip(), tokens[at : at + MOST_TOKENS]
        start = end.end() if end else stop


def plain(text: str) -> str:
    """Return lower case without accents, letter for letter."""
    letters = unicodedata.normalize("NFC", text).replace("\u2019", "'")
    return "".join(
        unicodedata.normalize("NFKD", c)[0].lower()[0] if c.isalpha() else c for c in letters
    )


@cache
def _grammar() -> re.Pattern[str]:
    return grammar()


def tokens_of(text: str) -> list[Token]:
    """Return the tokens of a text in lower case without accents."""
    return [_token(match) for match in _grammar().finditer(" ".join(text.split()))]


def _token(match: re.Match[str]) -> Token:
    group = str(match.lastgroup)
    if group.startswith("t"):
        kind, value, _ = TOKENS[int(group[1:])]
        return Token(kind, value)
    return Token(group, match[group])


def _subject_after(tokens: list[Token], before: str) -> str:
    subjects = [t.kind for t in tokens if _is_subject(t)]
    return subjects[-1] if subjects else before


def _is_subject(token: Token) -> bool:
    """Whether the token is something that a score can be of; so is the kneecap's tendon."""
    return token.kind in {"knee", "part"} or token.value in {"below_kneecap", "above_kneecap"}


def _of_knee(token: Token) -> bool:
    return _is_subject(token) and token.kind != "part"


def scores_of(
    tokens: list[Token], subject: str, last: NotedScore | None = None
) -> tuple[list[int], list[NotedScore]]:
    """Return which tokens are scores, and those, where `subject` was spoken of before."""
    last = last or NotedScore(score=0)
    places: list[int] = []
    for at in range(len(tokens)):
        if _counts(tokens, at, subject, places):
            places.append(at)
    scores = []
    for nth, at in enumerate(places):
        last = _described(tokens, places, nth, replace(last, score=_points(tokens[at].value)))
        scores.append(last)
    return places, scores


def _counts(tokens: list[Token], at: int, subject: str, places: list[int]) -> bool:
    kind = tokens[at].kind
    if kind == "score":
        return _is_of_the_knee(tokens, at, subject)
    return kind == "bare" and _stands_beside_the_knee(tokens, at, places)


def _points(text: str) -> int:
    return ceil(float(text.replace(",", ".")))


def _is_of_the_knee(tokens: list[Token], at: int, subject: str) -> bool:
    """Whether ``3/10`` speaks of the knee rather than of effort, a calf, or session 3 of 10."""
    before, after = tokens[:at], tokens[at + 1 :]
    if (before and before[-1].kind == "count") or (after and after[0].kind == "count"):
        return False
    if _is_claimed(after) or _is_praise(tokens, at):
        return False
    return _subject_of(tokens, at, subject) == "knee"


def _is_claimed(after: list[Token]) -> bool:
    """Whether what follows has no score of its own: ``7/10 effort``."""
    rest = [t for t in after[:3] if t.kind != "filler"]
    has_score = len(rest) > 1 and rest[1].kind in {"score", "bare"}
    return bool(rest) and rest[0].kind == "part" and not has_score


def _is_praise(tokens: list[Token], at: int) -> bool:
    """Whether a high score may well mean how good it was: ``knee great, 8/10``."""
    kinds = {t.kind for t in tokens}
    return _points(tokens[at].value) >= _HIGH and "good" in kinds and "pain" not in kinds


def _subject_of(tokens: list[Token], at: int, inherited: str) -> str:
    """Return ``knee`` or ``part``: before the score, else after it, else further before."""
    start, end = _segment(tokens, at)
    for near in (tokens[start:at][::-1], tokens[at + 1 : end], tokens[:start][::-1]):
        for token in near:
            if _is_subject(token):
                return "part" if token.kind == "part" else "knee"
    placed = any(t.kind in {"moment", "side", "site"} for t in tokens)
    return inherited if placed else ""


def _segment(tokens: list[Token], at: int) -> tuple[int, int]:
    """Return the range around `at` between commas and conjunctions."""
    cuts = [i for i, t in enumerate(tokens) if t.kind in {"stop", "break"}]
    start = max((i + 1 for i in cuts if i < at), default=0)
    return start, min((i for i in cuts if i > at), default=len(tokens))


def _stands_beside_the_knee(tokens: list[Token], at: int, places: list[int]) -> bool:
    """Whether a bare number follows the knee with nothing strange between or behind."""
    after = tokens[at + 1 :]
    if (after and after[0].kind in _STRANGE) or _is_claimed(after):
        return False
    start = max((i + 1 for i in range(at) if tokens[i].kind in _BREAKERS), default=0)
    run = tokens[start:at]
    if not any(_of_knee(t) for t in run):
        return False
    if not any(start <= i for i in places):
        return True
    low, high = _segment(tokens, at)
    return any(t.kind in _SAID for t in tokens[max(low, places[-1] + 1) : high])


def _described(tokens: list[Token], places: list[int], nth: int, score: NotedScore) -> NotedScore:
    """Return the score with what is said beside it; knee and site else stay as they were."""
    words = [
        token
        for at, token in enumerate(tokens)
        if token.kind in _SAID
        if _is_near(tokens, at, places) and _owner(tokens, at, places) == nth
    ]
    sides = {t.value for t in words if t.kind in {"knee", "side"} and t.value}
    site = next((t.value for t in words if t.kind == "site"), score.site)
    moment = next((t.value for t in words if t.kind == "moment"), "unsure")
    knee = score.knee if not sides else sides.pop() if len(sides) == 1 else _several(sides)
    return replace(
        score, knee=cast("Knee", knee), site=cast("Site", site), moment=cast("Moment", moment)
    )


def _several(sides: set[str]) -> str:
    """Return the side meant by ``left knees``, or both of ``left and right``."""
    named = sides - {"both"}
    return named.pop() if len(named) == 1 else "both"


def _is_near(tokens: list[Token], at: int, places: list[int]) -> bool:
    """Whether the knee or a score is reached without an unknown word between."""
    cuts = [i for i, t in enumerate(tokens) if t.kind in _BREAKERS - {"follow"}]
    start = max((i + 1 for i in cuts if i < at), default=0)
    end = min((i for i in cuts if i > at), default=len(tokens))
    return any(i in places or _of_knee(tokens[i]) for i in range(start, end))


def _owner(tokens: list[Token], at: int, places: list[int]) -> int:
    """Return which of the scores taken the token at `at` describes."""
    after = sum(1 for i in places if i < at)
    if after in {0, len(places)}:
        return min(after, len(places) - 1) if after == 0 else after - 1
    before, behind = places[after - 1], places[after]
    cut_left = any(t.kind in _STOPS for t in tokens[before + 1 : at])
    cut_right = any(t.kind in _STOPS for t in tokens[at + 1 : behind])
    if cut_left != cut_right:
        return after if cut_left else after - 1
    leads = any(t.kind in {"side", "moment"} for t in tokens[: places[0]])
    return after if leads and not cut_left else after - 1
