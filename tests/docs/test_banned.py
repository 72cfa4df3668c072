"""Words that claim more than any diary or study here can, on no surface."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

TOP = Path(__file__).parents[2]
BANNED = re.compile(r"\b(causes|predicts|risk of injury|safe|damage)\b", re.IGNORECASE)
# plainly negated, or of files and programs
ALLOWED = (
    "No rule fired; that is not a safety check.",
    "Associations in a cohort, not causes.",
    "in runners none of these predicts injury",
    "as given by the user and safe to print",
    "Check the log for damage",
    "| safe }}",
)
TEXTS = ("README.md", "CHANGELOG.md", "docs/**/*.md", "notebooks/*.ipynb", "kneeload/**/*.html")


def strings(path: Path) -> Iterator[str]:
    """Yield every string of a module, docstrings included: commands show theirs as help."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def surfaces() -> Iterator[tuple[Path, str]]:
    for path in (TOP / "kneeload").rglob("*.py"):
        yield from ((path, text) for text in strings(path))
    for pattern in TEXTS:
        for path in TOP.glob(pattern):
            yield path, path.read_text(encoding="utf-8")


def said(text: str) -> list[str]:
    plain = " ".join(text.split())
    for phrase in ALLOWED:
        plain = plain.replace(phrase, "")
    return BANNED.findall(plain)


def test_no_surface_says_more_than_can_be_known() -> None:
    assert [(str(path), said(text)) for path, text in surfaces() if said(text)] == []


def test_a_banned_word_is_found() -> None:
    assert said("this  week is Safe") == ["Safe"]
    assert said("It causes pain.") == ["causes"]
    assert said("No rule fired; that is not a safety check.") == []
