"""Packages put on the path as pip would leave them: a module, and the metadata that names it."""

import importlib
import itertools
import textwrap
from pathlib import Path
from typing import Protocol

from kneeload import plugins
from kneeload.importers import plugin_importers as importers
from kneeload.rules import installed_rules

NUMBERS = itertools.count()


class Offer(Protocol):
    """Writes a package whose one module holds `source`; returns the module's name."""

    def __call__(self, source: str, group: str, *names: str, package: str = "brought") -> str: ...


def write_package(
    folder: Path, source: str, group: str, *names: str, package: str = "brought"
) -> str:
    """Write a package that offers the objects `names` of its module, each under its own name."""
    module = f"{package}_{next(NUMBERS)}"
    (folder / f"{module}.py").write_text(textwrap.dedent(source), encoding="utf-8")
    metadata = folder / f"{module}-1.2.dist-info"
    metadata.mkdir()
    lines = [f"[{group}]", *(f"{name} = {module}:{name}" for name in names)]
    (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.2\n")
    (metadata / "entry_points.txt").write_text("\n".join(lines) + "\n")
    importlib.invalidate_caches()
    return module


def forget() -> None:
    """Forget what was found, as a new process would."""
    for cached in (plugins._installed, importers._importers, installed_rules):
        cached.cache_clear()
