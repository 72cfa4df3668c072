"""No module needs, when it runs, one that needs it: imports inside functions count too."""

import ast
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import kneeload

ROOT = Path(kneeload.__file__).parent


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {name_of(path): path for path in sorted(ROOT.rglob("*.py"))}


def is_typing(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and ast.unparse(node.test) in {
        "TYPE_CHECKING",
        "not TYPE_CHECKING",
    }


def imported(node: ast.AST) -> Iterator[str]:
    """Yield the modules of kneeload that a piece of code imports when it runs."""
    for child in ast.iter_child_nodes(node):
        if is_typing(child):
            continue
        if isinstance(child, ast.ImportFrom) and child.module:
            names = (f"{child.module}.{alias.name}" for alias in child.names)
            yield from (name if name in MODULES else child.module for name in names)
        elif isinstance(child, ast.Import):
            yield from (alias.name for alias in child.names)
        elif isinstance(child, ast.Call) and ast.unparse(child.func) == "import_module":
            yield from (str(arg.value) for arg in child.args if isinstance(arg, ast.Constant))
        yield from imported(child)


def test_no_module_needs_one_that_needs_it() -> None:
    # The package itself loads its public names when they are first used, for callers outside.
    graph = {
        name: {other for other in imported(ast.parse(path.read_text())) if other in MODULES}
        - {name}
        for name, path in MODULES.items()
        if name != "kneeload"
    }
    assert list(TopologicalSorter(graph).static_order())
