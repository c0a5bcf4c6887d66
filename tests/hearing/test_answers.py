"""Orders and answers are heard in the words the coach teaches, by the real recogniser."""

from __future__ import annotations

from contextlib import closing

import numpy as np
import pytest

from voice_coach.core.commands import Command
from voice_coach.core.events import Heard
from voice_coach.core.ports import BLOCK, SAMPLE_RATE
from voice_coach.core.transitions import State, accepted
from voice_coach.hearing.listener import open_listener
from voice_coach.speech.clips import clip_store
from voice_coach.speech.narrator import PromptNarrator
from voice_coach.speech.pyttsx3_voice import Pyttsx3Voice

pytestmark = pytest.mark.real_parts

SILENCE = np.zeros(SAMPLE_RATE // 2, np.float32)
NOTHING = np.zeros(BLOCK, np.float32)


@pytest.fixture(scope="module")
def listeners(language, recognisers):
    """Give a listener for any state."""

    def listen(state):
        listener = open_listener(language, recognisers)
        listener.listen(accepted(state))
        return listener

    return listen


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
        (State.RESTART_PROMPT, "yes please", Command.YES),
        (State.RESTART_PROMPT, "no", Command.NO),
        (State.RATING, "better", Command.BETTER),
        (State.RATING, "feels good", Command.BETTER),
        (State.RATING, "i feel better", Command.BETTER),
        (State.RATING, "not good", Command.WORSE),
        (State.RATING, "i feel worse", Command.WORSE),
        (State.RATING, "not better", None),
        (State.RATING, "i'm fine", Command.UNHURT),
        (State.SCREENING, "yes i do", Command.YES),
        (State.PAIN_CONFIRMATION, "yes it did", Command.YES),
        (State.RATING, "the same", Command.SAME),
        (State.RATING, "same", Command.SAME),
        (State.RATING, "worse", Command.WORSE),
        (State.WAITING, "another place", Command.ANOTHER_PLACE),
        (State.WAITING, "a bit higher", Command.HIGHER),
        (State.WAITING, "toward the head", Command.HIGHER),
        (State.WAITING, "further up", Command.HIGHER),
        (State.WAITING, "lower", Command.LOWER),
        (State.WAITING, "a bit lower", Command.LOWER),
        (State.WAITING, "toward the feet", Command.LOWER),
        (State.WAITING, "the same", Command.SAME),
        (State.WAITING, "gentler", Command.GENTLER),
        (State.BREATHING, "it cracked", Command.CRACKED),
        (State.BREATHING, "it popped", Command.CRACKED),
        (State.TOO_OFTEN, "yes go on", Command.INSIST),
        (State.TOO_OFTEN, "yes", Command.YES),
        (State.TOO_OFTEN, "yes please", Command.YES),
        (State.TOO_OFTEN, "no", Command.NO),
        (State.TOO_OFTEN, "go on", None),
        (State.AFTER_PAIN, "yes", Command.YES),
        (State.AFTER_PAIN, "no", Command.NO),
        (State.AFTER_PAIN, "yes go on", None),
        (State.CHOOSING, "safety", Command.SAFETY),
        (State.TELLING, "safety", Command.SAFETY),
        (State.TELLING, "safety note", Command.SAFETY),
        (State.PAIN_CONFIRMATION, "no go on", Command.NO),
        (State.PAIN_CONFIRMATION, "yes", Command.YES),
    ],
)
def test_an_answer_is_heard_as_what_it_means(listeners, person, state, words, command):
    listener = listeners(state)
    heard = []
    samples = np.concatenate((SILENCE, person.clip(words, 140).samples, *[SILENCE] * 3))
    for start in range(0, len(samples) - BLOCK, BLOCK):
        heard += listener.hear(samples[start : start + BLOCK], NOTHING)
    commands = [event.command for event in heard if isinstance(event, Heard)]
    if command is None:
        assert Command.INSIST not in commands
    else:
        assert commands == [command]
