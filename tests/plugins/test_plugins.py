"""What other packages offer is found once, named, and left out where it cannot be used."""

import shutil
import sys
from importlib import metadata
from pathlib import Path
from unittest.mock import Mock

import pytest

from kneeload import plugins
from kneeload.errors import FileRefused, PluginError
from kneeload.plugins import LOAD_METHODS, RULES, PluginWarning
from tests.fresh import printed
from tests.plugins.building import Offer


def test_nothing_is_offered_where_nothing_is_installed(offer: Offer) -> None:
    assert plugins.available(RULES) == {}


def test_what_is_offered_is_named_and_not_imported(offer: Offer) -> None:
    module = offer("steep = 1/0", LOAD_METHODS, "steep")
    (found,) = plugins.available(LOAD_METHODS).values()
    assert (found.name, found.package) == ("steep", "brought 1.2")
    assert str(found) == "load method steep of brought 1.2"
    assert plugins.available(RULES) == {}
    assert module not in sys.modules


def test_the_disk_is_read_once(offer: Offer, monkeypatch: pytest.MonkeyPatch) -> None:
    offer("hills = 1", RULES, "hills")
    asked = Mock(wraps=metadata.entry_points)
    monkeypatch.setattr(metadata, "entry_points", asked)
    for group, names in ((RULES, {"hills"}), (LOAD_METHODS, set()), (RULES, {"hills"})):
        assert set(plugins.available(group)) == names
    assert asked.call_count == 1


def test_where_no_metadata_name_kneeload_none_are_parsed(
    offer: Offer, monkeypatch: pytest.MonkeyPatch
) -> None:
    offer("hills = 1", "another.rules", "hills")
    asked = Mock(wraps=metadata.entry_points)
    monkeypatch.setattr(metadata, "entry_points", asked)
    assert plugins.available(RULES) == {}
    assert asked.call_count == 0


def test_a_package_in_a_zip_file_is_found(
    offer: Offer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    offer("hills = 1", RULES, "hills")
    packed = shutil.make_archive(str(tmp_path / "packed"), "zip", tmp_path / "site")
    shutil.rmtree(tmp_path / "site")
    monkeypatch.syspath_prepend(packed)
    assert plugins.available(RULES)["hills"].load() == 1


def test_a_place_that_cannot_be_read_hides_no_other(
    offer: Offer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    offer("hills = 1", RULES, "hills")
    (tmp_path / "odd" / "odd-1.dist-info" / "entry_points.txt").mkdir(parents=True)
    monkeypatch.syspath_prepend(str(tmp_path / "odd"))
    assert set(plugins.available(RULES)) == {"hills"}


def test_a_name_of_kneeloads_own_is_left_out(offer: Offer) -> None:
    offer("monotony = 1\nother = 2", RULES, "monotony", "other")
    told = r"^rule monotony of brought 1\.2 is left out: kneeload has one of the same name$"
    with pytest.warns(PluginWarning, match=told):
        assert set(plugins.available(RULES, {"monotony"})) == {"other"}


def test_of_two_with_one_name_the_first_package_counts(offer: Offer) -> None:
    offer("hills = 2", RULES, "hills", package="zebra")
    offer("hills = 1", RULES, "hills", package="ant")
    with pytest.warns(PluginWarning, match=r"^rule hills of zebra 1\.2 .*: ant 1\.2 has one"):
        found = plugins.available(RULES)
    assert found["hills"].load() == 1


def test_a_name_is_one_word(offer: Offer) -> None:
    offer("", RULES, "two words", "semi;colon")
    with pytest.warns(PluginWarning, match="letters, digits and underscores") as told:
        assert plugins.available(RULES) == {}
    assert len(told) == 2


def test_metadata_that_cannot_be_read_hide_all_and_say_so(
    offer: Offer, monkeypatch: pytest.MonkeyPatch
) -> None:
    offer("", f"{RULES}]\nno equals sign\n[more")
    with pytest.warns(PluginWarning, match="plugins from other packages cannot be read"):
        assert plugins.available(RULES) == {}


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("import nothing_of_that_name", "ModuleNotFoundError: No module named 'nothing_of_that_"),
        ("raise SystemExit(3)", "SystemExit: 3"),
        ("raise ValueError('on\\ntwo lines')", "ValueError: on two lines"),
        ("hill = 1", "AttributeError: "),
        ("def hills(: pass", "SyntaxError: "),
        ("raise RuntimeError('long ' * 100)", "RuntimeError: long"),
    ],
)
def test_what_cannot_be_loaded_is_one_line(offer: Offer, source: str, reason: str) -> None:
    offer(source, RULES, "hills")
    plugin = plugins.available(RULES)["hills"]
    with pytest.warns(PluginWarning) as told:
        assert plugins.run_or_warn(plugin, plugin.load) is None
    (line,) = (str(warning.message) for warning in told)
    assert line.startswith(f"rule hills of brought 1.2: {reason}")
    assert line.endswith("; left out")
    assert "\n" not in line
    assert len(line) < 250


def test_errors_fit_for_a_runner_stand_without_their_type(offer: Offer) -> None:
    offer("", RULES, "hills")
    plugin = plugins.available(RULES)["hills"]
    assert (
        plugins.describe_failure(plugin, FileRefused("is torn"))
        == "rule hills of brought 1.2: is torn"
    )


def test_an_interrupt_is_no_fault_of_a_plugin(offer: Offer) -> None:
    offer("raise KeyboardInterrupt", RULES, "hills")
    plugin = plugins.available(RULES)["hills"]
    with pytest.raises(KeyboardInterrupt):
        plugins.run_or_warn(plugin, plugin.load)


def test_the_first_thing_wrong_is_told() -> None:
    plugins.require({"a": True, "b": 1})
    with pytest.raises(PluginError, match=r"^b$"):
        plugins.require({"a": True, "b": False, "c": False})


def test_help_does_not_ask_what_is_installed() -> None:
    code = (
        "import sys\nfrom kneeload.cli import program\n"
        "try: program(['--help'])\nexcept SystemExit: pass\n"
        "from kneeload import plugins\n"
        "print(plugins._installed.cache_info().misses, 'importlib.metadata' in sys.modules)"
    )
    assert printed(code)[-1] == "0 False"
