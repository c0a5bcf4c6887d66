"""Cries without words, and what is none of them, through the whole listener in a quiet room."""

from contextlib import closing

import numpy as np
import pytest
from benchmark.cries import CRIES, Cry
from benchmark.noises import Noise
from fuzzing import nightly

from voice_coach.core.commands import Command
from voice_coach.core.events import Heard
from voice_coach.core.ports import BLOCK, SAMPLE_RATE
from voice_coach.hearing.listener import open_listener
from voice_coach.speech.clips import clip_store
from voice_coach.speech.narrator import PromptNarrator
from voice_coach.speech.pyttsx3_voice import Pyttsx3Voice

pytestmark = pytest.mark.real_parts

PERSON = -26.0
"""How loud the person speaks, in dB of full scale."""
ROOM = -55.0


def at(samples, level):
    """Give a sound with this rms, in dB of full scale."""
    return 10 ** (level / 20) * samples / np.sqrt(np.mean(np.square(samples, dtype=np.float64)))


@pytest.fixture(scope="module")
def heard(language, recognisers):
    """Give what is heard of a sound after the person has said "ready"."""
    with closing(PromptNarrator(Pyttsx3Voice("en-gb+m3"), clip_store())) as person:
        ready = person.clip("ready", 150).samples
    pause = np.zeros(2 * SAMPLE_RATE)

    def hear(samples, louder):
        track = [pause, at(ready, PERSON), pause, at(samples, PERSON + louder), pause]
        sound = np.concatenate(track)
        sound += np.random.default_rng(1).normal(0, 10 ** (ROOM / 20), len(sound))
        listener = open_listener(language, recognisers)
        listener.listen(set(Command))
        events = []
        for start in range(0, len(sound) - BLOCK + 1, BLOCK):
            block = sound[start : start + BLOCK].astype(np.float32)
            events += listener.hear(block, np.zeros(BLOCK, np.float32))
        said = [event for event in events if isinstance(event, Heard)]
        assert said[0].command is Command.READY
        return [event.command for event in said[1:]]

    return hear


@pytest.mark.parametrize("seed", [0, *nightly(1)])
@pytest.mark.parametrize("kind", sorted(set(CRIES) - {"grunt"}))
def test_every_cry_without_words_but_a_short_grunt_is_pain_or_asked_about(heard, kind, seed):
    """A short grunt is taken for a chair."""
    assert heard(Cry(kind, seed).make(), 6.0) == [Command.PAIN]


@pytest.mark.parametrize("kind", ["cough", "door", "laugh", "throat", "thump", "breath out"])
@pytest.mark.parametrize("seed", [0, *nightly(1)])
def test_a_cough_a_door_and_a_laugh_are_none(heard, kind, seed):
    assert heard(Noise(kind, seed).make(), 0.0) == []
