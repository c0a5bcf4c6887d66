"""What a candidate's sound holds, decoded again through two grammars."""

from __future__ import annotations

import math
from types import SimpleNamespace

import numpy as np
import pytest

from voice_coach.catalogue import read_language
from voice_coach.core.ports import SAMPLE_RATE
from voice_coach.core.transitions import State, accepted
from voice_coach.hearing.grammar import grammar
from voice_coach.hearing.recogniser import Hypothesis
from voice_coach.hearing.second_pass import (
    SecondPassRequest,
    is_cry,
    is_whole,
    llr,
    preemphasised,
    run_second_pass,
)

GRAMMAR = grammar(read_language(), accepted(State.HOLDING))
SOUND = np.full(SAMPLE_RATE, 0.01, np.float32)


class Decoder:
    """Gives hypotheses for each grammar, and remembers what it was asked."""

    def __init__(self, urgent=(), small=(), full=(), transcript="some words"):
        self.hypotheses = {GRAMMAR.urgent: urgent, GRAMMAR.small: small, GRAMMAR.full: full}
        self.asked = []
        self.transcript = transcript
        self.transcribed = 0

    def transcribe(self, samples):
        self.transcribed += 1
        return self.transcript

    def decode(self, samples, phrases):
        self.asked.append((len(samples), phrases))
        return list(self.hypotheses[tuple(phrases)])


def run(decoder, *, endpoint=False, seconds=1.0, may_be_urgent=True, excluded=()):
    candidate = SimpleNamespace(
        endpoint=endpoint,
        may_be_urgent=may_be_urgent,
        may_be_wordless=endpoint and may_be_urgent,
    )
    sound = np.full(round(seconds * SAMPLE_RATE), 0.01, np.float32)
    return run_second_pass(
        decoder, SecondPassRequest(candidate, sound, GRAMMAR, frozenset(excluded))
    )


def holds(word):
    return lambda text: word in text.split()


def test_the_llr_is_how_much_likelier_the_phrase_is_than_all_else():
    full = [Hypothesis("stop", 78.0), Hypothesis("shop", 80.0)]
    assert llr([Hypothesis("stop", 81.0)], full, holds("stop"), 3.0) == -2.0


def test_a_phrase_that_the_full_grammar_does_not_keep_is_judged_by_the_small_one():
    """Whose likelihood is higher by the logarithm of the two grammars' sizes."""
    assert llr([Hypothesis("stop", 81.0)], [Hypothesis("shop", 80.0)], holds("stop"), 3.0) == -2.0


def test_an_llr_stays_within_its_bounds():
    same = [Hypothesis("stop", 80.0)]
    assert llr(same, same, holds("stop"), 3.0) == 5.0
    assert llr([], same, holds("stop"), 3.0) == -20.0
    assert llr(same, [Hypothesis("a", 500.0)], holds("stop"), 3.0) == -20.0


def test_the_two_grammars_sizes_are_counted_and_not_guessed():
    expected = math.log((len(GRAMMAR.full) + 1) / (len(GRAMMAR.urgent) + 1))
    assert GRAMMAR.log_size_ratio(len(GRAMMAR.urgent)) == pytest.approx(expected)
    narrow = GRAMMAR.log_size_ratio(len(GRAMMAR.small))
    assert 0 < narrow < expected


def test_of_the_urgent_phrases_the_likeliest_is_found():
    both = [Hypothesis("ouch", 70.0), Hypothesis("stop", 80.0)]
    found = run(Decoder(both, full=both)).urgent
    assert (found.phrase, found.best) == ("stop", 5.0)


def test_what_the_coach_has_just_said_is_not_looked_for():
    said = [Hypothesis("stop", 80.0)]
    assert run(Decoder(said, full=said), excluded=["stop"]).urgent.phrase == ""


def test_where_there_is_no_phrase_the_full_grammar_is_not_asked():
    decoder = Decoder([Hypothesis("", 80.0)])
    assert run(decoder).urgent.phrase == ""
    assert GRAMMAR.full not in [phrases for _, phrases in decoder.asked]


def test_a_phrase_that_cannot_be_likelier_is_not_decoded_again():
    clear = [Hypothesis("stop", 80.0)]
    decoder = Decoder(clear, full=clear)
    found = run(decoder).urgent
    assert len(decoder.asked) == 2
    assert (found.plain, found.preemphasised) == (5.0, 5.0)


def test_orders_are_looked_for_only_once_the_utterance_has_ended():
    said = [Hypothesis("next", 80.0)]
    assert run(Decoder(small=said, full=said)).order.phrase == ""
    assert run(Decoder(small=said, full=said), endpoint=True).order.phrase == "next"


def test_a_long_sound_is_searched_for_pain_at_its_end_and_for_orders_as_a_whole():
    decoder = Decoder()
    run(decoder, endpoint=True, seconds=3.0)
    assert {(size, phrases) for size, phrases in decoder.asked} == {
        (round(2.6 * SAMPLE_RATE), GRAMMAR.urgent),
        (3 * SAMPLE_RATE, GRAMMAR.small),
        (3 * SAMPLE_RATE, GRAMMAR.full),
    }
    decoder = Decoder()
    run(decoder, endpoint=True, seconds=3.0, may_be_urgent=False)
    assert {phrases for _, phrases in decoder.asked} == {GRAMMAR.small, GRAMMAR.full}


def test_a_recogniser_without_likelihoods_is_known_for_it():
    said = [Hypothesis("stop", None)]
    assert not run(Decoder(said, full=said)).scored
    said = [Hypothesis("stop", 80.0)]
    assert run(Decoder(said, full=said)).scored


def test_pre_emphasis_makes_the_sound_louder_and_the_high_tones_more_so():
    time = np.arange(SAMPLE_RATE) / SAMPLE_RATE

    def gain(frequency):
        tone = np.sin(2 * np.pi * frequency * time).astype(np.float32)
        return 20 * np.log10(np.std(preemphasised(tone)) / np.std(tone))

    assert gain(200) == pytest.approx(12.0, abs=0.1)
    assert gain(2400) - gain(1200) == pytest.approx(2.0, abs=0.1)


def test_a_cry_may_have_a_few_words_beside_it_and_no_sentence():
    assert is_cry("stop", "please stop")
    assert is_cry("it hurts", "it hurts it hurts")
    assert not is_cry("stop", "we will stop on the way")
    assert not is_cry("it hurts", "it")


def test_an_order_is_all_that_was_said_but_for_one_filler_word():
    assert is_whole(GRAMMAR, "next", "next")
    assert is_whole(GRAMMAR, "next", "[unk] next")
    assert not is_whole(GRAMMAR, "next", "next pause")
    assert not is_whole(GRAMMAR, "next", "the next exit")


def test_denied_pain_is_no_pain_however_well_the_word_is_heard():
    full = [Hypothesis("no pain", 90.0), Hypothesis("pain", 86.0)]
    result = run(Decoder(urgent=[Hypothesis("pain", 92.0)], full=full), endpoint=True)
    assert result.harmless
    assert not result.urgent.phrase


def test_pain_that_is_nearly_as_likely_as_small_talk_is_believed():
    full = [Hypothesis("hello", 90.0), Hypothesis("ouch", 89.0)]
    result = run(Decoder(urgent=[Hypothesis("ouch", 92.0)], full=full))
    assert not result.harmless
    assert result.urgent.phrase == "ouch"


def test_small_talk_is_no_order():
    full = [Hypothesis("thank you", 90.0), Hypothesis("next", 80.0)]
    result = run(Decoder(small=[Hypothesis("next", 92.0)], full=full), endpoint=True)
    assert result.harmless
    assert not result.order.phrase


@pytest.mark.parametrize(("lead", "believed"), [(3.0, True), (5.0, False)])
def test_an_order_that_is_much_likelier_is_no_cry(lead, believed):
    """There is a "stop" in "speak up"."""
    full = [Hypothesis("hold on", 90.0), Hypothesis("ow", 90.0 - lead)]
    said = [Hypothesis("hold on", 92.0)]
    result = run(Decoder([Hypothesis("ow", 91.0)], said, full), endpoint=True)
    assert result.order.phrase == "hold on"
    assert bool(result.urgent.phrase) is believed


@pytest.mark.parametrize(
    ("transcript", "wordless"),
    [("", True), ("oh", True), ("ah oh", True), ("heart", False), ("ah me", False), (None, False)],
)
def test_a_voice_in_which_no_word_is_found_of_all_there_are_is_wordless(transcript, wordless):
    assert run(Decoder(transcript=transcript), endpoint=True).wordless is wordless


def test_words_are_only_looked_for_where_an_utterance_has_ended_and_nothing_explains_it():
    clear = [Hypothesis("stop", 80.0)]
    for decoder, asked in (
        (Decoder(), {"endpoint": False}),
        (Decoder(), {"endpoint": True, "may_be_urgent": False}),
        (Decoder(urgent=clear, full=clear), {"endpoint": True}),
        (Decoder(full=[Hypothesis("hello", 80.0)]), {"endpoint": True}),
    ):
        run(decoder, **asked)
        assert decoder.transcribed == 0
