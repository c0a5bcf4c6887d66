"""What is promised about every clip: its edges, its loudness, and that it survives being kept."""

import errno
import logging
import os
import wave
from pathlib import Path

import numpy as np
import pytest
from planting import plant

from voice_coach.core.ports import SAMPLE_RATE
from voice_coach.speech import clips
from voice_coach.speech.clips import (
    LEAD,
    TAIL,
    ClipStore,
    SpeechClip,
    clip_key,
    finished,
    speech_rms,
)

KEY = clip_key("a voice", "Hold.", 150)


def tone(seconds, loudness=0.1):
    """Sound from its first sample to its last."""
    time = np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    # A cosine: it is loud from its first sample on, so that the edges can be told exactly.
    return (loudness * np.cos(2 * np.pi * 250 * time)).astype(np.float32)


def silence(seconds):
    """No sound at all."""
    return np.zeros(round(seconds * SAMPLE_RATE), np.float32)


def decibels(ratio):
    """Express a ratio of amplitudes in dB."""
    return 20 * np.log10(ratio)


@pytest.mark.parametrize("before", [0.0, 0.005, 0.3])
@pytest.mark.parametrize("after", [0.0, 0.03, 0.5])
def test_edges(before, after):
    """A clip begins 10 ms before speech and ends 60 ms after it."""
    pcm = finished(np.concatenate([silence(before), tone(0.5), silence(after)]))
    sounding = np.flatnonzero(np.abs(pcm) > 30)
    assert len(pcm) == LEAD + SAMPLE_RATE // 2 + TAIL
    assert sounding[0] == LEAD
    assert len(pcm) - 1 - sounding[-1] == pytest.approx(TAIL, abs=2)


def test_inner_pause():
    """A pause inside a sentence is left as it is."""
    pcm = finished(np.concatenate([tone(0.2), silence(0.4), tone(0.2)]))
    assert len(pcm) == LEAD + round(0.8 * SAMPLE_RATE) + TAIL


@pytest.mark.parametrize("loudness", [0.002, 0.1, 1.0])
def test_equal_loudness(loudness):
    """Every sentence is spoken equally loud."""
    clip = SpeechClip.from_pcm("", finished(tone(1, loudness)))
    speech = clip.samples[LEAD:-TAIL]
    assert decibels(np.sqrt(np.mean(speech**2))) == pytest.approx(-23, abs=0.1)


def test_loudness_with_pauses():
    """Pauses do not make a sentence louder."""
    clip = SpeechClip.from_pcm("", finished(np.concatenate([tone(0.5), silence(2), tone(0.5)])))
    assert decibels(speech_rms(clip.samples)) == pytest.approx(-23, abs=0.1)
    assert decibels(np.max(clip.samples)) == pytest.approx(-20, abs=0.3)


def test_peaks():
    """No clip ever peaks higher than 3 dB below full scale."""
    knocks = silence(1)
    knocks[:: SAMPLE_RATE // 20] = 0.9
    clip = SpeechClip.from_pcm("", finished(knocks))
    assert decibels(np.max(np.abs(clip.samples))) == pytest.approx(-3, abs=0.01)


@pytest.mark.parametrize("samples", [silence(0), silence(1), tone(1, 0.0005)])
def test_silent_rendering(samples):
    """A rendering without a sound gives no clip."""
    assert len(finished(samples)) == 0


def test_clip():
    """A clip knows how long it takes, and cannot be changed."""
    clip = SpeechClip.from_pcm("Hold.", np.zeros(SAMPLE_RATE * 3 // 2, np.int16))
    assert clip.seconds == 1.5
    assert clip.samples.dtype == np.float32
    with pytest.raises(ValueError, match="read-only"):
        clip.samples[0] = 1


def test_read_back(tmp_path):
    """What is read back is exactly what was kept."""
    pcm = finished(tone(0.3))
    ClipStore(tmp_path / "new" / "folder").save(KEY, pcm)
    kept = ClipStore(tmp_path / "new" / "folder").load(KEY)
    np.testing.assert_array_equal(kept, pcm)
    np.testing.assert_array_equal(
        SpeechClip.from_pcm("", kept).samples, SpeechClip.from_pcm("", pcm).samples
    )


def test_wav_file(tmp_path):
    """Kept clips are WAV files that any player plays."""
    pcm = finished(tone(0.3))
    ClipStore(tmp_path).save(KEY, pcm)
    (path,) = tmp_path.iterdir()
    with wave.open(str(path)) as sound:
        assert (sound.getnchannels(), sound.getsampwidth()) == (1, 2)
        assert sound.getframerate() == SAMPLE_RATE
        assert sound.readframes(sound.getnframes()) == pcm.tobytes()
    assert path.suffix == ".wav"
    assert int.from_bytes(path.read_bytes()[4:8], "little") == path.stat().st_size - 8


@pytest.mark.parametrize(
    "damage",
    [
        lambda _: b"",
        lambda content: content[: len(content) // 2],
        lambda content: content[:-1],
        lambda content: content[:1000] + bytes([content[1000] ^ 1]) + content[1001:],
        lambda content: content[:24] + b"\0" + content[25:],
    ],
    ids=["empty", "half", "one byte short", "one bit wrong", "another rate"],
)
def test_damaged_file(tmp_path, damage):
    """A damaged file counts as no file and is removed."""
    store = ClipStore(tmp_path)
    store.save(KEY, finished(tone(0.3)))
    (path,) = tmp_path.iterdir()
    path.write_bytes(damage(path.read_bytes()))
    assert store.load(KEY) is None
    assert not path.exists()


def test_swapped_file(tmp_path):
    """A file under the name of another clip is never played."""
    store = ClipStore(tmp_path)
    store.save(KEY, finished(tone(0.3)))
    (path,) = tmp_path.iterdir()
    other = clip_key("a voice", "Let go.", 150)
    path.rename(path.with_stem(other))
    assert store.load(other) is None


def test_keys():
    """Clips that sound different never share a file."""
    keys = {
        clip_key(voice, text, rate)
        for voice in ("a voice", "another voice")
        for text in ("Hold.", "Hold", "hold.")
        for rate in (150, 151)
    }
    assert len(keys) == 12


@pytest.mark.parametrize("where", ["full disk", "unusable folder"])
def test_useless_disk(tmp_path, caplog, monkeypatch, where):
    """A disk that cannot keep clips is mentioned once and does no harm."""
    folder = tmp_path / "clips"
    if where == "full disk":
        full = OSError(errno.ENOSPC, "No space left on device")
        monkeypatch.setattr(Path, "replace", lambda *_: (_ for _ in ()).throw(full))
    else:
        folder.write_text("a file where the folder should be")
    store = ClipStore(folder)
    with caplog.at_level(logging.WARNING):
        store.save(KEY, finished(tone(0.1)))
        store.save(KEY, finished(tone(0.2)))
    assert store.load(KEY) is None
    assert len(caplog.records) == 1
    assert str(folder) in caplog.text
    assert not list(tmp_path.rglob("*.part"))


def test_of_too_many_clips_those_not_used_for_longest_are_deleted(tmp_path, monkeypatch):
    """The folder does not grow for ever, and what is used stays."""
    one = np.zeros(1000, np.int16)
    store = ClipStore(tmp_path)
    for number in range(10):
        store.save(f"old{number}", one)
        os.utime(tmp_path / f"old{number}.wav", (1e9 + number, 1e9 + number))
    assert store.load("old0") is not None  # used now, so the newest
    size = (tmp_path / "old0.wav").stat().st_size
    monkeypatch.setattr(clips, "LIMIT", 10 * size)
    ClipStore(tmp_path).save("new", one)
    left = {path.stem for path in tmp_path.iterdir()}
    assert {"new", "old0", "old9"} <= left
    assert not {"old1", "old2"} & left
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) <= 10 * size


def test_a_store_that_goes_on_saving_keeps_to_its_limit(tmp_path, monkeypatch):
    """It counts what it adds."""
    monkeypatch.setattr(clips, "LIMIT", 20_000)
    store = ClipStore(tmp_path)
    for number in range(100):
        store.save(f"{number}", np.zeros(1000, np.int16))
        assert sum(path.stat().st_size for path in tmp_path.iterdir()) <= 20_000
    assert store.load("99") is not None


@pytest.mark.parametrize("what", ["pipe", "endless", "loop", "huge", "many"])
def test_whatever_stands_in_the_place_of_a_clip_is_no_clip(tmp_path, what):
    """It is rendered anew; nothing is waited for."""
    plant(tmp_path / "key.wav", what)
    assert ClipStore(tmp_path).load("key") is None
