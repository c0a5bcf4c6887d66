"""Chapters are where players look for them, and the sound behind them is as it was."""

from __future__ import annotations

import io
import re
import struct
import wave

import miniaudio
import numpy as np
import pytest

from voice_coach.audio import chapters as marks
from voice_coach.audio.chapters import Chapter
from voice_coach.audio.sound_file import encoded
from voice_coach.core.ports import SAMPLE_RATE

CHAPTERS = (Chapter(0.0, "Rocking"), Chapter(1.5, "Füße halten"), Chapter(65.25, "Rest"))
SOUND = (0.3 * np.sin(np.arange(70 * SAMPLE_RATE) / 20)).astype(np.float32)


@pytest.fixture(scope="module")
def file():
    """Give a recording of seventy seconds as each kind of file."""
    return {kind: encoded(SOUND, CHAPTERS, kind) for kind in (".wav", ".flac", ".mp3", ".ogg")}


def chunks(riff):
    """Give the chunks of a RIFF file, or of a list in it, by their names."""
    found, at = {}, 12
    while at < len(riff):
        size = int.from_bytes(riff[at + 4 : at + 8], "little")
        found[riff[at : at + 4]] = riff[at + 8 : at + 8 + size]
        at += 8 + size + size % 2
    return found


@pytest.mark.parametrize("kind", [".wav", ".flac", ".mp3", ".ogg"])
def test_the_sound_is_what_it_was(file, kind):
    """A player that knows nothing of chapters plays all of it."""
    played = miniaudio.decode(file[kind], miniaudio.SampleFormat.FLOAT32, 1, SAMPLE_RATE)
    samples = np.asarray(played.samples)
    assert abs(len(samples) - len(SOUND)) < 0.1 * SAMPLE_RATE
    middle = slice(10 * SAMPLE_RATE, 60 * SAMPLE_RATE)
    assert np.std(samples[middle]) == pytest.approx(np.std(SOUND[middle]), rel=0.05)


def test_a_wav_has_cue_points_with_labels(file):
    """Each chapter is a cue point on its sample, and a label of the same number."""
    riff = file[".wav"]
    assert int.from_bytes(riff[4:8], "little") == len(riff) - 8
    found = chunks(riff)
    count, *points = struct.unpack("<I" + "II4sIII" * len(CHAPTERS), found[b"cue "])
    assert count == len(CHAPTERS)
    assert points[1::6] == points[5::6] == [0, 24_000, 1_044_000]
    labels = found[b"LIST"]
    assert labels.startswith(b"adtl")
    assert re.findall(rb"labl....(....)([^\0]+)\0", labels, re.DOTALL) == [
        (struct.pack("<I", number), chapter.title.encode())
        for number, chapter in zip(points[::6], CHAPTERS, strict=True)
    ]
    with wave.open(io.BytesIO(riff)) as sound:
        assert sound.getnframes() == len(SOUND)


@pytest.mark.parametrize("kind", [".flac", ".ogg"])
def test_flac_and_ogg_have_comments(file, kind):
    """Each chapter is two comments: its time and its name."""
    for comment in (
        *("CHAPTER001=00:00:00.000", "CHAPTER001NAME=Rocking"),
        *("CHAPTER002=00:00:01.500", "CHAPTER002NAME=Füße halten"),
        *("CHAPTER003=00:01:05.250", "CHAPTER003NAME=Rest"),
    ):
        written = comment.encode()
        assert struct.pack("<I", len(written)) + written in file[kind]


def test_flac_keeps_its_other_metadata_and_has_one_block_of_comments(file):
    """The stream's own description comes first, and exactly one block is marked as the last."""
    at, kinds, last = 4, [], False
    while not last:
        kinds.append(file[".flac"][at] & 0x7F)
        last = file[".flac"][at] >= 0x80
        at += 4 + int.from_bytes(file[".flac"][at + 1 : at + 4], "big")
    assert kinds[0] == marks.STREAM_INFO
    assert kinds.count(marks.VORBIS_COMMENT) == 1
    assert file[".flac"][at : at + 2] in (b"\xff\xf8", b"\xff\xf9"), "then the sound begins"


def test_mp3_has_a_tag_with_a_table_of_contents(file):
    """Each chapter has its milliseconds, from its beginning to the next, and its title."""
    tag = file[".mp3"]
    assert tag.startswith(b"ID3\x04\0\0")
    size = int("".join(f"{byte:07b}" for byte in tag[6:10]), 2)
    assert tag[10 + size] == 0xFF, "behind the tag the sound begins"
    assert b"CTOC" in tag[: 10 + size]
    times = re.findall(rb"CHAP.{6}chapter\d\0(.{8})\xff{8}TIT2.{6}\x03([^\0C]+)", tag, re.DOTALL)
    assert [struct.unpack(">II", both) for both, _ in times] == [
        (0, 1500),
        (1500, 65_250),
        (65_250, 70_000),
    ]
    assert times[0][1] == b"Rocking"
