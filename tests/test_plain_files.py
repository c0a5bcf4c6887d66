"""Only plain files are read, up to a limit; only the user's own files are closed to others."""

from __future__ import annotations

import errno
import os
import stat
import time
from functools import partial
from pathlib import Path

import pytest
from planting import plant
from typer.testing import CliRunner

from voice_coach import catalogue, cli, doctor, settings
from voice_coach.plain_files import read_plain, read_plain_text, write_whole
from voice_coach.private import private_file, private_folder, write_private

GOOD = """\
id = "lie-flat"
title = "Lie flat"
names = ["lie flat"]
summary = "You lie."
place = ["Lie down."]

[[steps]]
title = "Lie"
say = ["Lie there."]
hold = 20
"""
KINDS = {
    "pipe": "is a pipe or a device; put a plain file there",
    "endless": "is a pipe or a device; put a plain file there",
    "loop": "Too many levels of symbolic links",
    "huge": "is larger than",
    "many": "Is a directory",
}


@pytest.fixture(autouse=True)
def own(tmp_path, monkeypatch):
    """Keep settings and routines in a folder of the test."""
    monkeypatch.setattr(settings, "FILE", tmp_path / "settings.toml")
    monkeypatch.setattr(catalogue, "OWN_ROUTINES", tmp_path / "routines")
    return tmp_path


def run(*words):
    began = time.process_time()
    result = CliRunner().invoke(cli.app, words)
    assert time.process_time() - began < 5
    assert "Traceback" not in result.output
    return result


@pytest.mark.parametrize("what", KINDS)
def test_what_is_no_plain_file_of_sensible_size_is_refused_at_once(tmp_path, what):
    plant(tmp_path / "file", what)
    with pytest.raises(OSError) as refused:  # noqa: PT011 - its text follows
        read_plain(tmp_path / "file", 1000)
    assert KINDS[what] in refused.value.strerror
    assert refused.value.filename == str(tmp_path / "file")


def test_a_file_that_tells_no_size_is_read_only_up_to_the_limit():
    with pytest.raises(OSError, match="is larger than 0 kB"):
        read_plain(Path("/proc/self/status"), 10)


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_byte_order_mark_and_line_ends_of_windows_are_taken(tmp_path, mark, end):
    (tmp_path / "text").write_bytes(f"{mark}a = 1{end}b = 2{end}".encode())
    assert read_plain_text(tmp_path / "text", 100) == "a = 1\nb = 2\n"


@pytest.mark.parametrize("what", KINDS)
def test_whatever_stands_in_the_place_of_a_routine_is_told_at_once(own, what):
    (own / "routines").mkdir()
    plant(own / "routines" / "odd.toml", what)
    checked = run("check", str(own / "routines" / "odd.toml"))
    assert checked.exit_code == cli.ExitCode.TROUBLE
    assert KINDS[what] in checked.stderr
    listed = run("list")
    assert listed.exit_code == 0
    assert f"odd.toml: {KINDS[what]}" in listed.stderr
    assert "gentle-bends" in listed.stdout


@pytest.mark.parametrize("what", KINDS)
def test_whatever_stands_in_the_place_of_the_settings_is_told_at_once(own, what):
    plant(own / "settings.toml", what)
    for verb in (("list",), ("config",), ("rehearse", "gentle-bends")):
        said = run(*verb)
        assert said.exit_code == cli.ExitCode.TROUBLE
        assert KINDS[what] in said.stderr


@pytest.mark.parametrize("what", KINDS)
@pytest.mark.parametrize("verb", [("replay",), ("hear",), ("hear", "--manifest")])
def test_whatever_is_given_as_a_log_a_sound_or_a_table_is_told_at_once(own, what, verb):
    plant(own / "odd", what)
    said = run(*verb, str(own / "odd"))
    assert said.exit_code == cli.ExitCode.TROUBLE
    assert KINDS[what] in said.stderr or "is no WAV" in said.stderr


def test_a_routine_and_settings_saved_with_a_byte_order_mark_are_good(own):
    (own / "routines").mkdir()
    path = own / "routines" / "lie-flat.toml"
    path.write_text("\ufeff" + GOOD, "utf-8")
    (own / "settings.toml").write_text("\ufeffrate = 130\n", "utf-8")
    assert "is a good routine" in run("check", str(path)).stdout
    assert "130" in run("config").stdout
    settings.remember("rate", 140)
    assert settings.in_force()["rate"].value == 140


def test_ten_thousand_routines_are_not_all_read(own):
    (own / "routines").mkdir()
    for number in range(10_000):
        (own / "routines" / f"r{number:05}.toml").touch()
    said = run("list")
    assert said.exit_code == 0
    assert "holds 10000 routines. Only the first 200 are read" in said.stderr


@pytest.mark.parametrize("text", ["rate = 9", "rate", "\ufffe", "nothing = 1", "pipe"])
@pytest.mark.parametrize("verb", ["safety", "doctor"])
def test_broken_settings_stop_neither_the_safety_note_nor_the_doctor(own, text, verb, monkeypatch):
    monkeypatch.setattr(doctor, "examine", lambda *_: iter(()))
    if text == "pipe":
        plant(own / "settings.toml", "pipe")
    else:
        (own / "settings.toml").write_bytes(text.encode("utf-8", "surrogatepass"))
    said = run(verb)
    assert "Until then the defaults hold here." in said.stderr
    if verb == "safety":
        assert said.exit_code == 0
        assert "doctor" in said.stdout
    else:
        assert said.exit_code == cli.ExitCode.TROUBLE
        assert "settings: " in said.stdout


def test_a_new_routine_is_for_its_owner_alone_whatever_the_umask(own):
    before = os.umask(0)
    try:
        assert run("new", "morning stretch").exit_code == 0
    finally:
        os.umask(before)
    path = own / "routines" / "morning-stretch.toml"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_link_in_the_place_of_a_private_file_is_neither_followed_nor_opened(tmp_path):
    target = tmp_path / "somebodys"
    target.write_text("precious")
    target.chmod(0o644)
    for planted in (target, tmp_path / "nowhere"):
        link = tmp_path / f"link-{planted.name}"
        link.symlink_to(planted)
        with pytest.raises(OSError, match="is a link"):
            private_file(link)
    assert stat.S_IMODE(target.stat().st_mode) == 0o644
    assert target.read_text() == "precious"
    assert not (tmp_path / "nowhere").exists()


def test_a_folder_behind_a_link_keeps_its_mode(tmp_path):
    target = tmp_path / "elsewhere"
    target.mkdir(mode=0o755)
    (tmp_path / "link").symlink_to(target)
    assert private_folder(tmp_path / "link") == tmp_path / "link"
    assert stat.S_IMODE(target.stat().st_mode) == 0o755


def test_a_link_to_somebody_elses_folder_is_refused(tmp_path, monkeypatch):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    with pytest.raises(PermissionError, match="somebody else"):
        private_folder(tmp_path / "link")


def test_a_plain_file_that_others_could_read_is_closed(tmp_path):
    (tmp_path / "file").touch(mode=0o644)
    private_file(tmp_path / "file")
    assert stat.S_IMODE((tmp_path / "file").stat().st_mode) == 0o600


TEDIOUS = {
    "a name of 45,000 parts": "a." * 45_000 + "a = 1",
    "names that are not known": "".join(f"k{number} = 1\n" for number in range(8_000)),
    "lists in lists": "x = " + "[" * 50_000,
}


@pytest.mark.parametrize("what", TEDIOUS)
@pytest.mark.parametrize("place", ["routines", "plans", "settings.toml"])
def test_a_text_that_would_keep_the_reader_busy_for_hours_is_told_at_once(own, what, place):
    (own / "routines").mkdir()
    (own / "plans").mkdir()
    file = own / place / "odd.toml" if (own / place).is_dir() else own / place
    file.write_text(TEDIOUS[what])
    listed = run("list")
    assert listed.exit_code == (1 if file.name == "settings.toml" else 0)
    assert file.name in listed.stderr.replace("\n", "")
    if file.name == "odd.toml":
        assert run("check", str(file)).exit_code == 1


def test_what_cannot_be_written_whole_leaves_what_was_there(tmp_path, monkeypatch):
    """As on a full disk; and what was never there is not there then either."""
    old, new = tmp_path / "old.toml", tmp_path / "new.toml"
    old.write_text("a = 1")
    write = Path.write_bytes

    def half(path, content):
        write(path, content[:3])
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", half)
    for path, act in (
        (old, partial(write_whole, old, "a = 2")),
        (old, partial(write_private, old, "a = 2")),
        (new, partial(write_private, new, "a = 2", new=True)),
        (new, partial(write_private, new, "a = 2")),
    ):
        with pytest.raises(OSError, match="No space left on device") as trouble:
            act()
        assert trouble.value.filename == str(path)
    assert [path.name for path in tmp_path.iterdir()] == ["old.toml"]
    assert old.read_text() == "a = 1"


def test_settings_behind_a_link_are_written_where_they_are(own):
    """Many keep such files in a folder of their own and link to them."""
    kept = own / "dotfiles.toml"
    kept.write_text("rate = 130 # slowly\n")
    settings.FILE.symlink_to(kept)
    settings.remember("voice", "amy")
    assert settings.FILE.is_symlink()
    assert kept.read_text() == 'rate = 130 # slowly\nvoice = "amy"\n'
