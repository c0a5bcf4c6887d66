"""How late a cue came is told from the recording alone."""

import numpy as np
import pytest
from benchmark.onsets import drift, lateness, onsets

RATE = 16_000


def recording(times, seconds=0.6):
    samples = np.zeros(int((max(times) + 2) * RATE), np.float32)
    for at in times:
        samples[round(at * RATE) : round((at + seconds) * RATE)] = 0.1
    return samples


def test_each_sound_after_silence_begins_once():
    assert onsets(recording([1.0, 2.5]), RATE) == pytest.approx([1.0, 2.5])


def test_a_stop_in_a_word_begins_nothing():
    assert len(onsets(recording([1.0, 1.7]), RATE)) == 1


def test_cues_that_keep_time_are_not_late_wherever_the_recording_began():
    planned = [(100.0 + 5 * n, ("in", "out")[n % 2]) for n in range(20)]
    heads = {"in": 0.03, "out": 0.07}
    found = np.array([at - 97.0 + heads[word] for at, word in planned])
    times, late = lateness(planned, found)
    assert len(times) == 20
    assert late == pytest.approx([0.0] * 20, abs=1e-9)


def test_a_cue_that_comes_late_is_the_late_one():
    planned = [(5.0 * n, "in") for n in range(20)]
    found = np.array([at + 2.0 for at, _ in planned])
    found[7] += 0.12
    _, late = lateness(planned, found)
    assert late[7] == pytest.approx(0.12)
    assert max(abs(each) for each in late[:7] + late[8:]) < 1e-9


def test_sentences_in_between_are_no_cues():
    planned = [(5.0 * n, "in") for n in range(20)]
    found = np.sort(np.concatenate(([at + 2.0 for at, _ in planned], [4.0, 16.1, 93.0])))
    assert lateness(planned, found)[1] == pytest.approx([0.0] * 20, abs=1e-9)


def test_a_slow_clock_is_a_drift():
    times = [5.0 * n for n in range(50)]
    slope, reach = drift(times, [at * 1e-4 for at in times])
    assert slope == pytest.approx(0.36)
    assert reach == pytest.approx(0.0, abs=1e-6)


def test_a_clock_that_keeps_time_drifts_by_nothing_within_what_is_told():
    times = [5.0 * n for n in range(50)]
    late = np.random.default_rng(1).normal(0, 0.01, 50)
    slope, reach = drift(times, list(late))
    assert abs(slope) < reach < 0.3


def test_silence_has_no_cue():
    assert lateness([(1.0, "in")], onsets(np.zeros(RATE, np.float32), RATE)) == ([], [])
