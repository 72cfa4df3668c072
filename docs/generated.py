"""What the pages say of the code, told by the code itself.

A line ``<!-- generated: rules -->`` in a page becomes what `rules` returns, and
``<!-- generated: formula intensity.rtss -->`` what `formula` returns of that function.
"""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, get_args, get_type_hints

import click

import kneeload
from kneeload import frames
from kneeload.cli.program import program
from kneeload.measures import bands, intensity, knee_load, loads
from kneeload.rules.catalogue import RULES, Rule
from kneeload.settings import DEFAULTS, KEYS, Settings
from kneeload.thresholds import THRESHOLDS, Threshold

if TYPE_CHECKING:
    from kneeload.frames import Spec

PLACE = re.compile(r"^<!-- generated: (\w+)(?: ([\w.]+))? -->$", re.MULTILINE)
HEADING = re.compile(r"^## (.+)$", re.MULTILINE)
LINK = re.compile(r"^- \[[^]]*\]\(([^)]+\.(?:md|ipynb))\)", re.MULTILINE)
DOI = re.compile(r"doi:(10\.\d{4,}/[^\s,;)]+[^\s,;).])")
PMID = re.compile(r"PMID (\d+)")
SECTION = re.compile(r"^(\w[\w ]*)\n-+\n", re.MULTILINE)

HERE = Path(__file__).resolve().parent
ALL = {"Notebooks": "notebooks/*.ipynb", "For developers": "docs/extending/*.md"}
"""Folders whose every page is in the table of contents, listed or not."""
WIDTH = 80
GRADES = {
    "cohort": "seen in runners followed over time",
    "trial": "tested on people in a trial",
    "laboratory": "measured in a laboratory, not compared with injuries",
    "convention": "what coaches or clinicians do; not shown to work",
    "assumption": "kneeload's own choice, for want of anything better",
}
GIVEN = (
    "kneeload.answers.Log",
    "kneeload.log.opened_log.OpenedLog",
    "kneeload.log.training_log.TrainingLog",
    "kneeload.model.Activity",
    "kneeload.model.PainEntry",
    "kneeload.planning.limits.Plan",
    "kneeload.association.result.Explanation",
    "kneeload.reports.model.Report",
    "kneeload.errors.KneeloadError",
    "kneeload.errors.FileRefused",
    "kneeload.errors.FileSkipped",
    "kneeload.errors.LogError",
    "kneeload.errors.SettingError",
    "kneeload.errors.EntryError",
    "kneeload.errors.FrameError",
)
FRAMES = {
    "RUNS": "Runs: `log.runs()`, `kneeload runs --csv`",
    "STORED": "More columns of the runs: what a log keeps",
    "MEASURED": "More columns of the runs: what was measured, `log.runs()`",
    "PAIN": "Pain: `log.pain()`, `kneeload pain list --csv`",
    "WEEKS": "Weeks: `log.weeks()`, `kneeload weeks --csv`",
    "CONTEXT": "More columns of the weeks: context, in the report",
    "FLAGS": "Flags: `log.flags()`, `kneeload flags --csv`",
    "DIARY": "Diary: `log.diary()`, the notes that are not pain scores",
    "SAMPLES": "Samples: `log.activity(run_id).samples`, one row per record of a file",
    "STREAMS": "Streams: `log.streams(run_ids)`, one row per second",
}
FORMULAS: dict[str, ModuleType] = {
    module.__name__.rpartition(".")[2]: module for module in (bands, intensity, knee_load, loads)
}


def fill(text: list[str]) -> None:
    """Replace the places in a page's source by what is generated for them."""
    text[0] = PLACE.sub(lambda place: PAGES[place[1]](*filter(None, [place[2]])), text[0])


def contents() -> str:
    """Return the site's table of contents: the lists of the first page, and what they forget."""
    sections = HEADING.split((HERE / "index.md").read_text(encoding="utf-8"))[1:]
    return "\n\n".join(map(_toctree, sections[::2], sections[1::2]))


def rules() -> str:
    """Return a section for each rule of the catalogue, with its thresholds and sources."""
    return "\n\n".join(map(_rule, RULES.values()))


def rooms() -> str:
    """Return a line for each room of the package, as its docstring begins."""
    package = Path(kneeload.__file__).parent
    inits = sorted(package.glob("*/__init__.py"))
    docs = ((init.parent.name, ast.get_docstring(ast.parse(init.read_bytes()))) for init in inits)
    return table(
        ("room", "what lives there"), ((f"`{n}/`", (d or "").split("\n")[0]) for n, d in docs)
    )


def grades() -> str:
    """Return what each grade of evidence means."""
    return table(("grade", "means"), ((f"*{name}*", text) for name, text in GRADES.items()))


def formula(name: str) -> str:
    """Return what a function of the measures says of itself, and how it computes it."""
    return f"{told(name)}\n\n```py\n{_code(_measure(name))}\n```"


def told(name: str) -> str:
    """Return what a function of the measures says of itself, in words for a reader."""
    said = sections(_measure(name))
    texts = (said[""].removeprefix("Return "), said.get("Notes", ""), said.get("References", ""))
    return linked(f"`{_measure(name).__name__}`: " + "\n\n".join(text for text in texts if text))


def settings() -> str:
    """Return the table of the settings, from the docstring of `Settings` and its types."""
    said = parameters(Settings)
    hints = get_type_hints(Settings, localns={"Mapping": Mapping})
    rows = ((f"`{key}`", _values(hints[key]), _default(key), said.get(key, "")) for key in KEYS)
    return table(("key", "values", "default", "meaning"), rows)


def thresholds() -> str:
    """Return the table of all thresholds."""
    return _thresholds(THRESHOLDS)


def commands() -> str:
    """Return the help of every command, as the program itself prints it."""
    return "\n\n".join(
        f"{'#' * min(len(path.split()) + 1, 3)} {path}\n\n```text\n{text}\n```"
        for path, text in helps(program, "kneeload")
    )


def frame_tables() -> str:
    """Return a section for each frame, column by column."""
    return "\n\n".join(f"## {text}\n\n{_frame(getattr(frames, n))}" for n, text in FRAMES.items())


def api() -> str:
    """Return a section for each public name, filled by autodoc from its docstring."""
    return "\n\n".join(map(_public, kneeload.__all__))


def given() -> str:
    """Return a section for each class that the public names take or return."""
    return "\n\n".join(_documented(path.rpartition(".")[2], path, "autoclass") for path in GIVEN)


PAGES: dict[str, Callable[..., str]] = {
    page.__name__: page
    for page in (
        *(contents, rules, grades, formula, told, settings, thresholds),
        *(commands, frame_tables, api, given),
    )
}


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a Markdown table."""
    head = tuple(head)
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def linked(text: str) -> str:
    """Return the text with DOIs and PubMed numbers as links."""
    text = DOI.sub(r"[doi:\1](https://doi.org/\1)", text)
    return PMID.sub(r"[PMID \1](https://pubmed.ncbi.nlm.nih.gov/\1/)", text)


def sections(thing: object) -> dict[str, str]:
    """Return the sections of a numpydoc docstring; what stands before them under ''."""
    first, *rest = SECTION.split(inspect.getdoc(thing) or "")
    return {"": first.strip(), **dict(zip(rest[::2], map(str.strip, rest[1::2]), strict=True))}


def parameters(thing: object) -> dict[str, str]:
    """Return each parameter of a numpydoc docstring with what is said of it."""
    found: dict[str, str] = {}
    for entry in re.split(r"\n(?=\S)", sections(thing)["Parameters"]):
        names, _, text = entry.partition("\n")
        found |= dict.fromkeys(names.split(", "), textwrap.dedent(text).replace("\n", " "))
    return found


def helps(command: click.Command, path: str) -> Iterator[tuple[str, str]]:
    """Return the help of a command and of all below it, with the words that call them."""
    context = click.Context(command, info_name=path, terminal_width=WIDTH, max_content_width=WIDTH)
    context.help_option_names = ["-h", "--help"]
    yield path, command.get_help(context)
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            if below := command.get_command(context, name):
                yield from helps(below, f"{path} {name}")


def _toctree(caption: str, text: str) -> str:
    listed = ((HERE / page).resolve() for page in LINK.findall(text))
    found = sorted(HERE.parent.glob(ALL[caption])) if caption in ALL else ()
    paths = (path.relative_to(HERE.parent).with_suffix("").as_posix() for path in (*listed, *found))
    entries = "\n".join(f"/{path}" for path in dict.fromkeys(paths))
    return f"```{{toctree}}\n:hidden:\n:caption: {caption}\n\n{entries}\n```"


def _rule(rule: Rule) -> str:
    evidence = rule.evidence
    _, _, conditions = sections(rule.function)[""].partition("\n")
    own = {key: known for key, known in THRESHOLDS.items() if key.startswith(f"{rule.id}.")}
    parts = [
        f"## {rule.title}",
        f"`{rule.id}` looks for {rule.checks}.",
        conditions.strip(),
        f"Evidence: *{evidence.grade}*. {evidence.summary}",
        linked("Sources: " + "; ".join(evidence.sources) + ".") if evidence.sources else "",
        _thresholds(own, below=rule.id) if own else "",
    ]
    return "\n\n".join(part for part in parts if part)


def _thresholds(known: Mapping[str, Threshold], below: str = "") -> str:
    head = ("threshold", "default", "may be", "unit", "meaning", "grade")
    rows = ((name.removeprefix(f"{below}."), threshold) for name, threshold in known.items())
    return table(head, (_threshold(*row) for row in rows))


def _threshold(name: str, known: Threshold) -> tuple[str, ...]:
    cautious = "" if known.cautious is None else f" ({known.cautious:g})"
    span = f"{known.low:g} to {known.high:g}"
    default = f"{known.default:g}{cautious}"
    return f"`{name}`", default, span, known.unit, known.sentence(known.default), known.grade


class _Plain(ast.NodeTransformer):
    """Leave out what a reader of a formula need not see: types, and turning into arrays."""

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        value = self.visit(node.value) if node.value else ast.Constant(None)
        return ast.Assign([node.target], value, lineno=node.lineno)

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        return node.args[0] if ast.unparse(node.func) == "np.asarray" else node


def _measure(name: str) -> Callable[..., Any]:
    module, _, last = name.partition(".")
    function: Callable[..., Any] = getattr(FORMULAS[module], last)
    return function


def _code(function: Callable[..., Any]) -> str:
    """Return the body of a formula, below the constants it names."""
    definition = ast.parse(textwrap.dedent(inspect.getsource(function))).body[0]
    body = definition.body[1:] if isinstance(definition, ast.FunctionDef) else []
    known = function.__globals__
    constants = [name for name in function.__code__.co_names if name.isupper()]
    lines = [f"{name} = {known[name]!r}" for name in constants]
    return "\n".join([*lines, *(ast.unparse(_Plain().visit(line)) for line in body)])


def _values(hint: Any) -> str:
    """Return what a setting can be, from its type."""
    choices = [value for part in (hint, *get_args(hint)) for value in get_args(part)]
    names = [f"`{value}`" for value in choices if isinstance(value, str)]
    if names:
        return ", ".join(names)
    return "number" if {int, float} & {hint, *get_args(hint)} else "text"


def _default(key: str) -> str:
    value = getattr(DEFAULTS, key)
    return f"`{value}`" if value else "empty"


def _frame(spec: Spec) -> str:
    rows = ((f"`{name}`", c.dtype, c.unit, c.meaning) for name, c in spec.items())
    return table(("column", "dtype", "unit", "meaning"), rows)


def _public(name: str) -> str:
    thing = getattr(kneeload, name)
    kind = {ModuleType: "automodule", type: "autoclass"}.get(type(thing), "autofunction")
    return _documented(f"kneeload.{name}", f"kneeload.{name}", kind)


def _documented(title: str, path: str, kind: str) -> str:
    """Return a section that autodoc fills: a class or module with its members, or a function."""
    members = "" if kind == "autofunction" else "\n   :members:"
    return f"### `{title}`\n\n```{{eval-rst}}\n.. {kind}:: {path}{members}\n```"
