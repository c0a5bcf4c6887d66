"""Whatever happens in a session, and however long its loop stands still, what is promised holds."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest
from fuzzing import MUCH, THOROUGH, nightly
from trials import soak
from trials.random_parts import LeadingListener, NoDisplay, NoFaults, StallingStudio
from trials.random_session import IN, PRESS, RandomSession

from voice_coach.core.config import SessionConfig
from voice_coach.core.ports import BLOCK, SAMPLE_RATE
from voice_coach.core.view import Outcome

LIVES = 10 * MUCH if THOROUGH else 10


@pytest.mark.fuzz
@pytest.mark.parametrize("seed", range(0, LIVES, 5))
def test_in_whatever_happens_no_promise_is_broken(language, seed):
    """Nothing late, no press but in a breath out, nothing but the note after pain, silent cuts."""
    for each in range(seed, seed + 5):
        random = Random(each)  # noqa: S311 - no secret
        simulated = RandomSession(soak.random_config(language, random), random)
        simulated.run(NoDisplay())
        assert simulated.violations == [], each


def test_a_short_soak_leaves_nothing_over(capsys):
    """The long one is a script: `scripts/soak`."""
    assert soak.main(["--hours", "0.2", "--seed", "1", "--heard", "0"]) == 0
    told = capsys.readouterr().out
    assert "Broken: 0.\nHistory: ok. Left over: 0 threads, 0 files." in told


class Kept(StallingStudio):
    """Keeps its sound."""

    def _forget(self):
        pass


def pressed(language, stall):
    """Lead an assisted press to its end, with a loop that stands still as `stall` tells."""
    listener = LeadingListener(language, NoFaults())
    config = SessionConfig(
        language=language, routine="assisted-press", stop_tested=True, press_by_breath=False
    )
    simulated = RandomSession(config, NoFaults(), stall=stall, listener=listener, stage=Kept)
    listener.session = simulated.session
    simulated.run(NoDisplay())
    assert simulated.violations == []
    return simulated, simulated.stage.played


LASTS = 200
"""Samples that any sentence lasts."""


def edges(played, loudness):
    """Give the seconds at which a sentence of this loudness begins."""
    on = np.isclose(played, loudness, atol=1e-4)
    on[:-LASTS] &= on[LASTS:]  # a fade may pass through any loudness
    return np.flatnonzero(on & ~np.concatenate(([False], on[:-1]))) / SAMPLE_RATE


def test_in_what_is_played_each_press_comes_in_its_breath_out(language):
    """A while after the breath in before it, to the sample the same, and eight times."""
    _, played = pressed(language, lambda _: 0.0)
    ins, presses = edges(played, IN), edges(played, PRESS)
    assert len(presses) == 8
    after = presses - ins[-8:]
    np.testing.assert_allclose(after, after[0], atol=0.001)
    assert 4.0 < after[0] < 7.0, "within the breath out: 4 s in, 6 s out"


@pytest.fixture(scope="module")
def third(language):
    """When the third breath in begins, where nothing stalls."""
    _, played = pressed(language, lambda _: 0.0)
    return edges(played, IN)[2]


@pytest.mark.parametrize("seconds", [0.3, 1.2, 3.0])
@pytest.mark.parametrize("into", [2.0, 4.05, *nightly(0.7, 3.6, 8.5)])
def test_no_stall_makes_a_press_come_late_or_outside_its_breath_out(language, third, seconds, into):
    """In the samples that are played, wherever in a round the loop stands still.

    After three seconds it has ended by itself, and the partner's hands are called off.
    """
    at, done = third + into, []

    def stall(now):
        if now < at or done:
            return 0.0
        done.append(now)
        return seconds

    simulated, played = pressed(language, stall)
    assert done
    ins, presses = edges(played, IN), edges(played, PRESS)
    for press in presses:
        into_round = press - max(each for each in ins if each <= press)
        assert 5.76 <= into_round <= 5.77 + 0.15 + BLOCK / SAMPLE_RATE
    if seconds > 1.5:
        assert simulated.session.outcome is Outcome.FAULT
        assert not [each for each in presses if each > done[0] + 1.5 + 0.05]
    else:
        assert simulated.session.outcome is not Outcome.FAULT
        assert len(presses) >= 7
