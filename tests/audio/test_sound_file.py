"""A recording is written whole, or what was there before is still there."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import numpy as np
import pytest

from voice_coach.audio.sound_file import Unwritable, encoded, kind, sound_file
from voice_coach.core.ports import SAMPLE_RATE

SOUND = np.zeros(SAMPLE_RATE, np.float32)


def test_the_name_of_a_file_tells_its_kind():
    """In capitals too; anything else is told what there is."""
    assert kind(Path("a.WAV")) == ".wav"
    with pytest.raises(Unwritable, match=r"end its name in .wav, .flac, .mp3 or .ogg"):
        kind(Path("a.txt"))


def test_a_file_is_complete_as_soon_as_it_is_there(tmp_path):
    """It is nowhere to be seen before, and nothing else is left behind."""
    path = tmp_path / "a.wav"
    with sound_file(path) as file:
        file.write(encoded(SOUND, (), ".wav"))
        assert not path.exists()
    assert [*tmp_path.iterdir()] == [path]
    assert path.stat().st_mode & 0o777 == 0o666 & ~_mask()


@pytest.mark.parametrize("interruption", [KeyboardInterrupt, MemoryError, OSError(28, "Full")])
def test_an_interruption_leaves_what_was_there(tmp_path, interruption):
    """Ctrl-C, a full disk or any other end costs nothing that was there."""
    path = tmp_path / "a.wav"
    path.write_bytes(b"before")

    def write():
        with sound_file(path) as file:
            file.write(b"half of it")
            raise interruption

    with pytest.raises((KeyboardInterrupt, MemoryError, Unwritable)):
        write()
    assert path.read_bytes() == b"before"
    assert [*tmp_path.iterdir()] == [path]


def test_a_full_disk_is_told_in_one_sentence(tmp_path):
    """The message names the file and why, and that nothing was changed."""
    with (
        pytest.raises(Unwritable, match=r"a\.wav cannot be written: Full; nothing was changed"),
        sound_file(tmp_path / "a.wav"),
    ):
        raise OSError(28, "Full")


@pytest.mark.parametrize("name", ["nowhere/a.wav", "folder.wav"])
def test_where_nothing_can_be_written_is_told_before_any_work(tmp_path, name):
    """Nobody waits for a recording that cannot be kept."""
    (tmp_path / "folder.wav").mkdir()
    with pytest.raises(Unwritable), sound_file(tmp_path / name):
        pytest.fail("the work began")


@pytest.mark.parametrize("suffix", [".flac", ".mp3", ".ogg"])
def test_without_the_extra_it_is_told_how_to_install_it(tmp_path, monkeypatch, suffix):
    """Only WAV needs no library; for the others one sentence tells what to type."""
    monkeypatch.setitem(sys.modules, "soundfile", None)
    with (
        pytest.raises(Unwritable, match=r"install it: .* -m pip install soundfile"),
        sound_file(tmp_path / f"a{suffix}"),
    ):
        pytest.fail("the work began")
    with sound_file(tmp_path / "a.wav") as file:
        file.write(encoded(SOUND, (), ".wav"))


def _mask():
    mask = os.umask(0)
    os.umask(mask)
    return mask
