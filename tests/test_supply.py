"""The check of what kneeload brings along finds what it should."""

from __future__ import annotations

import json
import runpy
import subprocess
import sys
import tomllib
from email.message import Message
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
SUPPLY: dict[str, Any] = runpy.run_path(str(ROOT / ".ci" / "supply.py"))


def stand_in(version: str, **said: str) -> Any:
    metadata = Message()
    for name, value in said.items():
        metadata[name.replace("_", "-")] = value
    return SimpleNamespace(version=version, metadata=metadata, requires=[])


@pytest.mark.parametrize(
    ("name", "installed", "told"),
    [
        ("good", stand_in("1", License_Expression="BSD-3-Clause AND MIT"), ""),
        ("good", stand_in("1", Classifier="License :: OSI Approved :: MIT License"), ""),
        ("good", stand_in("1", License="Apache License, Version 2.0"), ""),
        ("viral", stand_in("1", License_Expression="GPL-3.0-or-later"), "GPL-3.0"),
        ("viral", stand_in("1", License="GNU Affero General Public License v3"), "Affero"),
        ("mute", stand_in("1"), "not named"),
        ("jinja2", stand_in("3.1.5", License="MIT"), "CVE-2025-27516"),
        ("jinja2", stand_in("3.1.6", License="MIT"), ""),
    ],
)
def test_licences_and_advisories_are_told_by_name(name: str, installed: Any, told: str) -> None:
    lines = SUPPLY["faults"]({name: installed})
    assert len(lines) == bool(told)
    assert told in "".join(lines)


def test_what_is_installed_here_may_be() -> None:
    assert SUPPLY["faults"](SUPPLY["brought_along"]()) == []


def test_the_bill_of_materials_has_every_dependency_once(tmp_path: Path) -> None:
    path = tmp_path / "dist" / "sbom.json"
    words = [sys.executable, str(ROOT / ".ci" / "supply.py"), "sbom", str(path)]
    subprocess.run(words, check=True, capture_output=True)
    bill = json.loads(path.read_text())
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    names = [component["name"] for component in bill["components"]]
    assert len(names) == len(set(names))
    assert {"click", "fitparse", "gpxpy", "matplotlib", "numpy", "pandas"} <= set(names)
    assert {"pytest", "hypothesis", "ruff"}.isdisjoint(names)
    refs = {component["bom-ref"] for component in bill["components"]}
    assert {need for each in bill["dependencies"] for need in each["dependsOn"]} <= refs


def test_every_dependency_has_its_reason_in_contributing() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    text = (ROOT / "CONTRIBUTING.md").read_text().lower()
    missing = [d for d in project["dependencies"] if d.partition(">")[0].lower() not in text]
    assert missing == []
