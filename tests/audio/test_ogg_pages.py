"""Comments can be put into an Ogg file however long they are; every page stays a good one."""

from __future__ import annotations

import io
import struct

import miniaudio
import numpy as np
import pytest
import soundfile

from voice_coach.audio.ogg_pages import with_comments
from voice_coach.core.ports import SAMPLE_RATE


@pytest.fixture(scope="module")
def ogg():
    """Give ten seconds of sound, as they are encoded."""
    file = io.BytesIO()
    samples = 0.3 * np.sin(np.arange(10 * SAMPLE_RATE) / 20)
    soundfile.write(file, samples, SAMPLE_RATE, format="OGG")
    return file.getvalue()


def comments(size):
    """Write one comment of so many letters."""
    text = b"X=" + b"x" * (size - 2)
    return struct.pack("<I", 0) + struct.pack("<I", 1) + struct.pack("<I", len(text)) + text


@pytest.mark.parametrize("size", [2, 226, 227, 228, 2000, 65_000, 200_000])
def test_the_file_plays_on_whatever_the_length_of_its_comments(ogg, size):
    """Also where they fill their segments exactly, or need more than one page."""
    longer = with_comments(ogg, comments(size))
    assert b"x" * min(size - 2, 200) in longer
    samples, rate = soundfile.read(io.BytesIO(longer))
    assert (len(samples), rate) == (10 * SAMPLE_RATE, SAMPLE_RATE)
    decoded = miniaudio.decode(longer, miniaudio.SampleFormat.FLOAT32, 1, SAMPLE_RATE)
    assert len(decoded.samples) == pytest.approx(len(samples), abs=SAMPLE_RATE // 10)


def test_pages_are_numbered_without_a_gap(ogg):
    """A reader that counts pages finds none missing."""
    longer = with_comments(ogg, comments(200_000))
    numbers = []
    at = 0
    while at < len(longer):
        assert longer[at : at + 4] == b"OggS"
        numbers.append(int.from_bytes(longer[at + 18 : at + 22], "little"))
        segments = longer[at + 26]
        at += 27 + segments + sum(longer[at + 27 : at + 27 + segments])
    assert numbers == [*range(len(numbers))]


def test_the_same_comments_give_the_same_pages(ogg):
    """What is read and written anew is the same to the last bit, checksums too."""
    once = with_comments(ogg, comments(100))
    assert with_comments(once, comments(100)) == once
