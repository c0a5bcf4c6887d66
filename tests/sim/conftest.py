"""Fixtures of the simulated room."""

from __future__ import annotations

import pytest
from benchmark.simulation import Kit, run
from sim.tones import MEANINGS, SharpListener, ToneStore, ToneVoice


@pytest.fixture
def kit(language):
    return Kit(language, ToneVoice(), ToneStore())


@pytest.fixture
def play(kit):
    """Play a scene to a listener that hears the tones, with some other meanings."""

    def played(scene, meanings=None):
        return run(scene, SharpListener({**MEANINGS, **(meanings or {})}), kit)

    return played
