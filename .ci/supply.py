"""What kneeload brings along: licences, known advisories, an SBOM; from installed metadata alone.

    python .ci/supply.py check                 exit 1 on a licence or version that may not be
    python .ci/supply.py sbom dist/sbom.json   CycloneDX 1.6

No network: a licence is what a distribution says of itself, and advisories are those in the list
below, which names its day. Who wants the newest ones asks a service that knows them.
"""

from __future__ import annotations

import json
import re
import sys
from importlib.metadata import Distribution, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

ROOT = "kneeload"
ALLOWED = re.compile(
    r"\b(MIT|MIT-CMU|HPND|BSD|0BSD|ISC|Zlib|CC0|Apache|PSF|Python Software Foundation"
    r"|Unlicense|MPL-2\.0)\b"
)
COPYLEFT = re.compile(r"\b(A?GPL|GNU (Affero )?General Public)", re.IGNORECASE)
LISTED_ON = "2025-12-01"
ADVISORIES = {
    "jinja2": {"CVE-2024-56326": "<3.1.5", "CVE-2025-27516": "<3.1.6"},
    "pillow": {"CVE-2024-28219": "<10.3.0", "CVE-2025-48379": ">=11.2.0,<11.3.0"},
    "fonttools": {"CVE-2023-45139": ">=4.28.2,<4.43.0", "CVE-2025-66034": ">=4.33.0,<4.60.2"},
}
"""Versions with a published fault, of what comes with kneeload, by the day above."""


def brought_along(root: str = ROOT) -> dict[str, Distribution]:
    """Return every distribution that an installation without extras needs, by its plain name."""
    found: dict[str, Distribution] = {}
    waiting = [root]
    while waiting:
        installed = distribution(waiting.pop())
        needed = map(Requirement, installed.requires or [])
        names = {plain(r.name) for r in needed if not r.marker or r.marker.evaluate({"extra": ""})}
        for name in names - set(found):
            found[name] = distribution(name)
            waiting.append(name)
    return dict(sorted(found.items()))


def plain(name: str) -> str:
    """Return a distribution's name as package indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def licence(installed: Distribution) -> str:
    """Return the licence a distribution names: expression, classifiers or the first line."""
    said = installed.metadata
    if expression := said.get("License-Expression"):
        return str(expression)
    trove = [c for c in said.get_all("Classifier") or [] if c.startswith("License ::")]
    if trove:
        return "; ".join(c.rpartition(" :: ")[2] for c in trove)
    lines = str(said.get("License") or "").strip().splitlines()
    return lines[0].strip() if lines else ""


def faults(found: dict[str, Distribution]) -> list[str]:
    """Return, in one line each, the licences and versions that may not be."""
    told = []
    for name, installed in found.items():
        terms = licence(installed)
        if COPYLEFT.search(terms) or not ALLOWED.search(terms):
            told.append(f"{name} {installed.version}: licence {terms or 'not named'!r}")
        for advisory, versions in ADVISORIES.get(name, {}).items():
            if installed.version in SpecifierSet(versions, prereleases=True):
                told.append(f"{name} {installed.version}: {advisory} ({versions})")
    return told


def sbom(found: dict[str, Distribution]) -> dict[str, object]:
    """Return a CycloneDX bill of materials; the same installation gives the same bytes."""
    root = distribution(ROOT)
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": {**_component(ROOT, root), "type": "application"}},
        "components": [_component(name, installed) for name, installed in found.items()],
        "dependencies": [
            {"ref": _purl(name, installed), "dependsOn": _needs(installed, found)}
            for name, installed in {ROOT: root, **found}.items()
        ],
    }


def _component(name: str, installed: Distribution) -> dict[str, object]:
    return {
        "type": "library",
        "bom-ref": _purl(name, installed),
        "name": name,
        "version": installed.version,
        "licenses": [{"license": {"name": licence(installed)}}],
        "purl": _purl(name, installed),
    }


def _needs(installed: Distribution, found: dict[str, Distribution]) -> list[str]:
    required = [Requirement(line) for line in installed.requires or []]
    names = {plain(r.name) for r in required if not r.marker or r.marker.evaluate({"extra": ""})}
    return sorted(_purl(name, found[name]) for name in names & set(found))


def _purl(name: str, installed: Distribution) -> str:
    return f"pkg:pypi/{name}@{installed.version}"


def main(words: list[str]) -> int:
    """Check, or write the bill of materials."""
    found = brought_along()
    if words[:1] == ["sbom"] and len(words) == 2:
        path = Path(words[1])
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(sbom(found), indent=2) + "\n", encoding="utf-8")
        print(f"{len(found)} components in {path}")
        return 0
    if words != ["check"]:
        print(__doc__, file=sys.stderr)
        return 2
    told = faults(found)
    print("\n".join(told) or f"{len(found)} distributions: licences fine, no advisory listed.")
    print(f"Advisories as of {LISTED_ON}, without a network.")
    return 1 if told else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
