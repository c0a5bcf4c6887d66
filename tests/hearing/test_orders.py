"""What is asked for in the midst of a routine, and at its end, is heard by the real recogniser."""

from contextlib import closing

import numpy as np
import pytest

from voice_coach.app import clip_store, open_ears, open_listener
from voice_coach.audio.ear import BLOCK
from voice_coach.core.commands import Command
from voice_coach.core.events import Heard
from voice_coach.core.ports import SAMPLE_RATE
from voice_coach.core.transitions import State, accepted
from voice_coach.speech.narrator import PromptNarrator
from voice_coach.speech.pyttsx3_voice import Pyttsx3Voice

SILENCE = np.zeros(SAMPLE_RATE, np.float32)


@pytest.fixture(scope="module")
def listener(language):
    return open_listener(language, open_ears(language))


@pytest.fixture(scope="module")
def person():
    with closing(PromptNarrator(Pyttsx3Voice("en-gb+f2"), clip_store())) as narrator:
        yield narrator


@pytest.mark.parametrize(
    ("state", "words", "command"),
    [
        (State.BRIEFING, "more detail", Command.MORE_DETAIL),
        (State.BREATHING, "longer breaths", Command.LONGER_BREATHS),
        (State.BREATHING, "shorter breaths", Command.SHORTER_BREATHS),
        (State.BREATHING, "breathe slower", Command.LONGER_BREATHS),
        (State.BREATHING, "breathe faster", Command.SHORTER_BREATHS),
        (State.ANOTHER, "yes please", Command.YES),
        (State.ANOTHER, "no", Command.NO),
    ],
)
def test_it_is_heard_as_what_it_means(listener, person, state, words, command):
    listener.listen(accepted(state))
    heard = []
    samples = np.concatenate((SILENCE, person.clip(words, 140).samples, SILENCE, SILENCE))
    for start in range(0, len(samples) - BLOCK, BLOCK):
        heard += listener.hear(samples[start : start + BLOCK], np.zeros(BLOCK, np.float32))
    assert [event.command for event in heard if isinstance(event, Heard)] == [command]
