"""How late the echo of a phone is, and the far end shortly before it."""

from __future__ import annotations

import numpy as np
import pytest

from voice_coach.aec.canceller import EchoCanceller
from voice_coach.audio.echo_delay import EchoDelay, echo_delay
from voice_coach.core.commands import URGENT
from voice_coach.core.ports import BLOCK

MS = 16
"""Samples."""


class Listener:
    level = -20.0

    def __init__(self):
        self.microphone, self.far_end, self.told, self.moved = [], [], [], 0

    def hear(self, microphone, far_end):
        self.microphone.append(microphone)
        self.far_end.append(far_end)
        return ["heard"]

    def move_far_end(self, samples):
        self.moved += samples

    def listen(self, commands):
        self.told.append(commands)

    def listen_for_breath(self, *, on):
        self.told.append(on)


class Cancelling(Listener):
    """Takes the echo out, and keeps the energy of each block before and after."""

    def __init__(self):
        super().__init__()
        self.canceller, self.energies = EchoCanceller(), []

    def hear(self, microphone, far_end):
        left = self.canceller.process(microphone, far_end).samples
        self.energies.append((np.sum(microphone**2), np.sum(left**2)))
        return super().hear(microphone, far_end)

    def move_far_end(self, samples):
        self.canceller.move_far_end(samples)


def speech(seconds, seed=1):
    """Give noise in syllables, with the spectrum of a voice."""
    draw = np.random.default_rng(seed)
    samples = draw.standard_normal(seconds * 16_000)
    voice = np.convolve(samples, 0.9 ** np.arange(60), "same")
    beat = np.clip(np.sin(2 * np.pi * 2 * np.arange(len(voice)) / 16_000), 0, 1)
    return (0.05 * voice * beat).astype(np.float32)


def room(far_end, delay, loudness=0.5, seed=2):
    """Let it come back so late, with a tail of 100 ms."""
    draw = np.random.default_rng(seed)
    path = draw.standard_normal(100 * MS) * 0.1 * np.exp(-np.arange(100 * MS) / (25 * MS))
    path[0] = 1
    echo = np.convolve(far_end, path)[: len(far_end)]
    return loudness * np.concatenate((np.zeros(delay), echo))[: len(far_end)].astype(np.float32)


def play(stage, microphone, far_end):
    for start in range(0, len(far_end) - BLOCK + 1, BLOCK):
        part = slice(start, start + BLOCK)
        assert stage.hear(microphone[part], far_end[part]) == ["heard"]


@pytest.mark.parametrize("delay", [120, 180, 250, 400])
def test_the_far_end_comes_shortly_before_its_echo_whatever_the_browser_delays(delay):
    listener, far_end = Listener(), speech(8)
    play(EchoDelay(listener), room(far_end, delay * MS), far_end)
    heard, given = (np.concatenate(part[-150:]) for part in (listener.microphone, listener.far_end))
    late = echo_delay(heard[-32_000:], given[-32_000:])
    assert 10 * MS <= late <= 125 * MS


def test_the_listener_is_told_by_how_much_the_far_end_comes_later():
    """So the echo canceller keeps what it has learnt of the room."""
    listener, far_end = Listener(), speech(8)
    stage = EchoDelay(listener)
    play(stage, room(far_end, 250 * MS), far_end)
    assert listener.moved == stage.delay > 0


@pytest.mark.parametrize("delays", [(180, 320), (320, 200)])
def test_whichever_way_the_delay_jumps_the_echo_is_taken_out_again_within_four_seconds(delays):
    """Chromium's jumps forward as its buffer fills, and back when it has run dry."""
    far_end = speech(20)
    echoes = [room(far_end, delay * MS) for delay in delays]
    heard = np.concatenate((echoes[0][:160_000], echoes[1][160_000:]))
    listener = Cancelling()
    play(EchoDelay(listener), heard, far_end)
    before, after = np.sum(listener.energies[-300:], axis=0)
    assert 10 * np.log10(before / after) > 15


def test_a_short_delay_is_left_as_it_is():
    listener, far_end = Listener(), speech(6)
    play(EchoDelay(listener), room(far_end, 60 * MS), far_end)
    assert np.array_equal(np.concatenate(listener.far_end), far_end)


def test_a_delay_that_changes_a_little_changes_nothing_and_a_large_one_is_followed():
    stage, far_end = EchoDelay(Listener()), speech(24)
    delays = [200, 220, 420]
    heard = np.concatenate(
        [room(far_end, d * MS)[n * 128_000 :][:128_000] for n, d in enumerate(delays)]
    )
    found = []
    for part in np.split(np.arange(len(far_end)), 3):
        play(stage, heard[part], far_end[part])
        found.append(stage.delay)
    assert found[0] == found[1] == pytest.approx(170 * MS, abs=3 * MS)
    assert found[2] == pytest.approx(390 * MS, abs=3 * MS)


def test_a_person_who_speaks_and_no_echo_move_nothing():
    stage, far_end = EchoDelay(Listener()), speech(20)
    play(stage, 3 * speech(20, seed=8), far_end)
    assert stage.delay == 0


def test_a_person_who_speaks_louder_than_the_echo_does_not_hide_it():
    stage, far_end = EchoDelay(Listener()), speech(10)
    play(stage, room(far_end, 200 * MS, loudness=0.3) + speech(10, seed=8), far_end)
    assert stage.delay == pytest.approx(170 * MS, abs=3 * MS)


def test_silence_moves_nothing():
    stage = EchoDelay(Listener())
    play(stage, np.zeros(64_000, np.float32), np.zeros(64_000, np.float32))
    assert stage.delay == 0


def test_orders_and_the_level_pass_through():
    listener = Listener()
    stage = EchoDelay(listener)
    stage.listen(URGENT)
    stage.listen_for_breath(on=True)
    assert listener.told == [URGENT, True]
    assert stage.level == -20.0
