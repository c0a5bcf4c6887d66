"""Each routine can be asked for by each of its names, through the real recogniser."""

from contextlib import closing

import numpy as np
import pytest

from voice_coach.app import clip_store, open_ears, open_listener
from voice_coach.audio.ear import BLOCK
from voice_coach.catalogue import read_language
from voice_coach.core.commands import Command
from voice_coach.core.events import Heard
from voice_coach.core.ports import SAMPLE_RATE
from voice_coach.core.transitions import State, accepted
from voice_coach.speech.narrator import PromptNarrator
from voice_coach.speech.pyttsx3_voice import Pyttsx3Voice

NAMES = [(name, routine.id) for routine in read_language().routines for name in routine.names]
SILENCE = np.zeros(SAMPLE_RATE, np.float32)
NOTHING = np.zeros(BLOCK, np.float32)


@pytest.fixture(scope="module")
def listener(language):
    listener = open_listener(language, open_ears(language))
    listener.listen(accepted(State.CHOOSING))
    return listener


@pytest.fixture(scope="module")
def person():
    with closing(PromptNarrator(Pyttsx3Voice("en-gb+f2"), clip_store())) as narrator:
        yield narrator


@pytest.mark.parametrize(("name", "routine"), NAMES)
def test_a_routine_is_chosen_by_its_name(listener, person, name, routine):
    heard = []
    samples = np.concatenate((SILENCE, person.clip(name, 140).samples, SILENCE, SILENCE))
    for start in range(0, len(samples) - BLOCK, BLOCK):
        heard += listener.hear(samples[start : start + BLOCK], NOTHING)
    assert [(event.command, event.choice) for event in heard if isinstance(event, Heard)] == [
        (Command.CHOOSE, routine)
    ]
