"""Warnings about plugins: a line each, once, and silence in the workers."""

import os
import warnings

import pytest

from kneeload.cli.app import plugin_warnings
from kneeload.ingest.workers import pool
from kneeload.plugins import PluginWarning, warn

LINE = "rule hills of brought 1.2: RuntimeError: no; left out"


def test_a_warning_is_one_line_and_told_once(capsys: pytest.CaptureFixture[str]) -> None:
    with plugin_warnings():
        warn(LINE)
        with warnings.catch_warnings():  # as others do meanwhile
            warnings.simplefilter("ignore")
        warn(LINE)
        warn("another\x1b[2J one")
    assert capsys.readouterr() == ("", f"Warning: {LINE}\nWarning: another [2J one\n")


def test_other_warnings_are_not_its_business(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.warns(DeprecationWarning, match="old") as told, plugin_warnings():
        warnings.warn("old", DeprecationWarning, stacklevel=1)
    assert [str(each.message) for each in told] == ["old"]
    assert capsys.readouterr().err == ""


def test_afterwards_all_is_as_before() -> None:
    usual = warnings.showwarning
    with plugin_warnings():
        assert warnings.showwarning is not usual
    assert warnings.showwarning is usual
    with pytest.warns(PluginWarning, match="^rule hills"):
        warn(LINE)


def test_workers_leave_it_to_their_parent(capfd: pytest.CaptureFixture[str]) -> None:
    with pool(1) as workers:
        workers.submit(warn, LINE).result()
        workers.submit(os.write, 2, b"heard").result()
    assert capfd.readouterr().err == "heard"
