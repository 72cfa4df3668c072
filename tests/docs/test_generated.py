"""What the pages are told: tables, sections of docstrings, formulas and links."""

from typing import Literal

import click
import pytest

from kneeload.measures import intensity
from kneeload.settings import Settings
from kneeload.thresholds import Threshold
from tests.docs.pages import generated

pages = generated()


def halved(length_m: float, parts: int = 2) -> float:
    """Return a part of a length.

    Of equal parts.

    Parameters
    ----------
    length_m, parts
        Length [m], and how many
        parts of it.

    References
    ----------
    Euclid, doi:10.1000/xyz-1.
    """
    return length_m / parts


def test_a_table_has_a_head_and_rows() -> None:
    rows = (("`a`", "1"), ("`b`", ""))
    assert pages.table(("x", "y"), rows) == "| x | y |\n| --- | --- |\n| `a` | 1 |\n| `b` |  |"


def test_a_docstring_comes_apart_at_its_sections() -> None:
    said = pages.sections(halved)
    assert said[""] == "Return a part of a length.\n\nOf equal parts."
    assert said["References"] == "Euclid, doi:10.1000/xyz-1."
    assert list(said) == ["", "Parameters", "References"]


def test_names_that_share_a_line_share_the_text() -> None:
    wanted = "Length [m], and how many parts of it."
    assert pages.parameters(halved) == {"length_m": wanted, "parts": wanted}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("doi:10.1/x", "doi:10.1/x"),
        ("a (doi:10.1000/ab-c).", "a ([doi:10.1000/ab-c](https://doi.org/10.1000/ab-c))."),
        ("PMID 42; x", "[PMID 42](https://pubmed.ncbi.nlm.nih.gov/42/); x"),
    ],
)
def test_sources_become_links(text: str, wanted: str) -> None:
    assert pages.linked(text) == wanted


def test_a_formula_shows_its_body_and_constants() -> None:
    shown = pages.formula("intensity.banister_weights")
    assert f"MEN = {intensity.MEN!r}" in shown
    assert "return WOMEN if sex == 'female' else MEN" in shown
    assert "Sum it over the samples" in pages.formula("intensity.banister_per_min")


def test_a_formula_shows_neither_types_nor_arrays() -> None:
    shown = pages.formula("intensity.session_rpe")
    assert "result = rpe * minutes" in shown
    assert "np.asarray" not in shown + pages.formula("intensity.rtss")


def test_what_is_told_shows_no_code() -> None:
    assert pages.told("loads.with_loads").startswith("`with_loads`: the runs with load")
    assert "```" not in pages.told("loads.with_loads")


def test_a_place_is_filled_and_nothing_else_is() -> None:
    page = ["before\n\n<!-- generated: grades -->\n\n<!-- a note -->\n"]
    pages.fill(page)
    assert page[0] == f"before\n\n{pages.grades()}\n\n<!-- a note -->\n"
    formula = ["<!-- generated: formula intensity.rtss -->"]
    pages.fill(formula)
    assert formula[0].startswith("`rtss`: the running stress score")


def test_a_place_that_nobody_fills_is_an_error() -> None:
    with pytest.raises(KeyError, match="weather"):
        pages.fill(["<!-- generated: weather -->"])


def test_a_threshold_names_its_cautious_value_in_brackets() -> None:
    known = Threshold(5, "weeks", "in a row", 2, 12, "convention", cautious=4)
    wanted = ("`a.weeks`", "5 (4)", "2 to 12", "weeks", "in a row", "convention")
    assert pages._threshold("a.weeks", known) == wanted


def test_choices_come_from_the_types() -> None:
    assert pages._values(Literal["km", "mi"]) == "`km`, `mi`"
    assert pages._values(float | None) == "number"
    assert pages._values(tuple[str, ...]) == "text"


def test_every_setting_is_explained() -> None:
    rows = pages.settings().splitlines()[2:]
    assert [row for row in rows if row.endswith("|  |")] == []
    assert len(rows) == len(Settings.__dataclass_fields__) - 1


def test_help_goes_down_into_groups() -> None:
    group = click.Group("outer", commands={"inner": click.Command("inner", help="Do it.")})
    found = dict(pages.helps(group, "outer"))
    assert list(found) == ["outer", "outer inner"]
    assert found["outer inner"].startswith("Usage: outer inner [OPTIONS]")


def test_the_table_of_contents_forgets_no_notebook() -> None:
    said = pages.contents()
    for path in (pages.HERE.parent / "notebooks").glob("*.ipynb"):
        assert said.count(f"/notebooks/{path.stem}\n") == 1
