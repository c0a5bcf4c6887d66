"""What the ear makes of results: which words act at once, which wait, and which never act."""

import numpy as np
import pytest

from voice_coach.catalogue import read_language
from voice_coach.core.commands import Command
from voice_coach.hearing.listener import Listener
from voice_coach.hearing.recogniser import Result

BLOCK = np.zeros(320, np.float32)


class Script:
    """A recogniser that gives the results it was told to, one a block."""

    name = "script"

    def __init__(self, *results):
        self.results = list(results)
        self.phrases = []

    def listen_for(self, phrases):
        self.phrases = list(phrases)

    def forget(self):
        pass

    def accept(self, samples):
        return self.results.pop(0) if self.results else None


class Nothing:
    """A canceller for a silent loudspeaker."""

    def cancel(self, microphone, far_end):
        return microphone


def listening(alert, sure, canceller=None):
    """Make a listener that accepts every command."""
    listener = Listener(alert, sure, canceller or Nothing(), read_language())
    listener.listen(set(Command))
    return listener


def heard(*results):
    listener = listening(Script(*results), Script(*results))
    events = []
    for _ in results:
        events += listener.hear(BLOCK, BLOCK)
    return [(event.command, event.phrase) for event in events]


@pytest.mark.parametrize("phrase", ["it hurts", "that hurts", "ouch", "pain"])
def test_pain_acts_on_a_partial_result(phrase):
    assert heard(Result(phrase, final=False)) == [(Command.PAIN, phrase)]


def test_stop_acts_on_a_partial_result_in_the_middle_of_other_words():
    assert heard(Result("[unk] stop next", final=False)) == [(Command.STOP, "stop")]


def test_half_a_pain_phrase_is_no_pain():
    assert heard(Result("it", final=False), Result("hurts", final=True)) == []


def test_an_urgent_word_is_reported_once_for_each_time_it_was_said():
    results = [Result(text, final=False) for text in ("stop", "stop stop", "stop stop")]
    assert heard(*results, Result("stop stop", final=True)) == [(Command.STOP, "stop")] * 2


def test_the_same_word_in_a_new_utterance_is_reported_again():
    assert (
        heard(Result("ouch", final=True), Result("ouch", final=True))
        == [(Command.PAIN, "ouch")] * 2
    )


def test_an_ordinary_command_waits_until_the_result_is_final():
    assert heard(Result("next", final=False)) == []
    assert heard(Result("next", final=False), Result("next", final=True)) == [
        (Command.NEXT, "next")
    ]


def test_an_ordinary_command_inside_other_words_does_nothing():
    assert heard(Result("next pause", final=True)) == []


def test_breath_before_a_command_does_not_spoil_it():
    assert heard(Result("[unk] next", final=True)) == [(Command.NEXT, "next")]


def test_a_routine_is_chosen_by_its_name_or_its_number():
    language = read_language()
    results = Result("leg over leg", final=True), Result("number one", final=True)
    listener = listening(Script(), Script(*results))
    choices = [listener.hear(BLOCK, BLOCK)[0].choice for _ in range(2)]
    assert choices == ["leg-over-leg", language.routines[0].id]


def test_the_recogniser_is_given_only_what_is_accepted_now():
    alert, sure = Script(), Script()
    Listener(alert, sure, Nothing(), read_language()).listen({Command.PAIN, Command.READY})
    for recogniser in (alert, sure):
        assert "ready" in recogniser.phrases
        assert "it hurts" in recogniser.phrases
        assert "next" not in recogniser.phrases


def test_only_the_sure_recogniser_knows_decoys():
    alert, sure = Script(), Script()
    Listener(alert, sure, Nothing(), read_language()).listen({Command.PAIN})
    assert "paint" in sure.phrases
    assert "paint" not in alert.phrases


def test_what_only_the_alert_recogniser_heard_is_no_ordinary_command():
    listener = listening(Script(Result("next", final=True)), Script())
    assert listener.hear(BLOCK, BLOCK) == []


def test_the_recogniser_hears_what_the_canceller_leaves():
    class Half:
        def cancel(self, microphone, far_end):
            return microphone - far_end

    class Keeps(Script):
        def accept(self, samples):
            self.samples = samples

    alert, sure = Keeps(), Keeps()
    Listener(alert, sure, Half(), read_language()).hear(BLOCK + 0.5, BLOCK + 0.25)
    assert np.all(alert.samples == 0.25)
    assert np.all(sure.samples == 0.25)


def test_a_decoy_that_means_something_elsewhere_does_nothing():
    """A routine's number is a word of the coach's, too, once the routine is chosen."""
    listener = listening(Script(), Script(Result("two", final=True), Result("two", final=True)))
    assert len(listener.hear(BLOCK, BLOCK)) == 1
    listener.listen(set(Command) - {Command.CHOOSE})
    assert listener.hear(BLOCK, BLOCK) == []


def test_a_stop_that_is_heard_anew_after_a_change_of_grammar_is_the_same_stop():
    results = [Result(text, final=False) for text in ("stop", "", "stop")]
    assert heard(*results) == [(Command.STOP, "stop")]
