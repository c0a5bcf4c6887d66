"""Each routine can be chosen, and asked about, by each of its names, by the real recogniser."""

from contextlib import closing

import numpy as np
import pytest

from voice_coach.catalogue import read_language
from voice_coach.core.commands import Command
from voice_coach.core.events import Heard
from voice_coach.core.ports import BLOCK, SAMPLE_RATE
from voice_coach.core.transitions import State, accepted
from voice_coach.hearing.listener import open_listener
from voice_coach.speech.clips import clip_store
from voice_coach.speech.narrator import PromptNarrator
from voice_coach.speech.pyttsx3_voice import Pyttsx3Voice

pytestmark = pytest.mark.real_parts

NAMES = [
    pytest.param(name, routine.id, marks=[pytest.mark.nightly] if place else [])
    for number, routine in enumerate(read_language().routines, 1)
    for place, name in enumerate((*routine.names, f"number {read_language().number(number)}"))
]
"""Each change tries the first name of each."""
SILENCE = np.zeros(SAMPLE_RATE, np.float32)
HISS = 10 ** (-55 / 20)
"""Rms of a living room, as a share of full scale; the voice is 30 dB louder."""
NOTHING = np.zeros(BLOCK, np.float32)


@pytest.fixture
def listener(language, recognisers):
    listener = open_listener(language, recognisers)
    listener.listen(accepted(State.CHOOSING))
    return listener


@pytest.fixture(scope="module")
def person():
    with closing(PromptNarrator(Pyttsx3Voice("en-gb+f2"), clip_store())) as narrator:
        yield narrator


def heard(listener, person, words):
    """Give the commands that are heard when somebody says these words."""
    events = []
    clip = person.clip(words, 140).samples
    samples = np.concatenate((SILENCE, SILENCE, clip, SILENCE, SILENCE))
    samples += HISS * np.random.default_rng(1).standard_normal(len(samples), np.float32)
    for start in range(0, len(samples) - BLOCK, BLOCK):
        events += listener.hear(samples[start : start + BLOCK], NOTHING)
    return [(event.command, event.choice) for event in events if isinstance(event, Heard)]


@pytest.mark.parametrize(("name", "routine"), NAMES)
def test_a_routine_is_chosen_by_its_name(listener, person, name, routine):
    assert heard(listener, person, name) == [(Command.CHOOSE, routine)]


@pytest.mark.nightly
@pytest.mark.parametrize(("name", "routine"), NAMES)
def test_a_routine_is_told_about_by_its_name(listener, person, name, routine):
    assert heard(listener, person, f"tell me about {name}") == [(Command.ABOUT, routine)]


@pytest.mark.parametrize("words", ["what else", "what else is there"])
def test_others_are_asked_for(listener, person, words):
    assert heard(listener, person, words) == [(Command.WHAT_ELSE, "")]
