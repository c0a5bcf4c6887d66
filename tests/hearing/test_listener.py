"""The listener behind fake recognisers: what it finds, and whose words they are."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from types import SimpleNamespace

import numpy as np
import pytest

from voice_coach.catalogue import read_language
from voice_coach.core.commands import Command
from voice_coach.core.events import CandidateScored, Fault, Heard, Masked, Noticed
from voice_coach.hearing.front_end import FrontEnd
from voice_coach.hearing.listener import Listener
from voice_coach.hearing.recogniser import Hypothesis, Result
from voice_coach.hearing.second_pass import run_second_pass
from voice_coach.hearing.vad import VadScore
from voice_coach.hearing.worker import InlineWorker

BLOCK = np.full(320, 0.01, np.float32)
SILENCE = np.zeros(320, np.float32)
QUIET = VadScore(0.0, 0.0, -60.0)
BREATH = VadScore(12.0, 0.0, -30.0)
VOICE = VadScore(12.0, 12.0, -30.0)
LANGUAGE = read_language()


class Script:
    """A recogniser that gives the results it was told to, one a block, and the same hypotheses."""

    name = "script"

    def __init__(self, *results, small=(), full=()):
        self.results = list(results)
        self.hypotheses = {False: list(small), True: list(full)}
        self.phrases = []
        self.samples = np.zeros(0, np.float32)

    def listen_for(self, phrases):
        self.phrases = list(phrases)

    def forget(self):
        pass

    def accept(self, samples):
        self.samples = samples
        return self.results.pop(0) if self.results else None

    def decode(self, samples, phrases):
        return self.hypotheses["plain" in phrases]

    def transcribe(self, samples):
        return "some words"


class Muffled(Script):
    """One to whom words are only clear in a sound that was pre-emphasised."""

    def decode(self, samples, phrases):
        return (
            super().decode(samples, phrases)
            if np.max(samples) > 2 * BLOCK[0]
            else [Hypothesis("", 9)]
        )


class Half:
    """A canceller that takes half of the far end out of the microphone."""

    reconverging = False
    trusted = True
    patched = None

    def process(self, microphone, far_end):
        return SimpleNamespace(
            samples=microphone - far_end / 2,
            echo=np.zeros(1),
            erle=0.0,
            reconverging=self.reconverging,
            trusted=self.trusted,
            patched=self.patched,
        )


class Detector:
    """A near-end detector that was told for how many blocks there is a voice."""

    def __init__(self, blocks, sound=VOICE):
        self.left = blocks
        self.sound = sound

    def judge(self, frame, person):
        self.left -= 1
        return self.sound if self.left >= 0 else QUIET


def listener_of(person, coach, canceller, detector):
    """A listener whose second pass is known at once."""
    worker = InlineWorker(partial(run_second_pass, person), delay=0.0)
    return Listener(FrontEnd(person, coach, canceller, detector), worker, LANGUAGE)


def hear(person, *, coach=None, voice=20, sound=VOICE, blocks=80, far=SILENCE, commands=None):
    """Let the listener hear: a voice for some blocks, or another sound, and then silence."""
    listener = listener_of(person, coach or Script(), Half(), Detector(voice, sound))
    listener.listen(set(Command) if commands is None else commands)
    return [event for _ in range(blocks) for event in listener.hear(BLOCK, far)]


def commands(events):
    return [(e.command, e.phrase, e.tier) for e in events if isinstance(e, Heard)]


@pytest.mark.parametrize("phrase", ["it hurts", "that hurts", "ouch", "pain"])
def test_pain_that_both_grammars_hear_is_confirmed(phrase):
    agreed = [Hypothesis(phrase, 80.0)], [Hypothesis(phrase, 77.0)]
    heard = hear(Script(Result(phrase, final=False), small=agreed[0], full=agreed[1]))
    assert commands(heard) == [(Command.PAIN, phrase, "confirmed")]


def test_pain_silences_the_coach_with_the_block_it_was_heard_in():
    hoarse = replace(VOICE, speech=7.0)
    heard = hear(Script(None, Result("ouch", final=False)), sound=hoarse, blocks=2)
    assert heard == [Noticed("duck"), Noticed("hush")]


def test_an_order_that_is_heard_only_from_a_mouth_that_is_free_is_obeyed():
    """A face in a mat takes the high tones away; what is decoded again has them once."""
    heard = hear(Muffled(small=[Hypothesis("quieter", 90.0)], full=[Hypothesis("quieter", 90.0)]))
    assert commands(heard) == [(Command.SOFTER, "quieter", "confirmed")]


def test_a_cry_that_nothing_else_explains_is_not_decoded_pre_emphasised_too():
    """That takes as long again, while the person waits for the end."""
    loudest = []

    class Quick(Script):
        def decode(self, samples, phrases):
            loudest.append(np.max(samples))
            return super().decode(samples, phrases)

    clear = [Hypothesis("it hurts", 80.0)]
    heard = hear(Quick(Result("it hurts", final=False), small=clear, full=clear))
    assert commands(heard) == [(Command.PAIN, "it hurts", "confirmed")]
    assert max(loudest) <= np.max(BLOCK)


def test_where_there_is_no_cry_it_is_asked_once_what_else_it_was():
    """It may be small talk. That takes longest, so it is asked only at the end."""
    asked = []

    class Asked(Script):
        def decode(self, samples, phrases):
            asked.append("plain" in phrases)
            return super().decode(samples, phrases)

    unclear = [Hypothesis("", 80.0)]
    heard = hear(Asked(Result("it hurts", final=False), small=unclear), commands={Command.PAIN})
    assert commands(heard) == []
    assert len(asked) > 1
    assert asked.count(True) == 1


def test_pain_that_the_full_grammar_takes_for_something_like_it_is_a_question():
    hypotheses = [Hypothesis("pain", 80.0)], [Hypothesis("plain", 80.0), Hypothesis("pain", 74.0)]
    heard = hear(Script(Result("pain", final=False), small=hypotheses[0], full=hypotheses[1]))
    assert commands(heard) == [(Command.PAIN, "pain", "possible")]


def test_pain_that_the_full_grammar_takes_for_quite_another_thing_is_nothing():
    hypotheses = [Hypothesis("stop", 80.0)], [Hypothesis("the shop is", 95.0)]
    heard = hear(Script(Result("stop", final=False), small=hypotheses[0], full=hypotheses[1]))
    assert commands(heard) == []


def test_half_a_pain_phrase_is_no_pain():
    heard = hear(Script(Result("it", final=False), Result("hurts", final=True)), voice=0)
    assert heard == []


def test_please_stop_is_a_stop_and_a_sentence_with_stop_in_it_is_none():
    for text, meant in (("please stop", True), ("we will stop on the way", False)):
        hypotheses = [Hypothesis("[unk] stop", 80.0)], [Hypothesis(text, 90.0)]
        heard = hear(Script(Result("stop", final=False), small=hypotheses[0], full=hypotheses[1]))
        assert bool(commands(heard)) is meant, text


def test_an_order_is_obeyed_once_it_is_all_that_was_said():
    same = [Hypothesis("next", 50.0)]
    assert commands(hear(Script(small=same, full=same))) == [(Command.NEXT, "next", "confirmed")]


def test_an_order_inside_other_words_does_nothing():
    heard = hear(
        Script(small=[Hypothesis("next pause", 50.0)], full=[Hypothesis("the next pause", 60.0)])
    )
    assert commands(heard) == []


def test_an_order_that_the_full_grammar_takes_for_something_else_does_nothing():
    heard = hear(
        Script(
            small=[Hypothesis("next", 50.0)],
            full=[Hypothesis("text", 51.0), Hypothesis("next", 44)],
        )
    )
    assert commands(heard) == []


def test_breath_before_an_order_does_not_spoil_it():
    hypotheses = [Hypothesis("[unk] next", 50.0)]
    assert commands(hear(Script(small=hypotheses, full=hypotheses)))[0][0] is Command.NEXT


def test_a_routine_is_chosen_by_its_name_or_its_number():
    chosen = []
    for phrase in ("leg over leg", "number one"):
        hypotheses = [Hypothesis(phrase, 50.0)]
        chosen += [
            e.choice
            for e in hear(Script(small=hypotheses, full=hypotheses))
            if isinstance(e, Heard)
        ]
    assert chosen == ["leg-over-leg", LANGUAGE.routines[0].id]


def test_the_recognisers_stream_nothing_but_pain_and_stop():
    person, coach = Script(), Script()
    hear(person, coach=coach, commands={Command.PAIN, Command.READY})
    for recogniser in (person, coach):
        assert set(recogniser.phrases) == set(LANGUAGE.commands[Command.PAIN])


def test_the_recogniser_hears_what_the_canceller_leaves():
    person = Script()
    hear(person, blocks=1, far=BLOCK)
    assert person.samples == pytest.approx(BLOCK / 2)


def test_pain_in_the_coachs_own_words_is_not_the_persons():
    """The coach teaches "it hurts"; the microphone brings it back a little later."""
    agreed = [Hypothesis("it hurts", 80.0)]
    own = Script(Result("say it hurts", final=False))
    echoed = [None] * 10 + [Result("it hurts", final=False)]
    heard = hear(Script(*echoed, small=agreed, full=agreed), coach=own, voice=0, far=BLOCK)
    assert heard == []


class LateScript(Script):
    """One that shows its only phrase a quarter of a second after the sound, as recognisers do."""

    def accept(self, samples):
        self.samples = np.concatenate((self.samples, samples))
        late = len(self.samples) == 20 * len(samples)
        return Result("say it hurts", final=False) if late else None


def test_pain_that_ends_the_coachs_sentence_is_known_as_its_own():
    """Its recogniser would show the last words only in the next sentence."""
    agreed = [Hypothesis("it hurts", 80.0)]
    echoed = [None] * 24 + [Result("it hurts", final=False)]
    listener = listener_of(
        Script(*echoed, small=agreed, full=agreed), LateScript(), Half(), Detector(30)
    )
    listener.listen(set(Command))
    spoken = [listener.hear(BLOCK, BLOCK) for _ in range(10)]
    assert commands(event for events in spoken for event in events) == []
    after = [event for _ in range(30) for event in listener.hear(BLOCK, SILENCE)]
    assert [e for e in after if isinstance(e, CandidateScored) and e.phrase == "it hurts"] == []


def test_pain_is_heard_again_soon_after_the_coach_has_taught_the_word():
    agreed = [Hypothesis("it hurts", 80.0)]
    own = Script(Result("say it hurts", final=False))
    later = [None] * round((1.1) / 0.02) + [Result("it hurts", final=False)]
    heard = hear(
        Script(*later, small=agreed, full=agreed),
        coach=own,
        voice=80,
        far=BLOCK,
        blocks=140,
    )
    assert commands(heard) == [(Command.PAIN, "it hurts", "confirmed")]


def test_another_word_of_pain_is_heard_even_while_the_coach_teaches_one():
    agreed = [Hypothesis("ouch", 80.0)]
    own = Script(Result("say it hurts", final=False))
    heard = hear(
        Script(None, Result("ouch", final=False), small=agreed, full=agreed), coach=own, far=BLOCK
    )
    assert commands(heard) == [(Command.PAIN, "ouch", "confirmed")]


class Attentive(Script):
    """One that remembers what it was to decode again."""

    def __init__(self):
        super().__init__()
        self.decoded = []

    def decode(self, samples, phrases):
        self.decoded.append(samples)
        return super().decode(samples, phrases)


def test_what_sounded_until_a_jump_of_the_echo_was_found_is_the_coach_and_is_not_decoded_again():
    person = Attentive()
    canceller = Half()
    listener = listener_of(person, Script(), canceller, Detector(60))
    listener.listen(set(Command))
    for number in range(80):
        canceller.reconverging = number >= 50
        listener.hear(BLOCK, SILENCE)
    decoded = person.decoded[0].reshape(-1, len(BLOCK))
    silent = [not np.any(block) for block in decoded]
    assert sum(silent) == 10
    first = silent.index(True)
    assert all(silent[first : first + sum(silent)])
    assert not silent[0]
    assert not silent[-1]


def test_what_was_heard_before_a_jump_was_found_is_decoded_again_as_it_should_have_been():
    person = Attentive()
    canceller = Half()
    listener = listener_of(person, Script(), canceller, Detector(60))
    listener.listen(set(Command))
    patched = np.full(3 * len(BLOCK), 0.25, np.float32)
    for number in range(80):
        canceller.reconverging = number >= 50
        canceller.patched = patched if number == 50 else None
        listener.hear(BLOCK, SILENCE)
    decoded = person.decoded[0].reshape(-1, len(BLOCK))
    known = [bool(np.all(block == 0.25)) for block in decoded]
    assert sum(known) == 3
    assert all(known[known.index(True) :][:3])
    assert all(np.any(block) for block in decoded)


def test_a_silent_loudspeaker_costs_no_hearing():
    coach = Script()
    hear(Script(), coach=coach)
    assert not len(coach.samples)


def test_what_is_heard_carries_its_llr_and_what_it_was_decided_by():
    agreed = [Hypothesis("ouch", 80.0)]
    heard = hear(Script(Result("ouch", final=False), small=agreed, full=agreed))
    (command,) = [event for event in heard if isinstance(event, Heard)]
    assert command.llr == 5.0
    scored = [event for event in heard if isinstance(event, CandidateScored)][-1]
    assert (scored.phrase, scored.tier) == ("ouch", "confirmed")
    assert dict(scored.features)["plain_llr"] == 5.0


def metered(*parts):
    """Give the level after each part: a microphone and a far end, for so many blocks."""
    listener = listener_of(Script(), Script(), Half(), Detector(0))
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
    assert later == pytest.approx(-40 - 20 / 1.7, abs=0.1)


def test_the_meter_does_not_show_the_coachs_own_voice():
    _, coach = metered((BLOCK / 2, BLOCK, 1))
    assert coach == pytest.approx(-100, abs=0.1)


def in_noise(level, seconds):
    """What is told of a person who said "it hurts" at -30 dB, and of a noise of this level then."""
    clear = [Hypothesis("it hurts", 80.0)]
    person = Script(Result("it hurts", final=False), small=clear, full=clear)
    detector = Detector(20)
    listener = listener_of(person, Script(), Half(), detector)
    listener.listen(set(Command))
    for _ in range(80):
        listener.hear(BLOCK, SILENCE)
    detector.left, detector.sound = round(seconds * 50), VadScore(0.0, 0.0, level)
    heard = [each for _ in range(detector.left) for each in listener.hear(BLOCK, SILENCE)]
    return [each for each in heard if isinstance(each, (Fault, Masked))]


def test_noise_that_is_as_loud_as_the_person_was_is_one_fault():
    (fault,) = in_noise(-29.0, 4)
    assert fault.part == "hearing"
    assert "so loud here that you could not be heard" in fault.reason


def test_noise_nearly_as_loud_is_told_again_while_it_lasts_and_less_is_not():
    assert in_noise(-33.0, 16) == [Masked(), Masked()]
    assert in_noise(-40.0, 16) == []
