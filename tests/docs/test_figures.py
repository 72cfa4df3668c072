"""Figures that pages claim in words are those of the code."""

import re
import tomllib
from collections.abc import Callable

import pytest
import yaml
from platformdirs.macos import MacOS
from platformdirs.unix import Unix

import kneeload
from kneeload.association import onsets, questions, rank_correlation, selection
from kneeload.cli import import_, last_days, missing_entries
from kneeload.cli.app import FLAGS_FOUND, INTERRUPTED
from kneeload.cohort import cluster, estimates, evaluation, exposures, risk
from kneeload.diary.shoes import REMINDERS_KM
from kneeload.export.anonymise import HIDDEN_M
from kneeload.log import backup, default_path
from kneeload.measures import intensity, knee_load, loads
from kneeload.reports.physio_sheet import WEEKS as SHEET_WEEKS
from kneeload.rules import spells
from kneeload.rules.catalogue import RULES
from kneeload.thresholds import THRESHOLDS
from tests.docs.pages import TOP

SMALL = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
WORDS = dict(zip(SMALL, range(1, 11), strict=True)) | {
    "twelve": 12,
    "sixteen": 16,
    "twenty": 20,
    "thousand": 1000,
}
PACKAGE = TOP / "kneeload"
BANDS = risk._BAND_STARTS
STUDY = risk.STUDY


def of_threshold(name: str) -> float:
    return THRESHOLDS[name].default


def percent(ratio: float) -> float:
    return round(100 * (ratio - 1))


def per_km(speed: float) -> tuple[float, ...]:
    """Return the three forms of knee load of a kilometre at a speed [m/s], from their parts."""
    steps, force = 1000 / knee_load.step_length_m(speed), knee_load.peak_force_bw(speed)
    return float(steps * force), float(steps * force**4), float(knee_load.impulse_per_km(speed))


def fast_over_slow() -> tuple[float, ...]:
    return tuple(round(a / b, 2) for a, b in zip(per_km(4.5), per_km(3.0), strict=True))


def formula() -> tuple[float, ...]:
    return (
        knee_load.PEAK_BW,
        knee_load.REFERENCE_MPS,
        knee_load.PEAK_EXPONENT,
        knee_load.CADENCE_EXPONENT,
        knee_load.DOWNHILL,
    )


def lessened() -> int:
    return sum(known.cautious is not None for known in THRESHOLDS.values())


def told_of(rule: str) -> Callable[[], tuple[int, ...]]:
    """Return the runners that the evidence of a rule tells of."""
    return lambda: tuple(
        int(number.replace(",", ""))
        for number in re.findall(r"(\d,\d{3}) runners", RULES[rule].evidence.summary)
    )


def doubts() -> int:
    """Return the length of the list of what knee load is not."""
    return len(re.findall(r"^\d\. ", (TOP / "docs/knee_load.md").read_text("utf-8"), re.M))


CLAIMS: tuple[tuple[str, str, Callable[[], object]], ...] = (
    ("CHANGELOG.md", "and (ten) rules", lambda: len(RULES)),
    ("CHANGELOG.md", "knee load in (three) forms", lambda: len(knee_load.FORMS)),
    (
        "README.md",
        r"longest of the last (\d+) days",
        lambda: of_threshold("long_run_spike.window_days"),
    ),
    ("README.md", r"(\d+) % rule", lambda: of_threshold("ten_percent.note_pct")),
    ("docs/science.md", r"The (\d+) % rule", lambda: of_threshold("ten_percent.note_pct")),
    ("docs/science.md", r"in ([\d,]+) runners", told_of("long_run_spike")),
    (
        "docs/science.md",
        r"session more than (\d+) % longer",
        lambda: percent(of_threshold("long_run_spike.warn_ratio")),
    ),
    (
        "docs/science.md",
        r"longest of the last (\d+) days",
        lambda: of_threshold("long_run_spike.window_days"),
    ),
    (
        "docs/science.md",
        r"green to (\d), red above (\d)",
        lambda: (of_threshold("pain_zone.green_max"), of_threshold("pain_zone.red_above")),
    ),
    (
        "docs/science.md",
        r"(\d+) runs with a score before the run and one the next morning, spread over (\d+) weeks",
        lambda: (questions.MIN_PAIRS, questions.MIN_WEEKS),
    ),
    ("docs/science.md", "and (seven) reasons for doubt", doubts),
    ("docs/loads.md", "and (seven) reasons for doubt", doubts),
    (
        "docs/knee_load.md",
        r"F = ([\d.]+) \* \(v / ([\d.]+)\)\^([\d.]+) \* \(cadence / own cadence\)\^(-[\d.]+) "
        r"\* \(1 \+ (\d) \* downhill slope\)",
        formula,
    ),
    (
        "docs/knee_load.md",
        r"impulse = km \* \(v / ([\d.]+)\)\^(-[\d.]+) \* \(cadence / own cadence\)\^(-[\d.]+)",
        lambda: (
            knee_load.REFERENCE_MPS,
            knee_load.IMPULSE_EXPONENT,
            knee_load.IMPULSE_CADENCE_EXPONENT,
        ),
    ),
    (
        "docs/knee_load.md",
        r"Up to (\d+) steps a minute is walking \(([\d.]+) body weights a step\), from (\d+) on",
        lambda: (knee_load.WALKING_SPM, knee_load.WALKING_BW, knee_load.RUNNING_SPM),
    ),
    ("docs/knee_load.md", r"up to ([\d.]+) times the slope", lambda: knee_load.SLOPES["_up"][1]),
    (
        "docs/knee_load.md",
        r"at 4.5 m/s a kilometre is ([\d.]+), ([\d.]+) or ([\d.]+) of one at 3.0 m/s",
        fast_over_slow,
    ),
    ("docs/how-to/shoes.md", r"at (\d+) and at (\d+) km", lambda: REMINDERS_KM),
    ("docs/how-to/physio.md", "(Twelve) weeks on one sheet", lambda: SHEET_WEEKS),
    ("docs/how-to/wrong-number.md", "cautious` lowers (two) of them", lessened),
    (
        "docs/reference/commands.md",
        r"(\d), flags found \(only from commands whose help says\s+so\); (\d+), interrupted",
        lambda: (FLAGS_FOUND, INTERRUPTED),
    ),
    ("docs/update.md", r"with exit code (\d) when", lambda: FLAGS_FOUND),
    ("docs/update.md", r"SuccessExitStatus=(\d)", lambda: FLAGS_FOUND),
    ("docs/privacy.md", r"positions within (\d+) m of your home", lambda: HIDDEN_M),
    ("docs/log.md", "the last (three) stay", lambda: backup.KEPT),
    (
        "docs/association.md",
        r"with (\d+), (\d+) or (\d+) runs that have both",
        lambda: [pairs for pairs, _ in questions._DETECTABLE],
    ),
    (
        "docs/association.md",
        r"p below ([\d.]+) and an AUC outside ([\d.]+) to ([\d.]+), or if the second "
        r"test has p below ([\d.]+\d)",
        lambda: (selection.ALPHA, *selection.EVEN_AUC, selection.LONG_ALPHA),
    ),
    (
        "docs/association.md",
        r"half a wave for every (\d+) days",
        lambda: rank_correlation.WAVE_DAYS,
    ),
    (
        "docs/loads.md",
        r"(\d+) runs with both methods at least",
        lambda: loads.BRIDGE_RUNS,
    ),
    (
        "docs/association.md",
        r"prints ([\d.]+), ([\d.]+) and ([\d.]+) as the smallest",
        lambda: [questions.detectable(pairs) for pairs, _ in questions._DETECTABLE],
    ),
    (
        "docs/association.md",
        r"a score of (\d) or more after (seven) recorded days of at most (\d)",
        lambda: (spells.ONSET_SCORE, spells.QUIET_DAYS, spells.QUIET_SCORE),
    ),
    (
        "docs/association.md",
        "so that some runners reach (ten) onsets; with fewer",
        lambda: onsets.MIN_ONSETS,
    ),
    (
        "docs/cohort.md",
        r"that started in the (\d+) days before",
        lambda: exposures.WINDOW_DAYS,
    ),
    (
        "docs/cohort.md",
        r"up to (\d+) % more is the reference, then small \(to (\d+) %\), moderate \(to (\d+) %\)",
        lambda: [percent(cut) for cut in exposures.CUTS],
    ),
    (
        "docs/cohort.md",
        r"the sessions (\d+) to 25, (\d+) to 50, (\d+) to 100 and later",
        lambda: BANDS[:3],
    ),
    ("docs/cohort.md", r"\*\*Entry\*\*: (\d+) days", lambda: STUDY.run_in_days),
    ("docs/cohort.md", r"the runner is out for (\d+) days", lambda: STUDY.washout_days),
    ("docs/cohort.md", "or in the (seven) days before", lambda: STUDY.attribution_days),
    ("docs/cohort.md", "a flag in the (seven) days before it", lambda: STUDY.horizon_days),
    ("docs/cohort.md", "to other sessions, (twenty) times", lambda: STUDY.shuffles),
    ("docs/cohort.md", "fewer than (five) injuries is left out", lambda: estimates.FEWEST),
    ("docs/cohort.md", "added up (sixteen) at a time", lambda: cluster.ADDED_AT_ONCE),
    ("docs/cohort.md", "counts a (thousand) runners at a", lambda: evaluation.RUNNERS_AT_ONCE),
)


def read(page: str) -> str:
    """Return a page as one line."""
    return " ".join((TOP / page).read_text(encoding="utf-8").split())


def number(word: str) -> float:
    """Return the number that a word or figure says."""
    return WORDS.get(word.lower()) or float(word.replace(",", ""))


@pytest.mark.parametrize(
    ("page", "sentence", "told"), CLAIMS, ids=[f"{page}: {said[:40]}" for page, said, _ in CLAIMS]
)
def test_a_claim_is_what_the_code_says(
    page: str, sentence: str, told: Callable[[], object]
) -> None:
    said = re.search(sentence, read(page))
    assert said, f"{page} says no more: {sentence}"
    known = told()
    wanted = list(known) if isinstance(known, (tuple, list)) else [known]
    assert [number(word) for word in said.groups()] == wanted


def test_moments_and_questions_are_as_many_as_said() -> None:
    assert len(re.findall(r"^\| `\w+` \|", diary_page(), re.M)) == 4
    assert len(questions.QUESTIONS) == 6
    assert "of the six secondary questions" in read("docs/association.md")


def test_the_week_that_is_recalled() -> None:
    assert "scores that the runs of the last seven days lack" in read("docs/how-to/pain-diary.md")
    assert last_days.RECALLED_DAYS == 7
    assert missing_entries.TEN == "t"
    assert "`t` is 10" in read("docs/how-to/pain-diary.md")


@pytest.mark.posix
def test_the_log_lies_where_privacy_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/robin")
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    name = default_path().name
    for system in (Unix, MacOS):
        folder = system("kneeload", appauthor=False).user_data_dir.replace("/home/robin", "~")
        assert f"| `{folder}/{name}` |" in read("docs/privacy.md")
    assert f"%LOCALAPPDATA%\\kneeload\\{name}" in read("docs/privacy.md")


def test_the_sunday_routine_ends_with_flags_from_warnings_on() -> None:
    severity = next(p for p in import_.update.params if p.name == "severity")
    assert severity.default == "warn"
    assert "(by default, a warning)" in read("docs/update.md")


def test_rtss_and_load_methods_are_as_said() -> None:
    assert intensity.rtss(1.0, 3.2, 3.2) == pytest.approx(100)
    assert "100 is an hour at the pace you can hold for an hour" in read("docs/loads.md")
    assert set(re.findall(r": `(\w+)`$", loads_page(), re.M)) == set(loads.METHODS)


def test_citation_names_this_version() -> None:
    said = yaml.safe_load((TOP / "CITATION.cff").read_text(encoding="utf-8"))
    assert said["version"] == kneeload.__version__
    assert said["cff-version"] == "1.2.0"
    assert said["license"] == "MIT"
    assert {"message", "title", "authors"} <= set(said)
    assert all({"name"} <= set(author) for author in said["authors"])


def test_contributing_names_every_dependency_with_its_reason() -> None:
    project = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    needed = {plain(line) for line in project["dependencies"]}
    extra = {plain(line) for lines in project["optional-dependencies"].values() for line in lines}
    section = read("CONTRIBUTING.md").partition("## Dependencies")[2].partition("## ")[0]
    named = set(re.findall(r"\*(\w+)\*", section))
    assert needed <= named <= needed | extra


def plain(requirement: str) -> str:
    """Return the name of what a requirement asks for."""
    return re.split(r"[<>=\[]", requirement)[0]


def test_contributing_names_rooms_and_files_that_exist() -> None:
    """A name is told from the top, or from anywhere in the package."""
    told = re.findall(r"`([\w./]+(?:/|\.(?:py|md|cff|toml)))`", read("CONTRIBUTING.md"))
    assert len(told) > 20
    assert [n for n in told if not (TOP / n).exists() and not any(PACKAGE.glob(f"**/{n}"))] == []


def test_readme_names_the_oldest_python() -> None:
    project = (TOP / "pyproject.toml").read_text(encoding="utf-8")
    oldest = re.search(r'requires-python = ">=([\d.]+)"', project)
    assert oldest
    for page in ("README.md", "docs/getting-started.md"):
        assert f"Python {oldest[1]} or newer" in read(page)


def diary_page() -> str:
    return (TOP / "docs/how-to/pain-diary.md").read_text(encoding="utf-8")


def loads_page() -> str:
    return (TOP / "docs/loads.md").read_text(encoding="utf-8")
