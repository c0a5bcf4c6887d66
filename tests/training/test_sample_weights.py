"""What the blocks of a recording count for in the fit."""

from types import SimpleNamespace

import numpy as np
import pytest
from training.recordings import PlayedScene, Span
from training.sample_weights import ALONE, EVENT, NO_VOICE, sample_weights
from training.scene import SPEECH

SCENE = SimpleNamespace(surroundings=(), background=())
THUMP, TALK = Span("thump", 1.0, 1.2), Span(SPEECH, 2.0, 4.0)


def recording(*, coach=False):
    """Five seconds with a thump and a sentence; the last block cannot be judged."""
    truth = np.zeros((250, 3), bool)
    truth[50:60, 0] = truth[100:200, :2] = True
    certain = np.ones((250, 3), bool)
    certain[-1] = False
    features = np.zeros((250, 174), np.float32)
    return PlayedScene(SCENE, features, truth, certain, np.full(250, coach), (THUMP, TALK))


def test_every_deed_counts_the_same_however_long_it_is():
    counts = sample_weights(recording())
    assert counts[50:60, 0].sum() == pytest.approx(EVENT)
    assert counts[100:200, :2].sum(axis=0) == pytest.approx((EVENT, EVENT))


def test_what_is_no_voice_counts_for_more_in_telling_voices():
    assert sample_weights(recording())[50:60, 1].sum() == pytest.approx(NO_VOICE * EVENT)


def test_the_coach_alone_counts_for_more_than_a_silent_room():
    assert sample_weights(recording())[0].tolist() == [1, 1, 1]
    assert sample_weights(recording(coach=True))[0].tolist() == [ALONE, ALONE, ALONE]


def test_what_cannot_be_judged_counts_for_nothing():
    assert sample_weights(recording())[-1].tolist() == [0, 0, 0]
