"""The hearing thread: what the ear is given, in which order, and what becomes of its faults."""

from __future__ import annotations

from threading import Event

import numpy as np
import pytest

from voice_coach.audio.hearing_thread import BACKLOG, GONE, FarEndAligner, HearingThread
from voice_coach.core.commands import URGENT
from voice_coach.core.events import ClipFinished
from voice_coach.core.ports import BLOCK

RATE = 16_000
LEAD = 0.025
STORE = round(LEAD * RATE)


class AudioRecorder:
    """An ear that keeps all it is given, and answers each block with an event."""

    def __init__(self):
        self.blocks = []
        self.wishes = []

    def hear(self, microphone, far_end):
        self.blocks.append((microphone, far_end))
        return [ClipFinished(len(self.blocks))]

    def listen(self, commands):
        self.wishes.append((len(self.blocks), commands))

    @property
    def microphone(self):
        return np.concatenate([microphone for microphone, _ in self.blocks])

    @property
    def far_end(self):
        return np.concatenate([far_end for _, far_end in self.blocks])


@pytest.fixture
def tape():
    return AudioRecorder()


def counted(start, samples):
    """Give samples that tell their own place."""
    return np.arange(start, start + samples, dtype=np.float32)


def test_sound_in_pieces_of_any_length_becomes_whole_blocks_and_nothing_is_lost(tape):
    hearing = HearingThread(tape, lambda _: None)
    hearing.begin(RATE, LEAD)
    for start, samples in ((0, 1), (1, 700), (701, 19), (720, 240)):
        hearing.follow(counted(start, samples))
        hearing.capture(counted(start, samples))
    hearing.end()
    assert all(len(part) == BLOCK for block in tape.blocks for part in block)
    np.testing.assert_array_equal(tape.microphone, counted(0, 960))


def test_what_the_ear_makes_of_each_block_is_posted_in_order(tape):
    posted = []
    hearing = HearingThread(tape, posted.append)
    hearing.begin(RATE, LEAD)
    hearing.capture(counted(0, 3 * BLOCK))
    hearing.end()
    assert posted == [ClipFinished(1), ClipFinished(2), ClipFinished(3)]


def test_the_ear_is_told_what_to_report_before_its_next_block(tape):
    hearing = HearingThread(tape, lambda _: None)
    hearing.begin(RATE, LEAD)
    hearing.listen(URGENT)
    hearing.capture(counted(0, BLOCK))
    hearing.end()
    assert tape.wishes == [(0, URGENT)]


class Pair:
    """A loudspeaker and a microphone on one clock, whose callbacks come late and in bursts."""

    def __init__(self):
        self.pairing = FarEndAligner(RATE, LEAD)
        self.random = np.random.default_rng(1)
        self.played = self.heard = self.to_play = self.to_hear = 0

    def play(self, samples):
        # Counted from one: a zero is silence.
        self.pairing.put(counted(self.played + 1, samples))
        self.played += samples

    def hear(self, samples):
        self.heard += samples
        return self.pairing.take(counted(self.heard - samples + 1, samples))

    def run(self, seconds):
        """Give what the ear gets, and the shift of its far end against its microphone."""
        taken = []
        for _ in range(int(seconds * RATE) // 100):
            self.to_play += 1
            self.to_hear += 1
            if self.random.random() > 0.2:
                for _ in range(self.to_play):
                    self.play(100)
                self.to_play = 0
            if self.random.random() > 0.2:
                taken += [self.hear(100) for _ in range(self.to_hear)]
                self.to_hear = 0
        return split(taken)


def split(taken):
    """Give the microphone, the far end, and the shift between them where both sound."""
    microphone, far_end = np.concatenate(taken).T
    return microphone, far_end, (microphone - far_end)[far_end > 0]


def test_callbacks_that_come_late_and_in_bursts_shift_nothing_and_lose_nothing():
    pair = Pair()
    pair.run(1)
    microphone, far_end, shifts = pair.run(5)
    assert np.ptp(shifts) == 0
    assert np.all(np.diff(microphone) == 1)
    assert np.mean(far_end == 0) < 0.02


def test_a_loudspeaker_that_ran_dry_is_in_step_again_within_a_second():
    pair = Pair()
    _, _, before = pair.run(2)
    pair.to_play -= 3
    pair.run(1)
    _, _, after = pair.run(2)
    assert np.ptp(after) == 0
    assert after[0] - before[-1] == pytest.approx(300, abs=100)


@pytest.mark.parametrize("ahead", [120, 200, 300])
def test_after_a_gap_in_what_was_played_its_echo_comes_as_long_after_it_as_before(ahead):
    """Nothing runs for 60 ms: the loudspeaker, with 25 ms in store, falls silent for 35."""
    pair = Pair()
    pair.play(ahead)
    taken = []
    for _ in range(100):
        pair.play(100)
        taken.append(pair.hear(100))
    taken += [pair.hear(100) for _ in range(9)]
    pair.play(STORE)
    for _ in range(100):
        pair.play(100)
        taken.append(pair.hear(100))
    microphone, far_end, shifts = split(taken)
    np.testing.assert_array_equal(far_end[far_end > 0], counted(1, np.sum(far_end > 0)))
    assert np.all(np.diff(microphone) == 1)
    assert set(shifts) == {shifts[0], shifts[-1]}
    assert shifts[-1] - shifts[0] == 900 - STORE


def test_a_microphone_whose_loudspeaker_gives_nothing_is_heard_all_the_same():
    pair = Pair()
    taken = [pair.hear(100) for _ in range(100)]
    microphone, far_end, _ = split(taken)
    assert len(microphone) > 10_000 - (GONE + LEAD) * RATE
    assert not np.any(far_end)


def test_a_far_end_that_began_long_before_the_microphone_is_in_step_at_once():
    pair = Pair()
    pair.play(5000)
    pair.hear(160)
    _, far_end, _ = split([pair.hear(160)])
    np.testing.assert_array_equal(far_end, counted(5001 - STORE // 2, 160))


def test_sound_at_another_rate_is_heard_at_the_coachs_with_both_channels_in_step(tape):
    moments = np.arange(48_000) / 48_000
    sound = np.sin(2 * np.pi * (200 + 1000 * moments) * moments).astype(np.float32)
    hearing = HearingThread(tape, lambda _: None)
    hearing.begin(48_000, LEAD)
    for piece in np.split(sound, 100):
        hearing.follow(piece)
        hearing.capture(piece)
    hearing.end()
    expected = sound[::3][: len(tape.microphone)]
    assert len(expected) > 0.9 * RATE
    np.testing.assert_allclose(tape.microphone[RATE // 10 :], expected[RATE // 10 :], atol=0.01)
    kept_back = tape.microphone[RATE // 2 - STORE // 2 : -STORE // 2]
    np.testing.assert_allclose(tape.far_end[RATE // 2 :], kept_back, atol=1e-5)


def test_an_ear_that_lags_still_hears_both_in_step():
    awake = Event()

    class Slow(AudioRecorder):
        """An ear that thinks before it hears."""

        def hear(self, *block):
            awake.wait()
            return super().hear(*block)

    tape = Slow()
    hearing = HearingThread(tape, lambda _: None)
    hearing.begin(RATE, LEAD)
    for start in range(0, 10 * BLOCK, BLOCK):
        hearing.follow(counted(start, BLOCK))
        hearing.capture(counted(start, BLOCK))
    awake.set()
    hearing.end()
    np.testing.assert_array_equal(tape.microphone, counted(0, 10 * BLOCK))
    kept_back = tape.microphone[2 * BLOCK - STORE // 2 : -STORE // 2]
    np.testing.assert_array_equal(tape.far_end[2 * BLOCK :], kept_back)


def test_an_ear_that_listens_has_no_trouble(tape):
    hearing = HearingThread(tape, lambda _: None)
    hearing.begin(RATE, LEAD)
    hearing.capture(counted(0, 3 * BLOCK))
    hearing.end()
    assert hearing.trouble() == ""


def test_an_ear_that_breaks_down_is_a_trouble_that_tells_its_cause():
    class Broken(AudioRecorder):
        """An ear that cannot hear."""

        def hear(self, *_):
            raise RuntimeError("no model")

    hearing = HearingThread(Broken(), lambda _: None)
    hearing.begin(RATE, LEAD)
    hearing.capture(counted(0, BLOCK))
    hearing.end()
    assert hearing.trouble() == "Listening broke down (RuntimeError('no model')): start again."


def test_an_ear_too_far_behind_is_a_trouble():
    awake = Event()

    class Slow(AudioRecorder):
        """An ear that thinks."""

        def hear(self, *_):
            awake.wait()
            return []

    hearing = HearingThread(Slow(), lambda _: None)
    hearing.begin(RATE, LEAD)
    hearing.capture(np.zeros(round(BACKLOG * RATE), np.float32))
    assert not hearing.trouble()
    hearing.capture(np.zeros(1, np.float32))
    assert hearing.trouble().startswith("Listening hangs, or this computer is too slow")
    awake.set()
    hearing.end()
    assert not hearing.trouble()
