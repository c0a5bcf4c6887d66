"""Where utterances begin and end, and what was said before them."""

from __future__ import annotations

import math
from dataclasses import replace
from types import SimpleNamespace

import pytest
from hearing.listening_room import BLOCK, BREATHING, QUIET, VOICE

from voice_coach.hearing.endpointer import Endpointer, FrameFeatures, PersonLevel
from voice_coach.hearing.vad import VadScore


class Stream:
    """An endpointer, and every state it was in."""

    def __init__(self):
        self.endpointer = Endpointer()
        self.states = []

    def last(self, seconds, features):
        for _ in range(round(seconds / BLOCK)):
            now = (len(self.states) + 1) * BLOCK
            self.states.append(self.endpointer.step(now, features))
        return self.states[-1]

    def ends(self):
        return [round(state.now, 2) for state in self.states if state.ended]


def test_an_utterance_begins_with_speech_and_ends_once_after_three_tenths_of_silence():
    stream = Stream()
    stream.last(1.0, QUIET)
    speaking = stream.last(0.5, VOICE)
    assert speaking.speaking
    assert speaking.utterance.start == pytest.approx(1.02)
    assert speaking.utterance.voiced == pytest.approx(0.5)
    stream.last(2.0, QUIET)
    assert stream.ends() == [pytest.approx(1.8, abs=BLOCK)]
    assert not stream.states[-1].speaking


def test_a_short_gap_does_not_end_an_utterance():
    stream = Stream()
    for _ in range(3):
        stream.last(0.3, VOICE)
        stream.last(0.2, QUIET)
    assert stream.ends() == []
    assert stream.states[-1].utterance.start == pytest.approx(0.02)


def test_a_breath_is_a_sound_and_no_utterance():
    state = Stream().last(1.0, BREATHING)
    assert not state.speaking
    assert state.since_activity == 0
    assert math.isinf(state.since_speech)


def test_a_sound_without_speech_is_known_from_its_beginning_to_its_end():
    stream = Stream()
    stream.last(1.0, QUIET)
    stream.last(0.4, BREATHING)
    stream.last(1.0, QUIET)
    (over,) = (state for state in stream.states if state.activity_ended)
    assert (over.sound.start, over.sound.last) == pytest.approx((1.02, 1.4))
    assert over.sound.loudest == BREATHING.level
    assert not over.sound.voiced


def test_the_pause_before_an_utterance_is_known():
    stream = Stream()
    stream.last(0.5, VOICE)
    stream.last(2.0, QUIET)
    state = stream.last(0.5, VOICE)
    assert state.utterance.pause_before == pytest.approx(2.0, abs=2 * BLOCK)


def test_an_utterance_knows_its_loudest_block_and_the_level_it_keeps_up():
    stream = Stream()
    stream.last(0.5, VOICE)
    stream.last(0.1, replace(VOICE, level=-10.0))
    state = stream.last(0.2, VOICE)
    assert state.utterance.loudest == -10.0
    assert state.utterance.sustained == VOICE.level


def test_only_a_long_utterance_counts_as_talk_and_any_speech_as_speech():
    stream = Stream()
    assert stream.last(1.2, VOICE).background.talk == 0
    assert stream.last(1.2, VOICE).background.talk > 0.8
    assert stream.states[-1].background.speech > 1.8


def test_speech_is_forgotten_within_half_a_minute():
    stream = Stream()
    stream.last(4.0, VOICE)
    assert stream.last(30.0, QUIET).background.speech < 0.1


def test_the_background_level_is_that_of_the_louder_tenth_of_a_talk():
    stream = Stream()
    for _ in range(40):
        stream.last(0.06, VOICE)
        stream.last(0.24, replace(VOICE, level=-50.0))
    assert stream.states[-1].background.level == pytest.approx(VOICE.level, abs=3)


def test_what_was_said_to_the_coach_is_no_background_speech():
    stream = Stream()
    state = stream.last(1.0, VOICE)
    stream.endpointer.discount(state.utterance)
    assert stream.last(BLOCK, QUIET).background.speech < 0.1


def test_the_persons_level_is_learnt_and_until_then_nobody_is_fainter():
    person = PersonLevel()
    assert person.above(-90.0) == 0
    person.learn(-30.0)
    assert person.above(-50.0) == -20
    person.learn(-20.0)
    assert person.above(-27.0) == pytest.approx(0)


def test_a_block_is_what_vad_and_canceller_tell_of_it():
    frame = SimpleNamespace(reconverging=True, trusted=False)
    features = FrameFeatures.of(VadScore(5.1, 5.9, -40.0), frame, coach=True)
    assert features.is_active
    assert not features.is_speech
    assert (features.level, features.coach) == (-40.0, True)
    assert (features.reconverging, features.trusted) == (True, False)
