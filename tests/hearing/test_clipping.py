"""A microphone that is turned up far too high clips; pain is heard all the same."""

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


@pytest.mark.parametrize("louder", [10, 24])
def test_a_cry_into_a_microphone_that_clips_still_ends_the_routine(language, recognisers, louder):
    """So many decibels too loud, over the room's own noise."""
    with closing(PromptNarrator(Pyttsx3Voice(PERSON), clip_store())) as person:
        cry = person.clip("it hurts", PERSON_RATE).samples
    room = 1e-3 * np.random.default_rng(1).standard_normal(5 * SAMPLE_RATE).astype(np.float32)
    room[2 * SAMPLE_RATE :][: len(cry)] += cry
    heard = np.clip(room * 10 ** (louder / 20) / np.max(np.abs(cry)), -1, 1)
    assert np.mean(np.abs(heard[2 * SAMPLE_RATE :][: len(cry)]) == 1) > 0.02
    listener = open_listener(language, recognisers)
    listener.listen(URGENT)
    silence = np.zeros(BLOCK, np.float32)
    events = [
        event
        for at in range(0, len(heard), BLOCK)
        for event in listener.hear(heard[at : at + BLOCK], silence)
    ]
    assert Noticed("hush") in events
    cries = [event for event in events if isinstance(event, Heard)]
    assert [cry.command for cry in cries] == [Command.PAIN]
