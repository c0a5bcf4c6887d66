"""A hostile archive is refused, and does no harm."""

from __future__ import annotations

import io
import os
import stat
import struct
import zipfile
from contextlib import suppress

import pytest
from fuzzing import examples
from hypothesis import example, given
from hypothesis import strategies as st

from voice_coach.hearing.unpacking import MOST_FILES, BadArchive, unpack

LIMIT = 100_000
GOOD = {"tiny/am/final.mdl": b"sounds" * 1000, "tiny/conf/model.conf": b"--beam", "other": b"x"}


def packed(members, kind=zipfile.ZIP_DEFLATED):
    """Zip up pairs of a name, or a whole ``ZipInfo``, and a content."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", kind) as zipped:
        for name, content in members:
            zipped.writestr(name, content)
    return archive.getvalue()


def unpacked(content, folder, limit=LIMIT):
    """Unpack into a folder within this one; give all files that are there then."""
    archive = folder / "archive.zip"
    archive.write_bytes(content)
    unpack(archive, "tiny", folder / "model", limit)
    return {
        path.relative_to(folder / "model").as_posix(): path.read_bytes()
        for path in (folder / "model").rglob("*")
        if path.is_file()
    }


def link(name, kind=stat.S_IFLNK):
    """Describe a link as other programs pack one."""
    member = zipfile.ZipInfo(name)
    member.create_system = 3
    member.external_attr = (kind | 0o777) << 16
    return member


def test_a_good_archive_is_unpacked_for_the_user_alone(tmp_path):
    before = os.umask(0)
    try:
        found = unpacked(packed(GOOD.items()), tmp_path)
    finally:
        os.umask(before)
    assert found == {"am/final.mdl": GOOD["tiny/am/final.mdl"], "conf/model.conf": b"--beam"}
    for path in (tmp_path / "model").rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600)


@pytest.mark.parametrize(
    "name",
    [
        "tiny/../../out",
        "tiny/am/../../../out",
        "tiny/..\\..\\out",
        "tiny/C:out",
        "tiny/./../../out",
    ],
)
def test_a_name_that_leads_elsewhere_is_refused(name, tmp_path):
    with pytest.raises(BadArchive, match="would write outside its folder"):
        unpacked(packed([(name, b"harm")]), tmp_path)
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["archive.zip", "model"]


@pytest.mark.parametrize("name", ["/tiny/out", "/etc/out", "../out", "C:\\out", "tinyer/out"])
def test_what_does_not_lie_in_the_folder_is_left_out(name, tmp_path):
    assert unpacked(packed([(name, b"harm"), *GOOD.items()]), tmp_path).keys() == {
        "am/final.mdl",
        "conf/model.conf",
    }


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR, stat.S_IFSOCK])
def test_a_link_or_a_device_is_refused(kind, tmp_path):
    with pytest.raises(BadArchive, match="holds a link or a device"):
        unpacked(packed([(link("tiny/am", kind), b"/etc"), ("tiny/am/out", b"harm")]), tmp_path)


def test_a_bomb_is_refused_before_it_fills_the_disk(tmp_path):
    with pytest.raises(BadArchive, match="is far larger unpacked than it should be"):
        unpacked(packed([(f"tiny/{n}", bytes(LIMIT // 2)) for n in range(100)]), tmp_path)
    size = sum(path.stat().st_size for path in (tmp_path / "model").rglob("*"))
    assert size <= LIMIT + 8192


def test_a_bomb_that_lies_about_its_size_is_refused(tmp_path):
    content = bytearray(packed([("tiny/bomb", bytes(10 * LIMIT))]))
    for sign, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        struct.pack_into("<I", content, content.index(sign) + at, 10)
    with pytest.raises(BadArchive):
        unpacked(bytes(content), tmp_path)
    assert sum(path.stat().st_size for path in (tmp_path / "model").rglob("*")) <= LIMIT


def test_too_many_files_are_refused(tmp_path):
    with pytest.raises(BadArchive, match=f"holds more than {MOST_FILES} files"):
        unpacked(packed([(f"tiny/{n}", b"") for n in range(MOST_FILES + 1)]), tmp_path)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_file_that_is_there_twice_is_refused(tmp_path):
    with pytest.raises(BadArchive, match="'tiny/a' twice"):
        unpacked(packed([("tiny/a", b"1"), ("tiny/a", b"2")]), tmp_path)


def test_a_file_in_the_place_of_a_folder_is_refused(tmp_path):
    for number, names in enumerate((["tiny/a", "tiny/a/b"], ["tiny/a/b", "tiny/a"], ["tiny"])):
        (tmp_path / f"{number}").mkdir()
        with pytest.raises(BadArchive):
            unpacked(packed([(name, b"") for name in names]), tmp_path / f"{number}")


@pytest.mark.parametrize("kind", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA])
@examples(30)
@given(changes=st.lists(st.tuples(st.integers(0, 700), st.binary(max_size=4)), max_size=6))
@example(changes=[])
@example(changes=[(429, b"\x01")])  # the place of a file lies before the archive's beginning
def test_a_damaged_archive_is_refused_or_unpacked_and_nothing_else(kind, changes, tmp_path_factory):
    content = bytearray(packed(GOOD.items(), kind))
    for at, piece in changes:
        content[at : at + len(piece)] = piece
    folder = tmp_path_factory.mktemp("damaged")
    with suppress(BadArchive):
        unpacked(bytes(content), folder)
    assert {path.name for path in folder.iterdir()} == {"archive.zip", "model"}
