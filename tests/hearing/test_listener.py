"""What the ear makes of a block: what it is given, what it finds, and whose words they are."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from voice_coach.catalogue import read_language
from voice_coach.core.commands import Command
from voice_coach.core.events import Heard, Noticed
from voice_coach.hearing.listener import FALL, JUMP, OWN_AFTER, Listener
from voice_coach.hearing.recogniser import Guess, Result
from voice_coach.hearing.vad import VadScore

BLOCK = np.full(320, 0.01, np.float32)
SILENCE = np.zeros(320, np.float32)
QUIET = VadScore(0.0, 0.0, -60.0)
BREATH = VadScore(12.0, 0.0, -30.0)
VOICE = VadScore(12.0, 12.0, -30.0)
LANGUAGE = read_language()


class Script:
    """A recogniser that gives the results it was told to, one a block, and always these guesses."""

    name = "script"

    def __init__(self, *results, small=(), full=()):
        self.results = list(results)
        self.guesses = {False: list(small), True: list(full)}
        self.phrases = []
        self.samples = np.zeros(0, np.float32)

    def listen_for(self, phrases):
        self.phrases = list(phrases)

    def forget(self):
        pass

    def accept(self, samples):
        self.samples = samples
        return self.results.pop(0) if self.results else None

    def weigh(self, samples, phrases):
        return self.guesses["plain" in phrases]


class Muffled(Script):
    """One to whom words are only clear in a sound that was made louder and brighter."""

    def weigh(self, samples, phrases):
        return super().weigh(samples, phrases) if np.max(samples) > 2 * BLOCK[0] else [Guess("", 9)]


class Half:
    """A canceller that takes half of the far end out of the microphone."""

    reconverging = False
    patched = None

    def process(self, microphone, far_end):
        return SimpleNamespace(
            samples=microphone - far_end / 2,
            echo=np.zeros(1),
            erle=0.0,
            reconverging=self.reconverging,
            patched=self.patched,
        )


class Detector:
    """A near-end detector that was told for how many blocks there is a voice."""

    def __init__(self, blocks, sound=VOICE):
        self.left = blocks
        self.sound = sound

    def judge(self, measures):
        self.left -= 1
        return self.sound if self.left >= 0 else QUIET


def hear(person, *, coach=None, voice=20, sound=VOICE, blocks=80, far=SILENCE, commands=None):
    """Let the ear hear: a voice for some blocks, or another sound, and then silence."""
    listener = Listener(person, coach or Script(), Half(), Detector(voice, sound), LANGUAGE)
    listener.listen(set(Command) if commands is None else commands)
    return [event for _ in range(blocks) for event in listener.hear(BLOCK, far)]


def commands(events):
    return [(e.command, e.phrase, e.tier) for e in events if isinstance(e, Heard)]


@pytest.mark.parametrize("phrase", ["it hurts", "that hurts", "ouch", "pain"])
def test_pain_that_both_grammars_hear_is_certain(phrase):
    agreed = [Guess(phrase, 80.0)], [Guess(phrase, 77.0)]
    heard = hear(Script(Result(phrase, final=False), small=agreed[0], full=agreed[1]))
    assert commands(heard) == [(Command.PAIN, phrase, "confirmed")]


def test_pain_silences_the_coach_with_the_block_it_was_heard_in():
    hoarse = replace(VOICE, voice=7.0)
    heard = hear(Script(None, Result("ouch", final=False)), sound=hoarse, blocks=2)
    assert heard == [Noticed("duck"), Noticed("hush")]


def test_an_order_that_is_heard_only_from_a_mouth_that_is_free_is_obeyed():
    """A face in a mat takes the high tones away; what is heard anew is also heard with them."""
    heard = hear(Muffled(small=[Guess("quieter", 90.0)], full=[Guess("quieter", 90.0)]))
    assert commands(heard) == [(Command.SOFTER, "quieter", "confirmed")]


def test_a_cry_that_nothing_else_explains_is_not_heard_brightened_too():
    """That takes as long again, while the person waits for the end."""
    loudest = []

    class Quick(Script):
        def weigh(self, samples, phrases):
            loudest.append(np.max(samples))
            return super().weigh(samples, phrases)

    clear = [Guess("it hurts", 80.0)]
    heard = hear(Quick(Result("it hurts", final=False), small=clear, full=clear))
    assert commands(heard) == [(Command.PAIN, "it hurts", "confirmed")]
    assert max(loudest) <= np.max(BLOCK)


def test_where_there_is_no_cry_nothing_is_asked_what_else_it_was():
    """That takes longest, and a slow computer falls behind."""
    asked = []

    class Asked(Script):
        def weigh(self, samples, phrases):
            asked.append("plain" in phrases)
            return super().weigh(samples, phrases)

    unclear = [Guess("", 80.0)]
    heard = hear(Asked(Result("it hurts", final=False), small=unclear), commands={Command.PAIN})
    assert commands(heard) == []
    assert asked
    assert not any(asked)


def test_pain_that_the_full_grammar_takes_for_something_like_it_is_a_question():
    guesses = [Guess("pain", 80.0)], [Guess("plain", 80.0), Guess("pain", 74.0)]
    heard = hear(Script(Result("pain", final=False), small=guesses[0], full=guesses[1]))
    assert commands(heard) == [(Command.PAIN, "pain", "possible")]


def test_pain_that_the_full_grammar_takes_for_quite_another_thing_is_nothing():
    guesses = [Guess("stop", 80.0)], [Guess("the shop is", 95.0)]
    heard = hear(Script(Result("stop", final=False), small=guesses[0], full=guesses[1]))
    assert commands(heard) == []


def test_half_a_pain_phrase_is_no_pain():
    heard = hear(Script(Result("it", final=False), Result("hurts", final=True)), voice=0)
    assert heard == []


def test_please_stop_is_a_stop_and_a_sentence_with_stop_in_it_is_none():
    for text, meant in (("please stop", True), ("we will stop on the way", False)):
        guesses = [Guess("[unk] stop", 80.0)], [Guess(text, 90.0)]
        heard = hear(Script(Result("stop", final=False), small=guesses[0], full=guesses[1]))
        assert bool(commands(heard)) is meant, text


def test_an_order_is_obeyed_once_it_is_all_that_was_said():
    same = [Guess("next", 50.0)]
    assert commands(hear(Script(small=same, full=same))) == [(Command.NEXT, "next", "confirmed")]


def test_an_order_inside_other_words_does_nothing():
    heard = hear(Script(small=[Guess("next pause", 50.0)], full=[Guess("the next pause", 60.0)]))
    assert commands(heard) == []


def test_an_order_that_the_full_grammar_takes_for_something_else_does_nothing():
    heard = hear(Script(small=[Guess("next", 50.0)], full=[Guess("text", 51.0), Guess("next", 47)]))
    assert commands(heard) == []


def test_breath_before_an_order_does_not_spoil_it():
    guesses = [Guess("[unk] next", 50.0)]
    assert commands(hear(Script(small=guesses, full=guesses)))[0][0] is Command.NEXT


def test_a_routine_is_chosen_by_its_name_or_its_number():
    chosen = []
    for phrase in ("leg over leg", "number one"):
        guesses = [Guess(phrase, 50.0)]
        chosen += [
            e.choice for e in hear(Script(small=guesses, full=guesses)) if isinstance(e, Heard)
        ]
    assert chosen == ["leg-over-leg", LANGUAGE.routines[0].id]


def test_the_recognisers_stream_nothing_but_pain_and_stop():
    person, coach = Script(), Script()
    hear(person, coach=coach, commands={Command.PAIN, Command.READY})
    for recogniser in (person, coach):
        assert set(recogniser.phrases) == {"it hurts", "that hurts", "ouch", "pain"}


def test_the_recogniser_hears_what_the_canceller_leaves():
    person = Script()
    hear(person, blocks=1, far=BLOCK)
    assert person.samples == pytest.approx(BLOCK / 2)


def test_pain_in_the_coachs_own_words_is_not_the_persons():
    """The coach teaches "it hurts"; the microphone brings it back a little later."""
    agreed = [Guess("it hurts", 80.0)]
    own = Script(Result("say it hurts", final=False))
    echoed = [None] * 10 + [Result("it hurts", final=False)]
    heard = hear(Script(*echoed, small=agreed, full=agreed), coach=own, voice=0, far=BLOCK)
    assert heard == []


def test_pain_is_heard_again_soon_after_the_coach_has_taught_the_word():
    agreed = [Guess("it hurts", 80.0)]
    own = Script(Result("say it hurts", final=False))
    later = [None] * round((OWN_AFTER + 0.1) / 0.02) + [Result("it hurts", final=False)]
    heard = hear(
        Script(*later, small=agreed, full=agreed),
        coach=own,
        voice=80,
        far=BLOCK,
        blocks=140,
    )
    assert commands(heard) == [(Command.PAIN, "it hurts", "confirmed")]


def test_another_word_of_pain_is_heard_even_while_the_coach_teaches_one():
    agreed = [Guess("ouch", 80.0)]
    own = Script(Result("say it hurts", final=False))
    heard = hear(
        Script(None, Result("ouch", final=False), small=agreed, full=agreed), coach=own, far=BLOCK
    )
    assert commands(heard) == [(Command.PAIN, "ouch", "confirmed")]


class Attentive(Script):
    """One that remembers what it was to hear anew."""

    def __init__(self):
        super().__init__()
        self.weighed = []

    def weigh(self, samples, phrases):
        self.weighed.append(samples)
        return super().weigh(samples, phrases)


def test_what_sounded_until_a_jump_of_the_echo_was_found_is_the_coach_and_is_not_heard_anew():
    person = Attentive()
    canceller = Half()
    listener = Listener(person, Script(), canceller, Detector(60), LANGUAGE)
    listener.listen(set(Command))
    for number in range(80):
        canceller.reconverging = number >= 50
        listener.hear(BLOCK, SILENCE)
    weighed = person.weighed[0].reshape(-1, len(BLOCK))
    silent = [not np.any(block) for block in weighed]
    assert sum(silent) == round(JUMP / 0.02)
    first = silent.index(True)
    assert all(silent[first : first + sum(silent)])
    assert not silent[0]
    assert not silent[-1]


def test_what_was_heard_before_a_jump_was_found_is_heard_anew_as_it_should_have_been():
    person = Attentive()
    canceller = Half()
    listener = Listener(person, Script(), canceller, Detector(60), LANGUAGE)
    listener.listen(set(Command))
    patched = np.full(3 * len(BLOCK), 0.25, np.float32)
    for number in range(80):
        canceller.reconverging = number >= 50
        canceller.patched = patched if number == 50 else None
        listener.hear(BLOCK, SILENCE)
    weighed = person.weighed[0].reshape(-1, len(BLOCK))
    known = [bool(np.all(block == 0.25)) for block in weighed]
    assert sum(known) == 3
    assert all(known[known.index(True) :][:3])
    assert all(np.any(block) for block in weighed)


def test_a_silent_loudspeaker_costs_no_hearing():
    coach = Script()
    hear(Script(), coach=coach)
    assert not len(coach.samples)


def test_results_carry_their_margins():
    agreed = [Guess("ouch", 80.0)]
    listener = Listener(
        Script(Result("ouch", final=False), small=agreed, full=agreed),
        Script(),
        Half(),
        Detector(20),
        LANGUAGE,
    )
    listener.listen({Command.PAIN})
    signs = [sign for _ in range(80) for sign in listener.signs(BLOCK, SILENCE)]
    assert {sign.kind: set(sign.scores) for sign in signs} == {
        "hush": {"sound", "voice"},
        "command": {"margin"},
    }


def metered(*parts):
    """Give the level after each part: a microphone and a far end, for so many blocks."""
    listener = Listener(Script(), Script(), Half(), Detector(0), LANGUAGE)
    levels = [listener.level]
    for microphone, far, blocks in parts:
        for _ in range(blocks):
            listener.hear(microphone, far)
        levels.append(listener.level)
    return levels


def test_the_meter_shows_the_person_at_once_and_falls_calmly():
    before, loud, later = metered((BLOCK, SILENCE, 1), (SILENCE, SILENCE, 50))
    assert before is None
    assert loud == pytest.approx(-40, abs=0.1)
    assert later == pytest.approx(-40 - FALL, abs=0.1)


def test_the_meter_does_not_show_the_coachs_own_voice():
    _, coach = metered((BLOCK / 2, BLOCK, 1))
    assert coach == pytest.approx(-100, abs=0.1)
