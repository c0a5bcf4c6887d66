"""Teaching the coach one's voice: every phrase ten times, and what follows from it."""

from __future__ import annotations

import math
from contextlib import closing

import numpy as np
import pytest
from live_program import Program
from trials.virtual_sound_card import VirtualSoundCard
from typer.testing import CliRunner

from voice_coach import cli
from voice_coach.audio.mixer import Mixer
from voice_coach.audio.studio import Room, Studio
from voice_coach.catalogue import read_language
from voice_coach.core.commands import Command
from voice_coach.core.events import CandidateScored, Fault, Heard, TimeReached
from voice_coach.core.ports import BLOCK, SAMPLE_RATE
from voice_coach.core.transitions import State, accepted
from voice_coach.enrolment import SAYINGS, Learned, learn, usual_phrases
from voice_coach.errors import CoachError
from voice_coach.hearing.decision import shipped_rules
from voice_coach.hearing.listener import open_listener
from voice_coach.hearing.own_voice import NAME, OwnVoice, save
from voice_coach.hearing.recognisers import open_recognisers
from voice_coach.history import store
from voice_coach.speech.clips import clip_store
from voice_coach.speech.narrator import PromptNarrator
from voice_coach.speech.pyttsx3_voice import Pyttsx3Voice

NEVER = -math.inf
CARD = shipped_rules().urgent


class Scripted:
    """A stage on which each request is answered by the next of these events, 1 s later."""

    def __init__(self, *answers):
        self.answers = [*answers]
        self.commands = None
        self.now = 0.0

    def listen(self, commands):
        self.commands = commands

    def wait(self, deadline):
        answer = self.answers.pop(0) if self.answers and deadline > self.now else None
        self.now = self.now + 1 if answer else max(self.now, deadline)
        return answer or TimeReached(), self.now


def scored(phrase, excess=0.0):
    """Give a candidate with such a score above the threshold of pain and stop."""
    features = dict.fromkeys((*CARD.weights, *shipped_rules().order.weights), 0.0)
    lacking = CARD.confirmed + excess - CARD.bias
    features |= {"settled_llr": lacking / CARD.weights["settled_llr"].weight, "other_speech": 3.0}
    return CandidateScored(phrase, "rejected", 0.0, tuple(features.items()))


def said(phrase, excess=0.0):
    """Give what the hearing tells of one saying, then nothing more."""
    return [scored(phrase, excess), None]


def learned(stage, language, *phrases):
    told = []
    return [*learn(stage, language, phrases, told.append)], told


def test_each_phrase_is_asked_for_ten_times_and_its_best_score_counts(language):
    answers = [scored("stop", -3), *said("stop", 1), *said("stop", -1) * (SAYINGS - 1)]
    (stop,), told = learned(Scripted(*answers), language, "stop")
    assert stop.excesses == pytest.approx((1, *[-1] * (SAYINGS - 1)))
    assert (stop.heard, stop.heard_from_now_on, stop.gain) == (1, SAYINGS, 1)
    assert told == [f'{n} of 10. Say: "stop"' for n in range(1, 11)]


def test_what_was_heard_as_something_else_was_not_found(language):
    (stop,), _ = learned(Scripted(*said("ouch", 5.0) * SAYINGS), language, "stop")
    assert stop == Learned("stop", (NEVER,) * SAYINGS)
    assert stop.gain == 0


def test_a_phrase_competes_with_what_else_can_be_said_then(language):
    stage = Scripted(*said("continue", 3.0) * SAYINGS)
    learned(stage, language, "continue")
    assert {Command.CONTINUE, Command.PAIN} <= stage.commands


def test_silence_is_asked_again_and_in_the_end_told(language):
    stage = Scripted(None, *said("stop", 3.0) * SAYINGS)
    (stop,), told = learned(stage, language, "stop")
    assert stop.heard == SAYINGS
    assert told[:2] == ['1 of 10. Say: "stop"'] * 2
    with pytest.raises(CoachError, match="Nobody was heard: try the microphone"):
        learned(Scripted(), language, "stop")


def test_a_lost_microphone_and_a_phrase_without_meaning_are_told(language):
    with pytest.raises(CoachError, match="unplugged"):
        learned(Scripted(Fault("hearing", "It was unplugged.")), language, "stop")
    with pytest.raises(CoachError, match='"banana" means nothing'):
        learned(Scripted(), language, "banana")


def test_all_usual_phrases_can_be_said(language):
    for words in (language, read_language("es")):
        stage = Scripted(*said("") * 100)
        found, _ = learned(stage, words, *usual_phrases(words))
        assert len(found) == len({each.phrase for each in found}) == 7


def test_what_was_learned_can_be_forgotten():
    path = save(store.FILE.parent, OwnVoice("en", {"stop": 1.0}))
    result = CliRunner().invoke(cli.app, ["voice", "--forget"])
    assert result.exit_code == 0
    assert not path.exists()
    assert "as it hears anybody" in result.stdout


def heard_as(language, recognisers, clip, rules):
    """Give the tier of what is heard in a quiet room; None if nothing is."""
    listener = open_listener(language, recognisers, rules)
    listener.listen(accepted(State.HOLDING))
    silence = np.zeros(SAMPLE_RATE, np.float32)
    samples = np.concatenate((silence, clip.samples, silence, silence))
    for at in range(0, len(samples) - BLOCK, BLOCK):
        for event in listener.hear(samples[at : at + BLOCK], silence[:BLOCK]):
            if isinstance(event, Heard):
                return event.tier
    return None


@pytest.fixture(scope="module")
def recognisers(language):
    return open_recognisers(language)


@pytest.mark.nightly
@pytest.mark.real_parts
def test_an_accent_that_was_only_asked_about_is_obeyed_once_it_was_learned(language, recognisers):
    """The Scottish voice of eSpeak rolls the r of "this hurts"."""
    studio = Studio(Mixer(), open_listener(language, recognisers), Room())
    with closing(PromptNarrator(Pyttsx3Voice("en-gb-scotland+f5"), clip_store())) as person:
        rates = iter([125, 130, 135, 140, 145] * 2)

        def tell(_):
            studio.speak(person.clip("this hurts", next(rates)).samples, studio.wait(0.0)[1] + 0.5)

        (found,) = learn(studio, language, ["this hurts"], tell)
        assert found.heard < found.heard_from_now_on >= 8
        rules = OwnVoice("en", {found.phrase: found.gain}).applied_to(shipped_rules())
        before, after = (
            [heard_as(language, recognisers, person.clip("this hurts", rate), which)
             for rate in (127, 132, 137, 142)]
            for which in (None, rules)
        )  # fmt: skip
    assert after.count("confirmed") > before.count("confirmed")


@pytest.fixture
def card():
    with VirtualSoundCard() as card:
        yield card


@pytest.mark.nightly
@pytest.mark.sound_card
def test_who_says_stop_ten_times_is_told_how_well_it_was_heard(card, tmp_path):
    with closing(PromptNarrator(Pyttsx3Voice("en-us+f2"), clip_store())) as narrator:
        stop = narrator.clip("stop", 140).samples
    with Program(card, tmp_path, "voice", "stop") as program:
        for number in range(1, SAYINGS + 1):
            program.until(f"{number} of {SAYINGS}.")
            card.say(stop).wait()
        told, code = program.end()
    assert code == 0, told
    assert '"stop": 10 of 10 would have been obeyed.' in told
    assert (tmp_path / "voice-coach" / NAME).exists()
