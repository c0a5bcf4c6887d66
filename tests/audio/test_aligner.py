"""The far-end aligner: an echo keeps its delay, whatever the callbacks and the gaps do."""

from __future__ import annotations

import numpy as np
import pytest

from voice_coach.audio.aligner import FarEndAligner

RATE = 16_000
LATENCY = 0.025
BUFFERED = round(LATENCY * RATE)


def counted(start, samples):
    """Give samples that tell their own place."""
    return np.arange(start, start + samples, dtype=np.float32)


class Pair:
    """A loudspeaker and a microphone on one clock, whose callbacks come late and in bursts."""

    def __init__(self):
        self.aligner = FarEndAligner(RATE, LATENCY)
        self.random = np.random.default_rng(1)
        self.played = self.heard = self.to_play = self.to_hear = 0

    def play(self, samples):
        # Counted from one: a zero is silence.
        self.aligner.put(counted(self.played + 1, samples))
        self.played += samples

    def hear(self, samples):
        self.heard += samples
        return self.aligner.take(counted(self.heard - samples + 1, samples))

    def run(self, seconds):
        """Give what the listener gets, and the shift of its far end against its microphone."""
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
    pair.play(BUFFERED)
    for _ in range(100):
        pair.play(100)
        taken.append(pair.hear(100))
    microphone, far_end, shifts = split(taken)
    np.testing.assert_array_equal(far_end[far_end > 0], counted(1, np.sum(far_end > 0)))
    assert np.all(np.diff(microphone) == 1)
    assert set(shifts) == {shifts[0], shifts[-1]}
    assert shifts[-1] - shifts[0] == 900 - BUFFERED


def test_a_microphone_whose_loudspeaker_gives_nothing_is_heard_all_the_same():
    pair = Pair()
    taken = [pair.hear(100) for _ in range(100)]
    microphone, far_end, _ = split(taken)
    assert len(microphone) > 10_000 - 0.28 * RATE
    assert not np.any(far_end)


def test_a_far_end_that_began_long_before_the_microphone_is_in_step_at_once():
    pair = Pair()
    pair.play(5000)
    pair.hear(160)
    _, far_end, _ = split([pair.hear(160)])
    np.testing.assert_array_equal(far_end, counted(5001 - BUFFERED // 2, 160))


def steady(seconds, *, lost=0, missed=0, reports=0):
    """Run evenly for a second, lose samples in one stream, run on.

    Gives the shift before that, and those after it. The first `reports` pieces report a gap.
    """
    pair = Pair()
    pair.play(BUFFERED // 2)
    taken = []
    for _ in range(100):
        pair.play(160)
        taken.append(pair.hear(160))
    _, _, before = split(taken)
    taken.clear()
    pair.heard += lost
    for number in range(round(100 * seconds)):
        if number < reports:
            pair.aligner.report_gap()
        pair.play(160 - missed * (number == 0))
        taken.append(pair.hear(160 - lost * (number == 0)))
    _, _, after = split(taken)
    return before[-1], after


def test_samples_that_the_microphone_lost_shift_the_echo_until_their_gap_is_reported():
    """150 lost samples are 9 ms, too few to tell from late callbacks without a report."""
    before, shifts = steady(2, lost=150)
    assert set(shifts) == {before + 150}
    before, shifts = steady(2, lost=150, reports=1)
    assert shifts[0] == before + 150
    assert set(shifts[-RATE:]) == {before}, "within a second the delay is what it was"


def test_samples_that_the_loudspeaker_did_not_get_shift_the_echo_until_their_gap_is_reported():
    before, shifts = steady(2, missed=100)
    assert set(shifts) == {before}
    before, shifts = steady(2, missed=100, reports=1)
    assert set(shifts[-RATE:]) == {before + 100}, "the sound after the gap came 100 samples later"


@pytest.mark.parametrize("reports", [1, 200])
def test_reports_of_gaps_that_lost_nothing_shift_nothing(reports):
    before, shifts = steady(2, reports=reports)
    assert set(shifts) == {before}


@pytest.mark.parametrize("faster", [0.0003, -0.0003, 0.0001])
def test_clocks_that_drift_apart_are_put_in_step_again_in_pauses_and_that_is_told(faster):
    """The microphone's clock is so much faster, and of each second the coach speaks 0.7."""
    aligner, told, moved, heard = FarEndAligner(RATE, LATENCY), [], 0, 0
    aligner.put(np.ones(BUFFERED // 2, np.float32))
    taken = []
    for number in range(60 * 100):
        far_end = counted(160 * number, 160)
        aligner.put(far_end * (far_end % RATE < 0.7 * RATE))
        recorded = round(160 * (number + 1) * (1 + faster)) - heard
        taken.append(aligner.take(counted(heard, recorded)))
        heard += recorded
        told += [moved] * len(taken[-1])
        moved += aligner.moved
    microphone, far_end = np.concatenate(taken[10:]).T
    spoken = far_end > 0
    shifts = (microphone - far_end)[spoken]
    assert np.ptp(shifts - np.array(told)[-len(microphone) :][spoken]) == 0
    assert np.ptp(shifts - faster * microphone[spoken]) < BUFFERED / 4 + 16


def test_a_gap_among_many_reports_is_corrected_all_the_same():
    before, shifts = steady(3, lost=150, reports=300)
    assert set(shifts[-RATE:]) == {before}
