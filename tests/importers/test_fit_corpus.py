"""FIT on real files: equal to fitparse, equal to the manifest, unmoved by damage."""

import csv
import random
import time
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kneeload import frames
from kneeload.errors import FileRefused, FileSkipped
from kneeload.importers.fit import columnar, container, decode, reference
from kneeload.importers.fit.scan import walk
from kneeload.model import Activity
from tests.importers.fitwriter import (
    ACTIVITY,
    LAP,
    T0,
    Kind,
    fit,
    identity,
    records,
    session,
    timer,
)
from tests.importers.test_fit_readers import assert_equal

SHARDS = 8
# fitparse 1.2.0 refuses its fields of odd sizes; its successor and others read it.
MISALIGNED = "coros-pace-2-cycling-misaligned-fields.fit"


class Entry(NamedTuple):
    """A line of the manifest."""

    path: Path
    sports: list[str]
    distance_m: float


def entries(corpus: Path) -> list[Entry]:
    with (corpus / "manifest.tsv").open(encoding="utf-8", newline="") as file:
        return [
            Entry(
                corpus / row["path"], row["sport"].split("+"), float(row["total_distance_m"] or 0)
            )
            for row in csv.DictReader(file, delimiter="\t")
            if row["format"] == "fit"
        ]


def outcome(content: bytes) -> list[Activity]:
    """Return the activities, none where the bytes are refused; any other error fails the test."""
    try:
        return decode(content)
    except (FileRefused, FileSkipped) as refusal:
        reason = str(refusal)
    assert reason
    assert "\n" not in reason
    return []


def assert_valid(activity: Activity) -> None:
    """Check what everything behind the importers relies on."""
    totals = (activity.distance_m, activity.timer_s, activity.elapsed_s, activity.avg_hr_bpm)
    assert all(total is None or 0 <= total < 2**32 for total in totals)
    assert (activity.distance_m is None) == (activity.distance_source is None)
    assert activity.started_at.tzinfo is not None
    assert not any("\n" in warning for warning in activity.warnings)
    samples = activity.samples
    assert {n: str(t) for n, t in samples.dtypes.items()} == {
        name: column.dtype for name, column in frames.SAMPLES.items()
    }
    assert not samples["time"].isna().any()
    assert not np.isinf(samples.drop(columns="time").to_numpy(dtype=float)).any()
    assert samples["latitude"].abs().max() <= 90 or samples["latitude"].isna().all()


@pytest.mark.parametrize("shard", range(SHARDS))
def test_the_fast_reader_equals_fitparse_field_by_field(corpus: Path, shard: int) -> None:
    # Largest first and dealt in turn, so that the shards take about as long.
    files = sorted((e.path for e in entries(corpus)), key=lambda path: -path.stat().st_size)
    for path in files[shard::SHARDS]:
        for part in container.parts(path.read_bytes()):
            found = walk(part.body)
            if path.name != MISALIGNED:
                twin = reference.read(part.body[: found.end])
                assert_equal(columnar.read(part.body, found), twin)


def test_the_file_that_fitparse_declines(corpus: Path) -> None:
    (part,) = container.parts((corpus / "dtcooper__python-fitparse" / MISALIGNED).read_bytes())
    with pytest.raises(FileRefused, match="fitparse cannot read"):
        reference.read(part.body)
    assert len(columnar.read(part.body, walk(part.body))["record"]["distance"]) == 11272


def test_every_session_of_running_has_the_manifests_distance(corpus: Path) -> None:
    compared = 0
    for entry in entries(corpus):
        found = outcome(entry.path.read_bytes())
        for activity in found:
            assert_valid(activity)
        if "running" in entry.sports and entry.distance_m:
            total = sum(a.distance_m or 0 for a in found)
            assert total == pytest.approx(entry.distance_m, rel=0.005), entry.path.name
            runs = sum(a.sport.is_running and not a.sport_inferred for a in found)
            assert runs == entry.sports.count("running"), entry.path.name
            compared += 1
    assert compared == 41, "as `awk` counts them in the manifest"


def everything() -> bytes:
    """Return a body with every kind of message that is read, and some that are not."""
    compressed = Kind(7, 20, {253: "uint32", 5: "uint32", 8: "byte*3"})
    return b"".join(
        (
            identity(),
            records(40),
            timer((T0, 0), (T0 + 10, 4), (T0 + 20, 0)),
            compressed.definition() + compressed.data(T0 + 41, 123_00, None),
            Kind(1, 20, {3: "uint8"}).definition()
            + b"".join(
                Kind(1, 20, {3: "uint8"}).compressed((T0 + 41 + i) % 32, 150) for i in range(9)
            ),
            LAP.definition() + LAP.data(T0 + 60, T0, 180_00),
            session(elapsed_s=30),
            session(T0 + 30, elapsed_s=30, sport=0),
            ACTIVITY.definition() + ACTIVITY.data(T0 + 60, T0 + 3660),
        )
    )


Damage = tuple[list[tuple[int, int]], int, int]


def damages() -> st.SearchStrategy[Damage]:
    """Draw bytes to overwrite, and a place to cut or double."""
    place = st.integers(0, 2**20)
    return st.tuples(st.lists(st.tuples(place, st.integers(0, 255)), max_size=8), place, place)


def damaged(content: bytes, damage: Damage) -> bytes:
    changes, cut, doubled = damage
    broken = bytearray(content)
    for place, value in changes:
        broken[place % len(broken)] = value
    cut, doubled = cut % (2 * len(broken)), doubled % (2 * len(broken))
    return bytes(broken[:cut] + broken[min(doubled, cut) :])


@given(damages())
@settings(max_examples=300, deadline=None)
def test_damaged_bytes_give_a_valid_result_or_one_line(damage: Damage) -> None:
    for activity in outcome(damaged(fit(everything()), damage)):
        assert_valid(activity)


@given(st.binary(max_size=400))
@settings(max_examples=200, deadline=None)
def test_any_messages_give_a_valid_result_or_one_line(body: bytes) -> None:
    for activity in outcome(fit(identity(), records(2), body)):
        assert_valid(activity)


def test_damaged_real_files_give_a_result_or_one_line(corpus: Path) -> None:
    files = [e.path.read_bytes() for e in entries(corpus) if e.path.stat().st_size < 20_000]
    chance = random.Random(20261123)  # as fast as a thousand of hypothesis' examples need be
    for _ in range(800):
        content = chance.choice(files)
        changes = [(chance.randrange(2**20), chance.randrange(256)) for _ in range(6)]
        broken = damaged(content, (changes, chance.randrange(2**20), chance.randrange(2**20)))
        began = time.perf_counter()
        for activity in outcome(broken):
            assert_valid(activity)
        assert time.perf_counter() - began < 10
