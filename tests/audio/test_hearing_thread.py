"""The hearing thread: what the listener gets, in which order, and what becomes of its faults."""

from __future__ import annotations

from threading import Event

import numpy as np
import pytest

from voice_coach.audio.hearing_thread import HearingThread
from voice_coach.core.commands import URGENT
from voice_coach.core.events import ClipFinished
from voice_coach.core.ports import BLOCK

RATE = 16_000
LATENCY = 0.025
BUFFERED = round(LATENCY * RATE)


class KeepingListener:
    """A listener that keeps all it is given, and answers each block with an event."""

    def __init__(self):
        self.blocks = []
        self.told = []
        self.moves = []

    def hear(self, microphone, far_end):
        self.blocks.append((microphone, far_end))
        return [ClipFinished(len(self.blocks))]

    def move_far_end(self, samples):
        self.moves.append((len(self.blocks), samples))

    def listen(self, commands):
        self.told.append((len(self.blocks), commands))

    @property
    def microphone(self):
        return np.concatenate([microphone for microphone, _ in self.blocks])

    @property
    def far_end(self):
        return np.concatenate([far_end for _, far_end in self.blocks])


@pytest.fixture
def listener():
    return KeepingListener()


def counted(start, samples):
    """Give samples that tell their own place."""
    return np.arange(start, start + samples, dtype=np.float32)


def test_the_listener_is_told_where_the_far_end_was_moved_because_two_clocks_drift_apart(listener):
    """The microphone's is 300 ppm faster, which is 50 samples in 10.4 s."""
    hearing = HearingThread(listener, lambda _: None)
    hearing.begin(RATE, LATENCY)
    hearing.follow(np.zeros(BUFFERED // 2, np.float32))
    for number in range(15 * 50):
        hearing.follow(np.zeros(320, np.float32))
        hearing.capture(np.zeros(320 + (number % 10 == 0), np.float32))
    hearing.end()
    ((block, samples),) = listener.moves
    assert samples == pytest.approx(0.0003 * RATE * block / 50, abs=8)
    assert block == pytest.approx(50 * 10.4, abs=50)


def test_sound_in_pieces_of_any_length_becomes_whole_blocks_and_nothing_is_lost(listener):
    hearing = HearingThread(listener, lambda _: None)
    hearing.begin(RATE, LATENCY)
    for start, samples in ((0, 1), (1, 700), (701, 19), (720, 240)):
        hearing.follow(counted(start, samples))
        hearing.capture(counted(start, samples))
    hearing.end()
    assert all(len(part) == BLOCK for block in listener.blocks for part in block)
    np.testing.assert_array_equal(listener.microphone, counted(0, 960))


def test_the_events_of_each_block_are_posted_in_order(listener):
    posted = []
    hearing = HearingThread(listener, posted.append)
    hearing.begin(RATE, LATENCY)
    hearing.capture(counted(0, 3 * BLOCK))
    hearing.end()
    assert posted == [ClipFinished(1), ClipFinished(2), ClipFinished(3)]


def test_the_listener_is_told_what_to_report_before_its_next_block(listener):
    hearing = HearingThread(listener, lambda _: None)
    hearing.begin(RATE, LATENCY)
    hearing.listen(URGENT)
    hearing.capture(counted(0, BLOCK))
    hearing.end()
    assert listener.told == [(0, URGENT)]


def test_a_microphone_at_another_rate_is_heard_at_the_coachs_in_step_with_the_far_end(listener):
    moments = np.arange(48_000) / 48_000
    sound = np.sin(2 * np.pi * (200 + 1000 * moments) * moments).astype(np.float32)
    hearing = HearingThread(listener, lambda _: None)
    hearing.begin(48_000, LATENCY)
    for piece in np.split(sound, 100):
        hearing.follow(piece[::3])
        hearing.capture(piece)
    hearing.end()
    expected = sound[::3][: len(listener.microphone)]
    assert len(expected) > 0.9 * RATE
    np.testing.assert_allclose(listener.microphone[RATE // 10 :], expected[RATE // 10 :], atol=0.01)
    # The far end is kept back by some constant time, less than the loudspeaker buffers.
    middle = listener.far_end[RATE // 2 :]
    sooner = [expected[RATE // 2 - n :][: len(middle)] for n in range(BUFFERED)]
    assert any(np.array_equal(middle, each) for each in sooner)


def test_a_listener_that_lags_still_hears_both_streams_aligned():
    awake = Event()

    class Slow(KeepingListener):
        """A listener that thinks before it hears."""

        def hear(self, *block):
            awake.wait()
            return super().hear(*block)

    listener = Slow()
    hearing = HearingThread(listener, lambda _: None)
    hearing.begin(RATE, LATENCY)
    for start in range(0, 10 * BLOCK, BLOCK):
        hearing.follow(counted(start, BLOCK))
        hearing.capture(counted(start, BLOCK))
    awake.set()
    hearing.end()
    np.testing.assert_array_equal(listener.microphone, counted(0, 10 * BLOCK))
    kept_back = listener.microphone[2 * BLOCK - BUFFERED // 2 : -BUFFERED // 2]
    np.testing.assert_array_equal(listener.far_end[2 * BLOCK :], kept_back)


def test_a_listener_that_works_is_no_trouble(listener):
    hearing = HearingThread(listener, lambda _: None)
    hearing.begin(RATE, LATENCY)
    hearing.capture(counted(0, 3 * BLOCK))
    hearing.end()
    assert hearing.trouble() == ""


def test_an_ear_that_breaks_down_is_a_trouble_that_tells_its_cause():
    class Broken(KeepingListener):
        """A listener that cannot hear."""

        def hear(self, *_):
            raise RuntimeError("no model")

    hearing = HearingThread(Broken(), lambda _: None)
    hearing.begin(RATE, LATENCY)
    hearing.capture(counted(0, BLOCK))
    hearing.end()
    assert hearing.trouble() == "Listening broke down (RuntimeError('no model')): start again."


def test_an_ear_too_far_behind_is_a_trouble():
    awake = Event()

    class Slow(KeepingListener):
        """A listener that thinks."""

        def hear(self, *_):
            awake.wait()
            return []

    hearing = HearingThread(Slow(), lambda _: None)
    hearing.begin(RATE, LATENCY)
    hearing.capture(np.zeros(24_000, np.float32))
    assert not hearing.trouble()
    hearing.capture(np.zeros(1, np.float32))
    assert hearing.trouble().startswith("Listening hangs, or this computer is too slow")
    awake.set()
    hearing.end()
    assert not hearing.trouble()
