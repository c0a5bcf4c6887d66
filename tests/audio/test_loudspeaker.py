"""The loudspeaker alone."""

from __future__ import annotations

import sys
from threading import Thread
from time import sleep

import numpy as np
import pytest
from fake_sounddevice import FakeSounddevice

from voice_coach.audio import loudspeaker
from voice_coach.audio.sound_system import NoSoundDevice
from voice_coach.core.ports import SAMPLE_RATE


@pytest.fixture
def sound(monkeypatch):
    """Put a sounddevice in place whose streams are pumped by hand."""
    fake = FakeSounddevice()
    monkeypatch.setitem(sys.modules, "sounddevice", fake)
    return fake


def begun(sound):
    """Wait for the stream that is opened, and give it."""
    while not sound.streams:
        sleep(0.001)
    return sound.streams[0]


def test_all_is_played_at_the_rate_of_the_loudspeaker_and_then_it_is_over(sound):
    """A second is a second, its last sample is heard, and silence follows it."""
    samples = np.full(SAMPLE_RATE, 0.5, np.float32)
    player = Thread(target=loudspeaker.play, args=(samples,))
    player.start()
    stream = begun(sound)
    assert stream.samplerate == 48_000
    played = np.concatenate([stream.speak(4800) for _ in range(11)])
    player.join(5)
    assert not player.is_alive()
    assert np.median(played[:48_000]) == pytest.approx(0.5, abs=0.01)
    assert not played[48_000:].any()
    assert stream.calls == ["start", "stop", "close"]


def test_a_loudspeaker_that_falls_silent_is_told(sound, monkeypatch):
    """Nobody waits for a loudspeaker that was unplugged."""
    monkeypatch.setattr(loudspeaker, "STALL", 0.05)
    with pytest.raises(NoSoundDevice, match="The loudspeaker stopped"):
        loudspeaker.play(np.zeros(SAMPLE_RATE, np.float32))
    assert sound.streams[0].calls == ["start", "abort", "close"]


def test_without_a_loudspeaker_it_is_told_before_anything_is_played(sound):
    """One sentence says what is missing."""
    sound.devices = [sound.device("Desk microphone", inputs=1)]
    with pytest.raises(NoSoundDevice, match="no loudspeaker: plug one in"):
        loudspeaker.play(np.zeros(SAMPLE_RATE, np.float32))
