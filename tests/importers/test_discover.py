"""Whatever lies in a folder or archive is read or refused with a reason, and costs little."""

import gzip
import io
import os
import tracemalloc
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kneeload.importers import size_limits
from kneeload.importers.discover import count, discover
from kneeload.importers.document import Document, Found, Refusal

GPX = b"<gpx/>"
TCX = b"<TrainingCenterDatabase/>"
FIT = b"\x0e\x10\x5d\x08\x00\x00\x00\x00.FIT\x00\x00"
MIB = 1 << 20


def zipped(members: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def written(folder: Path, files: Mapping[str, bytes]) -> Path:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


def found(path: Path) -> list[Found]:
    return list(discover([path]))


def documents(path: Path) -> list[Document]:
    return [each for each in found(path) if isinstance(each, Document)]


def refusals(path: Path) -> dict[str, tuple[str, str]]:
    seen = [each for each in found(path) if isinstance(each, Refusal)]
    return {below(path, r.path): (r.verdict, r.reason) for r in seen}


def below(folder: Path, path: str) -> str:
    """Return a path as seen from a folder, alike on every system."""
    return path.removeprefix(str(folder)).removeprefix(os.sep).replace(os.sep, "/")


# What is found


def test_files_are_told_apart_by_content_never_by_name(tmp_path: Path) -> None:
    written(tmp_path, {"a.fit": GPX, "b.gpx": FIT, "c": TCX, "d.jpg": GPX})
    assert [d.kind for d in documents(tmp_path)] == ["gpx", "fit", "tcx", "gpx"]


def test_a_single_file_is_reported_as_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(tmp_path, {"run.gpx": GPX})
    monkeypatch.chdir(tmp_path)
    assert found(Path("run.gpx")) == [Document("run.gpx", "gpx", GPX, "run.gpx")]


def test_folders_are_read_to_any_depth_in_order_of_names(tmp_path: Path) -> None:
    deep = "/".join("abcdefghij" * 3)
    written(tmp_path, {f"{deep}/z.gpx": GPX, "b.fit": FIT, "c/a.tcx": TCX})
    names = [str(Path(d.path).relative_to(tmp_path)) for d in documents(tmp_path)]
    assert names == [f"{deep}/z.gpx", "b.fit", "c/a.tcx"]


def test_gzip_zip_and_zip_in_zip_in_gzip_are_unpacked(tmp_path: Path) -> None:
    inner = zipped({"run.gpx.gz": gzip.compress(GPX), "x/run.fit": FIT})
    outer = zipped({"part.zip": inner, "run.tcx": TCX})
    written(tmp_path, {"all.zip": outer, "more.zip.gz": gzip.compress(inner)})
    seen = documents(tmp_path)
    assert [(below(tmp_path, d.path), d.kind, d.file == d.path) for d in seen] == [
        ("all.zip!part.zip!run.gpx.gz", "gpx", True),
        ("all.zip!part.zip!x/run.fit", "fit", True),
        ("all.zip!run.tcx", "tcx", True),
        ("more.zip.gz!run.gpx.gz", "gpx", True),
        ("more.zip.gz!x/run.fit", "fit", True),
    ]
    assert {d.content for d in documents(tmp_path)} == {GPX, FIT, TCX}


def test_a_fit_that_is_a_zip_is_unpacked(tmp_path: Path) -> None:
    written(tmp_path, {"run.fit": zipped({"123.fit": FIT})})
    assert [below(tmp_path, d.path) for d in documents(tmp_path)] == ["run.fit!123.fit"]


def test_gzip_of_several_parts_and_trailing_bytes_is_whole(tmp_path: Path) -> None:
    body = GPX + b" " * 200_000
    parts = gzip.compress(body[:9]) + gzip.compress(body[9:]) + b"\x00" * 100
    written(tmp_path, {"run.gpx.gz": parts})
    assert [d.content for d in documents(tmp_path)] == [body]


def test_folder_zip_and_gzip_give_one_digest(tmp_path: Path) -> None:
    body = GPX + os.urandom(3 * MIB)
    written(
        tmp_path,
        {"a.gpx": body, "b.gpx.gz": gzip.compress(body), "c.zip": zipped({"a.gpx": body})},
    )
    assert len({d.digest for d in documents(tmp_path)}) == 1
    assert len(documents(tmp_path)) == 3


def test_hidden_and_system_files_are_passed_over_in_silence(tmp_path: Path) -> None:
    hidden = {".DS_Store": b"x", "__MACOSX/._a.gpx": b"x", ".git/a.gpx": GPX, "Thumbs.db": b"x"}
    written(tmp_path, {**hidden, "a.zip": zipped({**hidden, "run.gpx": GPX})})
    assert [below(tmp_path, d.path) for d in documents(tmp_path)] == ["a.zip!run.gpx"]
    assert refusals(tmp_path) == {}


def test_a_hidden_folder_that_the_user_names_is_read(tmp_path: Path) -> None:
    written(tmp_path, {".watch/run.gpx": GPX})
    assert len(documents(tmp_path / ".watch")) == 1


def test_every_other_file_is_refused_with_a_reason(tmp_path: Path) -> None:
    written(
        tmp_path,
        {
            "photo.jpg": b"\xff\xd8\xff",
            "notes.txt": b"ran a bit",
            "broken.fit": b"not FIT at all",
            "broken.fit.gz": gzip.compress(b"nor this"),
            "empty.gpx": b"",
            "nothing.gz": gzip.compress(b""),
            "hollow.zip": zipped({}),
            "cut.zip": zipped({"run.gpx": GPX})[:-30],
            "cut.gz": gzip.compress(GPX + os.urandom(9000))[:-3000],
        },
    )
    nothing = ("skipped", "is not an activity file")
    named = ("failed", "has the name of an activity file but no FIT, GPX or TCX inside")
    assert refusals(tmp_path) == {
        "photo.jpg": nothing,
        "notes.txt": nothing,
        "broken.fit": named,
        "broken.fit.gz": named,
        "empty.gpx": ("failed", "is empty"),
        "nothing.gz": ("failed", "is empty"),
        "hollow.zip": ("skipped", "is an archive without files"),
        "cut.zip": ("failed", "is a damaged zip file: copy or download it again"),
        "cut.gz": ("failed", "is damaged: its archive does not unpack"),
    }
    assert documents(tmp_path) == []


def test_what_is_not_there_is_refused(tmp_path: Path) -> None:
    assert refusals(tmp_path / "gone.fit") == {
        "": ("failed", "cannot be read: No such file or directory")
    }


def test_a_damaged_member_leaves_the_others_unharmed(tmp_path: Path) -> None:
    content = bytearray(zipped({"a.gpx": GPX + b"a" * 99, "b.fit": FIT}, zipfile.ZIP_STORED))
    content[content.index(b"aaaa")] = 0
    written(tmp_path, {"x.zip": bytes(content)})
    assert [d.kind for d in documents(tmp_path)] == ["fit"]
    assert refusals(tmp_path) == {
        "x.zip!a.gpx": ("failed", "is damaged: its archive does not unpack")
    }


def test_an_encrypted_member_says_so(tmp_path: Path) -> None:
    content = bytearray(zipped({"a.gpx": GPX, "b.gpx": GPX}, zipfile.ZIP_STORED))
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    written(tmp_path, {"x.zip": bytes(content)})
    assert refusals(tmp_path) == {
        "x.zip!a.gpx": ("failed", "is encrypted; unpack it with its password first")
    }
    assert len(documents(tmp_path)) == 1


def test_other_packing_methods_are_refused(tmp_path: Path) -> None:
    written(tmp_path, {"x.zip": zipped({"a.gpx": GPX * 99}, zipfile.ZIP_BZIP2)})
    assert refusals(tmp_path)["x.zip!a.gpx"][1].startswith("is compressed with a method")


def test_count_is_the_number_of_files(tmp_path: Path) -> None:
    written(
        tmp_path,
        {"a.gpx": GPX, ".x": b"x", "b.zip": zipped({"a": b"", "b": b"", ".c": b""}), "c.zip": b"?"},
    )
    assert count([tmp_path, tmp_path / "a.gpx", tmp_path / "gone"]) == 6


def test_unchanged_files_are_not_opened_but_tables_are(tmp_path: Path) -> None:
    table = b"Activity ID,Activity Date,Activity Name,Filename\n1,x,Lake,activities/1.gpx\n"
    written(
        tmp_path,
        {"a.gpx": GPX, "b.zip": zipped({"x.gpx": GPX}), "activities/1.gpx": GPX, "new.gpx": GPX}
        | {"activities.csv": table},
    )
    seen = list(discover([tmp_path], lambda member: member.name != "new.gpx"))
    kinds = {below(tmp_path, each.path): getattr(each, "verdict", "read") for each in seen}
    assert kinds == {
        "activities.csv": "skipped",
        "a.gpx": "unchanged",
        "b.zip": "unchanged",
        "activities/1.gpx": "read",
        "new.gpx": "read",
    }


# Hostile


def test_a_zip_bomb_is_refused_and_its_neighbours_read(tmp_path: Path) -> None:
    bomb = zipped({"bomb.gpx": GPX + bytes(40 * MIB), "run.gpx": GPX})
    written(tmp_path, {"x.zip": bomb, "run.gpx": GPX})
    assert refusals(tmp_path) == {
        "x.zip!bomb.gpx": ("failed", "unpacks to more than 200 times its size")
    }
    assert len(documents(tmp_path)) == 2


def test_a_zip_bomb_that_lies_about_its_size_is_refused(tmp_path: Path) -> None:
    size = 80 * MIB
    content = zipped({"bomb.gpx": GPX + bytes(size - len(GPX))})
    small = content.replace(size.to_bytes(4, "little"), (999).to_bytes(4, "little"))
    written(tmp_path, {"x.zip": small})
    assert refusals(tmp_path)["x.zip!bomb.gpx"][0] == "failed"


def test_a_gzip_bomb_costs_no_memory(tmp_path: Path) -> None:
    written(tmp_path, {"x.gpx.gz": gzip.compress(GPX + bytes(150 * MIB), 1)})
    tracemalloc.start()
    assert refusals(tmp_path)["x.gpx.gz"][0] == "failed"
    assert tracemalloc.get_traced_memory()[1] < 100 * MIB
    tracemalloc.stop()


def test_many_small_bombs_end_the_archive_as_a_whole(tmp_path: Path) -> None:
    """Each member stays below the limit; together they do not."""
    members = {f"{at:03}.gpx": GPX + bytes(10 * MIB) for at in range(8)}
    written(tmp_path, {"x.zip": zipped(members), "run.gpx": GPX})
    reason = "unpacks to more than 200 times its size; the rest was not read"
    assert refusals(tmp_path) == {"x.zip": ("failed", reason)}
    assert 1 <= len(documents(tmp_path)) <= 4


def test_nested_bombs_spend_the_outer_archives_budget(tmp_path: Path) -> None:
    inner = zipped({f"{at}.gpx": GPX + bytes(10 * MIB) for at in range(3)})
    written(tmp_path, {"x.zip": zipped({f"{at}.zip": inner for at in range(3)})})
    assert refusals(tmp_path)["x.zip"][0] == "failed"


def test_archives_without_end_are_left_at_a_depth(tmp_path: Path) -> None:
    content = zipped({"run.gpx": GPX})
    for _ in range(size_limits.MAX_DEPTH):
        content = zipped({"deeper.zip": content})
    written(tmp_path, {"x.zip": content, "y.zip": zipped({"run.gpx": GPX})})
    assert list(refusals(tmp_path).values()) == [
        ("failed", "is in archives nested more than 4 deep")
    ]
    assert len(documents(tmp_path)) == 1


def test_a_zip_with_too_many_files_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(tmp_path, {"x.zip": zipped({str(at): b"" for at in range(50)})})
    monkeypatch.setattr(size_limits, "MAX_DIRECTORY_BYTES", 1000)
    assert refusals(tmp_path) == {
        "x.zip": ("failed", "has more files than kneeload can read at once; unpack it first")
    }


def test_sparse_gigabytes_are_refused_by_size(tmp_path: Path) -> None:
    heads = {"a.fit": FIT, "b.fit": b"", "c.gpx": GPX, "d.zip": b"PK\x03\x04"}
    tables = {"e.xml": b"<HealthData>", "f.json": b'[{"summarizedActivitiesExport":['}
    for name, head in (heads | tables).items():
        (tmp_path / name).write_bytes(head)
        os.truncate(tmp_path / name, 4 << 30)
    large = ("failed", "is larger than 64 MB, more than any activity file; it was not read")
    assert refusals(tmp_path) == {
        "a.fit": large,
        "b.fit": large,
        "c.gpx": large,
        "d.zip": ("failed", "is a damaged zip file: copy or download it again"),
        "e.xml": ("failed", "is damaged: zero bytes where text should be"),
        "f.json": ("failed", "is damaged: zero bytes where text should be"),
    }


def test_a_loop_of_links_ends(tmp_path: Path) -> None:
    written(tmp_path, {"a/run.gpx": GPX})
    (tmp_path / "a/loop").symlink_to(tmp_path)
    (tmp_path / "self").symlink_to(tmp_path / "self")
    (tmp_path / "dangling.fit").symlink_to(tmp_path / "nowhere")
    assert len(documents(tmp_path)) == 1
    assert {name: verdict for name, (verdict, _) in refusals(tmp_path).items()} == {
        "self": "failed",
        "dangling.fit": "failed",
    }


def test_a_linked_folder_is_read(tmp_path: Path) -> None:
    written(tmp_path, {"elsewhere/run.gpx": GPX, "here/b.gpx": GPX})
    (tmp_path / "here/link").symlink_to(tmp_path / "elsewhere")
    assert len(documents(tmp_path / "here")) == 2


@pytest.mark.posix
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.fit")
    assert refusals(tmp_path) == {"pipe.fit": ("skipped", "is not a regular file")}


@pytest.mark.posix
def test_a_folder_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may open any folder")
    (tmp_path / "locked").mkdir(mode=0)
    assert refusals(tmp_path) == {"locked": ("failed", "is a folder that cannot be opened")}


@pytest.mark.posix
def test_a_path_too_long_for_the_system_is_named(tmp_path: Path) -> None:
    (tmp_path / "run.gpx").write_bytes(GPX)
    folder = os.open(tmp_path, os.O_RDONLY)
    for _ in range(20):
        os.mkdir("x" * 250, dir_fd=folder)
        deeper = os.open("x" * 250, os.O_RDONLY, dir_fd=folder)
        os.close(folder)
        folder = deeper
    os.close(folder)
    assert [verdict for verdict, _ in refusals(tmp_path).values()] == ["failed"]
    assert len(documents(tmp_path)) == 1


def test_hostile_names_are_shown_harmlessly_and_never_written(tmp_path: Path) -> None:
    inside = tmp_path / "in"
    inside.mkdir()
    names = ["../../evil.gpx", "/abs.gpx", "a\x1b[31mred\n.gpx", "b\u202egpx.exe"]
    written(inside, {"x.zip": zipped(dict.fromkeys(names, GPX))})
    shown = [d.path.partition("!")[2] for d in documents(inside)]
    assert shown == ["../../evil.gpx", "/abs.gpx", "a\\x1b[31mred\\n.gpx", "b\\u202egpx.exe"]
    assert all(path.isprintable() for path in shown)
    assert sorted(p.name for p in tmp_path.rglob("*")) == ["in", "x.zip"]


def test_undecodable_names_on_disk_can_be_printed(tmp_path: Path) -> None:
    try:
        (tmp_path / "r\udcfcn.gpx").write_bytes(GPX)
    except OSError:
        pytest.skip("this file system takes no such name")
    assert [below(tmp_path, d.path) for d in documents(tmp_path)] == ["r\\udcfcn.gpx"]


def test_one_member_is_in_memory_at_a_time(tmp_path: Path) -> None:
    body = GPX + os.urandom(4 * MIB)
    written(
        tmp_path, {"x.zip": zipped({f"{at}.gpx": body for at in range(12)}, zipfile.ZIP_STORED)}
    )
    tracemalloc.start()
    assert sum(isinstance(each, Document) for each in discover([tmp_path])) == 12
    assert tracemalloc.get_traced_memory()[1] < 20 * MIB
    tracemalloc.stop()


WHOLE = zipped(
    {"a.gpx": GPX, "b.gpx.gz": gzip.compress(GPX), "c.zip": zipped({"d.fit": FIT, "e.csv": b"a,b"})}
)


@given(st.lists(st.tuples(st.integers(0, len(WHOLE) - 1), st.integers(0, 255)), max_size=6))
def test_a_zip_damaged_anywhere_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, damage: list[tuple[int, int]]
) -> None:
    content = bytearray(WHOLE)
    for at, byte in damage:
        content[at] = byte
    path = tmp_path_factory.mktemp("zip") / "x.zip"
    path.write_bytes(content)
    assert all(each.path.startswith(str(path)) for each in found(path))
    assert all("\n" not in each.reason for each in found(path) if isinstance(each, Refusal))


# Real files


def test_all_298_corpus_files_are_seen_once(corpus: Path) -> None:
    seen = found(corpus)
    rows = (corpus / "manifest.tsv").read_text().splitlines()[1:]
    files = {f"{corpus}/{row.split(chr(9))[0]}" for row in rows}
    assert len(files) == 298
    assert {each.path for each in seen if isinstance(each, Document)} == files
    others = {each.path: each for each in seen if isinstance(each, Refusal)}
    assert {r.verdict for r in others.values()} == {"skipped"}
    assert len(others) == 10
    assert len(seen) == 308
    assert count([corpus]) == 308


def test_formats_of_the_corpus_are_those_of_its_manifest(corpus: Path) -> None:
    rows = [row.split("\t") for row in (corpus / "manifest.tsv").read_text().splitlines()[1:]]
    formats = {f"{corpus}/{row[0]}": row[2] for row in rows}
    assert {d.path: d.kind for d in documents(corpus)} == formats
