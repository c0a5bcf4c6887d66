"""PocketSphinx hears enough to begin without a network; real decoder, voices made on the spot."""

from __future__ import annotations

import numpy as np
import pytest
from spoken import room, say

from voice_coach.core.commands import URGENT, Command
from voice_coach.core.events import Heard
from voice_coach.core.ports import BLOCK, SAMPLE_RATE
from voice_coach.core.transitions import State, accepted
from voice_coach.hearing.listener import open_listener
from voice_coach.hearing.pocketsphinx_recogniser import PocketsphinxRecogniser
from voice_coach.hearing.recogniser import UNKNOWN, Result
from voice_coach.hearing.recognisers import Recognisers

pytestmark = pytest.mark.real_parts

COMMANDS = (
    *("next", "repeat", "pause", "continue", "stop", "it hurts", "ouch"),
    *("ready", "louder", "yes", "no", "back", "slower"),
)
VOICES = ("en-us", "en-gb", "en-us+f3")


@pytest.fixture
def recogniser():
    """Make a recogniser that listens for the commands."""
    recogniser = PocketsphinxRecogniser()
    recogniser.listen_for(COMMANDS)
    return recogniser


def hear(recogniser, *sounds, block=BLOCK):
    """Give the recogniser the sounds one after the other; tell its results and when they came."""
    samples = np.concatenate(sounds)
    starts = range(0, len(samples), block)
    results = [(start, recogniser.accept(samples[start : start + block])) for start in starts]
    return [((start + block) / SAMPLE_RATE, result) for start, result in results if result]


def test_most_commands_are_heard_while_or_soon_after_they_are_spoken(recogniser):
    heard = 0
    for voice in VOICES:
        for phrase in COMMANDS:
            spoken = say(phrase, voice)
            end = 0.5 + len(spoken) / SAMPLE_RATE
            results = hear(recogniser, room(0.5), spoken, room(0.8))
            heard += any(result.text == phrase and at < end + 0.8 for at, result in results)
            recogniser.forget()
    assert heard >= 0.8 * len(VOICES) * len(COMMANDS)


@pytest.mark.parametrize("phrase", ["stop", "ouch", "pause", "continue"])
def test_a_command_is_heard_for_good_soon_after_its_end(recogniser, phrase):
    spoken = say(phrase)
    results = hear(recogniser, room(0.5), spoken, room(1.5))
    at, result = results[-1]
    assert result == Result(phrase, final=True)
    assert at < 0.5 + len(spoken) / SAMPLE_RATE + 0.8


@pytest.mark.parametrize(
    "words", ["The weather is lovely this morning", "Lie face down and rest your arms"]
)
def test_talk_is_heard_as_unknown(recogniser, words):
    results = hear(recogniser, room(0.5), say(words), room(1.5))
    assert {result.text for _, result in results if result.final} == {UNKNOWN}


def test_an_empty_room_gives_nothing(recogniser):
    assert hear(recogniser, room(5)) == []


def test_the_size_of_the_blocks_does_not_matter(recogniser):
    sounds = room(0.5), say("stop"), room(1.5)
    last = [hear(recogniser, *sounds, block=block)[-1][1] for block in (160, 320, 4000)]
    assert last == [Result("stop", final=True)] * 3


def test_a_phrase_that_is_no_longer_listened_for_is_unknown(recogniser):
    recogniser.listen_for(["pause"])
    results = hear(recogniser, room(0.5), say("continue"), room(1.5))
    assert not any("continue" in result.text for _, result in results)


def test_what_was_said_before_forgetting_is_in_no_later_result(recogniser):
    hear(recogniser, room(0.5), say("stop"))
    recogniser.forget()
    assert hear(recogniser, room(1.5)) == []


@pytest.fixture(scope="module")
def recognisers():
    """Make what the coach hears with where the speech model is missing."""
    return Recognisers(PocketsphinxRecogniser(), PocketsphinxRecogniser())


def heard_by_the_coach(language, recognisers, words):
    listener = open_listener(language, recognisers)
    listener.listen(accepted(State.WAITING))
    sound = np.concatenate((room(1.0), say(words), room(2.0)))
    events = [
        event
        for start in range(0, len(sound) - BLOCK + 1, BLOCK)
        for event in listener.hear(sound[start : start + BLOCK], np.zeros(BLOCK, np.float32))
    ]
    return [(event.command, event.tier) for event in events if isinstance(event, Heard)]


def test_it_hurts_is_asked_about_where_the_speech_model_is_missing(language, recognisers):
    """The whole chain with this recogniser, whose every filler may be among the phrases."""
    assert heard_by_the_coach(language, recognisers, "it hurts") == [(Command.PAIN, "possible")]


def test_a_word_like_stop_never_ends_a_routine_where_the_speech_model_is_missing(
    language, recognisers
):
    """Without likelihoods nothing tells "shop" from "stop", so it is asked about at most."""
    heard = heard_by_the_coach(language, recognisers, "shop")
    assert not [command for command, tier in heard if command in URGENT and tier == "confirmed"]
