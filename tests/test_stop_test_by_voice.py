"""The stop test with real parts: a second voice cries into the coach's count, or nobody does."""

from contextlib import closing

import numpy as np
import pytest
from fuzzing import nightly

from voice_coach.audio.mixer import Mixer
from voice_coach.audio.studio import Room, Studio
from voice_coach.core.actions import Say
from voice_coach.core.commands import Command
from voice_coach.core.config import SessionConfig
from voice_coach.core.events import ClipFinished, ClipStarted, Heard
from voice_coach.core.ports import SAMPLE_RATE
from voice_coach.core.session import Session
from voice_coach.core.transitions import State
from voice_coach.demo import PERSON, PERSON_RATE
from voice_coach.hearing.listener import open_listener
from voice_coach.hearing.recognisers import open_recognisers
from voice_coach.runner import Runner
from voice_coach.speech.clips import clip_store
from voice_coach.speech.narrator import PromptNarrator
from voice_coach.speech.pyttsx3_voice import Pyttsx3Voice

pytestmark = pytest.mark.real_parts


class Nobody:
    """A display nobody looks at."""

    def show(self, view):
        pass


class Performance:
    """A session in the studio that ends once the stop test is passed or has failed."""

    def __init__(self, language, cry, echo):
        self.studio = Studio(
            Mixer(), open_listener(language, open_recognisers(language)), Room(echo)
        )
        self.session = Session(SessionConfig(language=language, routine="leg-over-leg"))
        self.heard, self.said, self.ended = [], [], []
        self.cried_at = None
        self._lines, self._cry, self._texts = language.coach, cry, {}
        self._done = False
        with closing(PromptNarrator(Pyttsx3Voice(), clip_store())) as coach:
            Runner(self.session, self.studio, coach, Nobody(), self._witness).run()

    def _witness(self, now, what):
        match what:
            case Say(say_id, text):
                self._texts[say_id] = text
            case ClipStarted(say_id):
                self.said.append((now, text := self._texts[say_id]))
                if text == self._lines.stop_test.count and self._cry is not None:
                    self.cried_at = now + 1.5
                    self.studio.speak(self._cry, self.cried_at)
                    self._cry = None
            case ClipFinished(say_id):
                self.ended.append(text := self._texts[say_id])
                if text == self._lines.ask_ready:
                    self.studio.post(Heard(Command.READY, source="key"))
            case Heard(source="voice"):
                self.heard.append((now, what))
        state, after = self.session.state, (State.BRIEFING, State.CHOOSING)
        if state in after and not self._done:
            self._done = True
            self.outcome, self.came_to = self.session.outcome, state
            self.studio.post(Heard(Command.STOP, source="key"))


@pytest.fixture(scope="module")
def cry():
    with closing(PromptNarrator(Pyttsx3Voice(PERSON), clip_store())) as person:
        return person.clip("it hurts", PERSON_RATE).samples


ECHOES = [0.0, *nightly(-10.0)]
"""Decibels of the coach's echo against the person: the loudest is the hardest."""


@pytest.mark.parametrize("echo", ECHOES)
def test_it_hurts_said_into_the_count_cuts_it_and_begins_the_routine(language, cry, echo):
    told = Performance(language, cry, echo)
    assert told.came_to is State.BRIEFING
    assert told.outcome is None
    assert [event.command for _, event in told.heard] == [Command.PAIN]
    count = language.coach.stop_test.count
    assert [text for _, text in told.said].count(count) == 1
    assert count not in told.ended
    praised = next(now for now, text in told.said if text == language.coach.stop_test.passed[0])
    samples = told.studio.played[: round(praised * SAMPLE_RATE) - SAMPLE_RATE // 50]
    silent = np.flatnonzero(samples)[-1] / SAMPLE_RATE
    assert told.cried_at < silent <= told.cried_at + len(cry) / SAMPLE_RATE + 0.7


@pytest.mark.nightly
@pytest.mark.parametrize("echo", ECHOES)
def test_where_nobody_answers_the_coach_does_not_prove_itself(language, echo):
    told = Performance(language, None, echo)
    assert told.came_to is State.CHOOSING
    assert told.outcome is None
    assert told.heard == []
    assert told.ended.count(language.coach.stop_test.count) == 2
