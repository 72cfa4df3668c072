"""What is shipped: a wheel and an sdist, complete, the same bytes twice, and they run."""

import os
import subprocess
import sys
import tarfile
import zipfile
from email.parser import Parser
from hashlib import sha256
from pathlib import Path

import pytest

import kneeload

ROOT = Path(__file__).parents[2]


def build(source: Path, to: Path, *what: str) -> dict[str, Path]:
    """Build without a network, with the installed hatchling; return the files by ending."""
    words = [sys.executable, "-m", "build", "--no-isolation", *what, "--outdir", str(to)]
    subprocess.run([*words, str(source)], check=True, capture_output=True, timeout=120)
    return {path.suffix: path for path in to.iterdir() if path.suffix in {".whl", ".gz"}}


def unpacked(sdist: Path, to: Path) -> Path:
    """Unpack where nothing is as it was: another folder, other times, other permissions."""
    with tarfile.open(sdist) as archive:
        archive.extractall(to, filter="data")
    (folder,) = to.iterdir()
    for path in folder.rglob("*"):
        path.chmod(path.stat().st_mode & 0o700)
        os.utime(path, (1_600_000_000, 1_600_000_000))
    return folder


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return build(ROOT, tmp_path_factory.mktemp("built"))


@pytest.fixture(scope="module")
def rebuilt(
    built: dict[str, Path], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, dict[str, Path]]:
    """Return what the sdist holds, and what is built from that."""
    source = unpacked(built[".gz"], tmp_path_factory.mktemp("unpacked"))
    return source, build(source, tmp_path_factory.mktemp("rebuilt"))


@pytest.fixture(scope="module")
def installed(built: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the wheel's contents alone."""
    folder = tmp_path_factory.mktemp("installed")
    with zipfile.ZipFile(built[".whl"]) as wheel:
        wheel.extractall(folder)
    return folder


def files(folder: Path) -> set[str]:
    paths = (path for path in folder.rglob("*") if path.is_file())
    return {p.relative_to(ROOT).as_posix() for p in paths if "__pycache__" not in p.parts}


def test_the_wheel_has_the_package_the_samples_and_nothing_else(installed: Path) -> None:
    shipped = {p.relative_to(installed).as_posix() for p in installed.rglob("*") if p.is_file()}
    of_package = {name for name in shipped if ".dist-info/" not in name}
    samples = {f"kneeload/{name}" for name in files(ROOT / "sample_activities")}
    assert of_package == files(ROOT / "kneeload") | samples
    assert {"kneeload/py.typed", "kneeload/reports/templates/report.html"} <= of_package
    assert sum(name.endswith((".fit", ".gpx", ".tcx")) for name in samples) > 50
    assert any(name.endswith("licenses/LICENSE") for name in shipped - of_package)


def test_the_version_has_one_place(installed: Path) -> None:
    (metadata,) = installed.glob("*.dist-info/METADATA")
    told = Parser().parsestr(metadata.read_text(encoding="utf-8"))
    assert told["Version"] == kneeload.__version__
    assert told["Requires-Python"] == ">=3.11"
    assert metadata.parent.name == f"kneeload-{kneeload.__version__}.dist-info"
    assert f'"{kneeload.__version__}"' not in (ROOT / "pyproject.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize("ending", [".whl", ".gz"])
def test_the_sdist_builds_the_same_bytes_again(
    built: dict[str, Path], rebuilt: tuple[Path, dict[str, Path]], ending: str
) -> None:
    again, first = (sha256(files[ending].read_bytes()) for files in (rebuilt[1], built))
    assert again.hexdigest() == first.hexdigest()


def test_the_sdist_holds_what_a_packager_needs(rebuilt: tuple[Path, dict[str, Path]]) -> None:
    source, _ = rebuilt
    needed = ("tests/conftest.py", "benchmarks/stress.py", ".ci/run", "Makefile")
    for name in ("LICENSE", "README.md", "CHANGELOG.md", "constraints.txt", *needed):
        assert (source / name).is_file(), name
    assert not list(source.rglob("__pycache__"))


def test_the_wheel_alone_runs_the_demo(installed: Path, tmp_path: Path) -> None:
    """No checkout beside it, an empty home, and nothing written but the report."""
    home = tmp_path / "home"
    here = tmp_path / "here"
    for folder in (home, here):
        folder.mkdir()
    kept = {key: value for key, value in os.environ.items() if key in {"PATH", "SYSTEMROOT"}}
    done = subprocess.run(
        [sys.executable, "-c", "import kneeload.cli as c; print(c.__file__); c.main()", "demo"],
        cwd=here,
        env=kept
        | {"HOME": str(home), "PYTHONPATH": str(installed), "PYTHONWARNINGS": "error"}
        | {"PYTHONDONTWRITEBYTECODE": "1"},  # other tests look at the same folder
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    assert done.stdout.startswith(str(installed))
    assert not done.stderr
    (report,) = here.iterdir()
    assert report.name == "kneeload-2026-W13.html"
    assert not [path for path in home.rglob("*") if path.is_file() and "font" not in path.name]
