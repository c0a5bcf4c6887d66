"""A microphone with an offset hears the same: a sound card may add a constant, or switch one on."""

from __future__ import annotations

from contextlib import closing

import numpy as np
import pytest

from voice_coach.core.commands import URGENT, Command
from voice_coach.core.events import Heard, Noticed
from voice_coach.core.ports import BLOCK, SAMPLE_RATE
from voice_coach.demo import PERSON, PERSON_RATE
from voice_coach.hearing.listener import open_listener
from voice_coach.speech.clips import clip_store
from voice_coach.speech.narrator import PromptNarrator
from voice_coach.speech.pyttsx3_voice import Pyttsx3Voice

pytestmark = pytest.mark.real_parts


@pytest.fixture(scope="module")
def heard(language, recognisers):
    """Give what is heard of a cry, two seconds into a quiet room."""
    with closing(PromptNarrator(Pyttsx3Voice(PERSON), clip_store())) as person:
        cry = person.clip("it hurts", PERSON_RATE).samples
    room = 3e-4 * np.random.default_rng(1).standard_normal(5 * SAMPLE_RATE).astype(np.float32)
    room[2 * SAMPLE_RATE :][: len(cry)] += cry

    def hear(offset):
        listener = open_listener(language, recognisers)
        listener.listen(URGENT)
        silence = np.zeros(BLOCK, np.float32)
        return [
            event
            for block in (room + offset).reshape(-1, BLOCK)
            for event in listener.hear(block, silence)
            if isinstance(event, Heard | Noticed)
        ]

    return hear


def test_a_constant_offset_changes_nothing(heard):
    assert [type(each) for each in heard(np.float32(0.05))] == [type(each) for each in heard(0)]


def test_a_step_a_second_before_a_cry_does_not_hide_it_and_is_no_voice(heard):
    step = np.zeros(5 * SAMPLE_RATE, np.float32)
    step[SAMPLE_RATE:] = 0.25
    events = heard(step)
    cries = [each for each in events if isinstance(each, Heard)]
    assert [(cry.command, cry.tier) for cry in cries] == [(Command.PAIN, "confirmed")]
    assert events.count(Noticed("hush")) == 1
