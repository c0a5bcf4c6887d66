"""The loop's bookkeeping, with ears that hear everything, nothing, or what they were told to."""

from dataclasses import dataclass, replace

import numpy as np
import pytest
from benchmark.closed_loop import Loop
from benchmark.coach import QUESTION, sentences
from benchmark.echoes import Conditions
from benchmark.reports import OURS
from benchmark.rows import rows
from benchmark.scenes import Happening, Scene
from benchmark.tape import AudioRecorder

from voice_coach.core.commands import Command
from voice_coach.core.events import Heard
from voice_coach.core.ports import SAMPLE_RATE


@dataclass(frozen=True)
class Tone:
    """Stands for words: a sound that an ear made for the test knows again by its pitch."""

    hertz: int
    seconds: float = 0.5

    def make(self):
        time = np.arange(int(self.seconds * SAMPLE_RATE)) / SAMPLE_RATE
        return np.sin(2 * np.pi * self.hertz * time).astype(np.float32)


class Store:
    def samples(self, sound):
        return sound.make() * np.sqrt(2)


CRY, YES, NO = Tone(1000), Tone(2000), Tone(3000)
CLIPS = {f"sentence {k}": 0.1 * Tone(200 + 10 * k, 3.0).make() for k in range(4)}
CLIPS[QUESTION] = 0.1 * Tone(500, 0.8).make()


@dataclass(frozen=True)
class Notice:
    kind: str


class Deaf:
    def listen(self, commands):
        pass

    def hear(self, microphone, far_end):
        return []


class Sharp(Deaf):
    """Hears each tone as it begins, and makes of it what it was told to."""

    def __init__(self, meanings):
        self.meanings = meanings
        self.sounding = set()

    def hear(self, microphone, far_end):
        events = []
        power = np.abs(np.fft.rfft(microphone)) ** 2
        for tone, made in self.meanings.items():
            bin_ = tone.hertz // 50
            if power[bin_] > 4.0:
                if tone not in self.sounding:
                    events += made
                self.sounding.add(tone)
            else:
                self.sounding.discard(tone)
        return events


def suspected():
    heard = Heard(Command.PAIN, "it hurts")
    object.__setattr__(heard, "tier", "possible")
    return heard


def scene(*happenings, **changes):
    made = Scene("over/+0 dB", 1, "tune", Conditions(-20.0, noise=-60.0), happenings=happenings)
    return replace(made, **changes)


def cries(count, answer=None):
    cry = Happening(CRY, "it hurts", Command.PAIN, 4.0, 0.0, answer, groups=frozenset({"plain"}))
    return (cry,) * count


def run(scene, ear):
    return replace(Loop(scene, ear, CLIPS, Store()).run(), contender=OURS)


CERTAIN = Sharp({CRY: [Heard(Command.PAIN, "it hurts")]}).meanings


def by_name(reports):
    return {row.measure: row.figures[OURS] for row in rows(reports)}


def test_an_ear_that_hears_everything_misses_nothing():
    report = run(scene(*cries(3)), Sharp(CERTAIN))
    assert [outcome.tier for outcome in report.outcomes] == ["confirmed"] * 3
    assert all(outcome.ended - outcome.start < 0.1 for outcome in report.outcomes)
    assert all(outcome.silent - outcome.start < 0.2 for outcome in report.outcomes)
    figures = by_name([report])
    assert figures["Emergency over the coach, echo +0 dB: not silent by end + 0.7 s"].value == 0
    assert figures["Routine ended within 2.5 s without repeating"].value == 100
    assert report.false_ends == report.false_questions == []


def test_an_ear_that_hears_nothing_misses_all():
    report = run(scene(*cries(2)), Deaf())
    assert [len(outcome.repeats) for outcome in report.outcomes] == [2, 2]
    assert [outcome.ended for outcome in report.outcomes] == [None, None]
    figures = by_name([report])
    assert figures["Emergency over the coach, echo +0 dB: not silent by end + 0.7 s"].value == 100
    assert figures["Routine ended within 6 s (question included)"].value == 0


def test_a_cry_is_repeated_after_a_second_or_so():
    outcome = run(scene(*cries(1)), Deaf()).outcomes[0]
    for before, again in zip([outcome.start, *outcome.repeats], outcome.repeats, strict=False):
        assert 1.0 <= again - before - CRY.seconds <= 1.6


def test_a_suspicion_is_asked_about_and_yes_ends_as_pain():
    ear = Sharp({CRY: [suspected()], YES: [Heard(Command.YES, "yes")]})
    outcome = run(scene(*cries(1, answer=YES)), ear).outcomes[0]
    assert outcome.tier == "answered"
    assert outcome.ended - outcome.asked < 2.5


def test_a_suspicion_that_is_not_answered_ends_as_pain_after_three_seconds():
    outcome = run(scene(*cries(1)), Sharp({CRY: [suspected()]})).outcomes[0]
    assert outcome.tier == "unanswered"
    assert outcome.ended - outcome.asked == pytest.approx(0.8 + 3.0, abs=0.1)


def test_a_breath_that_is_taken_for_pain_is_denied_and_the_coach_goes_on():
    breath = Happening(Tone(1500), "breath out")
    ear = Sharp({breath.sound: [Notice("hush"), suspected()], NO: [Heard(Command.NO, "no")]})
    report = run(scene(breath, row="noises/over", denial=NO, seconds=20.0), ear)
    assert len(report.false_questions) == 1
    assert report.false_ends == []
    assert by_name([report])["Breath, cough, laugh, chair over the coach: silenced"].value == 100


def test_a_false_question_that_nobody_answers_is_a_false_end():
    breath = Happening(Tone(1500), "breath out")
    report = run(scene(breath, row="noises/over"), Sharp({breath.sound: [suspected()]}))
    assert len(report.false_ends) == 1


def test_a_hush_is_counted_once_and_silences_the_coach():
    report = run(scene(*cries(1)), Sharp({CRY: [Notice("hush"), Notice("hush")]}))
    assert report.ducks == []
    assert len(report.hushes) == 1
    assert report.outcomes[0].silent - report.outcomes[0].start < 0.2
    assert report.outcomes[0].ended is None


def test_a_duck_alone_is_no_silence():
    outcome = run(scene(*cries(1)), Sharp({CRY: [Notice("duck")]})).outcomes[0]
    assert outcome.ducked - outcome.start < 0.2
    assert outcome.silent is None


def test_an_ear_that_holds_the_coach_for_ever_is_told_from_a_long_scene():
    with pytest.raises(RuntimeError, match="for ever"):
        run(scene(*cries(2)), Sharp({CRY: [Notice("hush")]}))


def test_the_coach_alone_hears_nothing_it_should_obey():
    report = run(scene(row="alone/+0 dB", seconds=10.0), Sharp(CERTAIN))
    assert report.seconds == pytest.approx(10.0, abs=0.1)
    assert by_name([report])["Coach alone: false ends"].value == 0


def test_the_same_scene_gives_the_same_report():
    first, second = (run(scene(*cries(2)), Sharp(CERTAIN)) for _ in range(2))
    assert first == second


def test_on_tape_every_ear_hears_the_same_and_moves_nothing():
    tape = AudioRecorder(scene(*cries(2)), CLIPS, Store())
    sharp, deaf = (tape.play_to(ear, "a peer") for ear in (Sharp(CERTAIN), Deaf()))
    assert sharp.outcomes == deaf.outcomes
    assert all(sharp.ended_after(outcome) < 0.1 for outcome in sharp.outcomes)
    assert all(deaf.missed(outcome) for outcome in deaf.outcomes)


def test_all_of_the_coachs_whole_sentences_are_said(language):
    said = sentences(language)
    assert language.coach.disclaimer in said
    assert language.safety.partner[0] in said
    assert language.coach.offer not in said
    assert len(said) > 100
