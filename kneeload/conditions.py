"""What a professional called the knee, from a list; operations by the words people use for them."""

from __future__ import annotations

import re
import unicodedata
from typing import Literal, get_args

Condition = Literal[
    "none",
    "osteoarthritis",
    "after_surgery",
    "meniscus",
    "kneecap",
    "tendon",
    "iliotibial_band",
    "other",
]
CONDITIONS: tuple[Condition, ...] = get_args(Condition)

# Stems without accents, of English, German, French and Spanish words.
_OPERATIONS = (
    r"(?<!co)(?<!ko)operation|\boperat(?!ing|or)|\boper(?:e|ee|es|ees|iert\w*)\b|\boperad[oa]s?\b",
    r"operacion(?:es)?\b|\bo\.?p\.?\b|\bpost-?op|\bsurger|surgical|chirurgi(?:e|cal|sch)|cirugia",
    r"quirurgic|re[ck]onstru[ck]|plast(?:y|ik|i[ae])\b|[ek][ck]tom(?:y|ie|ia)\b|osteotom",
    r"arth?ros[ck]op|replace|\breempla[zc]|ersatz\b|prosthe|prothe[st]|protesis|\bimplant",
    r"\b(?:auto|allo)?(?:graft|greffe|injerto)|transplant|mi[ck]rofra[ck]tur|debrid",
    r"resekt|resect|reseccion|\bsutur|naht\b|\brepair|\b(?:aclr|t[kh][ar]|uka|ukr|tep)\b",
)
_NONE_BEFORE = (
    r"\b(?:no|not|never|without|avoid\w*|kein\w*|nicht|ohne|sans|pas|jamais|sin|nunca)"
    r"\W+(?:\w+\W+)?$"
)


def is_operation(words: str) -> bool:
    """Return whether `words` speak of an operation, in the diary's four languages."""
    plain = _without_accents(words)
    return any(
        not re.search(_NONE_BEFORE, plain[: match.start()])
        for match in re.finditer("|".join(_OPERATIONS), plain)
    )


def read_condition(text: str) -> tuple[Condition, str]:
    """Return the condition that `text` means, and the words beside it.

    A name from the list stands for itself, alone or before further words; words for an operation
    mean ``after_surgery`` whatever stands before them; all else is ``other``.
    """
    name, rest = _split(text)
    if name and not (rest and is_operation(text)):
        return name, rest
    return ("after_surgery" if is_operation(text) else "other"), text.strip()


def _split(text: str) -> tuple[Condition | None, str]:
    """Split a name of the list, written with blanks or hyphens too, from what follows it."""
    for condition in CONDITIONS:
        name = condition.replace("_", "[ _-]")
        if match := re.match(rf"{name}\b[\s:,;-]*(.*)", text.strip(), re.IGNORECASE | re.DOTALL):
            return condition, match[1]
    return None, text


def _without_accents(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
