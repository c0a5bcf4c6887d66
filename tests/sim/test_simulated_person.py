"""The simulated person takes part in real sessions; what comes of it is what the product does."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from benchmark.coach import sentences
from benchmark.reports import OURS
from benchmark.rows import rows
from benchmark.scene import Background, SceneEvent
from benchmark.simulation import RecordedScene, run
from sim.tones import (
    COUGH,
    CRY,
    NEXT,
    NO,
    POSSIBLE,
    READY,
    YES,
    DeafListener,
    SharpListener,
    Tone,
    cry,
    scene,
)

from voice_coach.core.commands import Command
from voice_coach.core.config import SessionConfig
from voice_coach.core.events import Heard, Noticed
from voice_coach.core.session import Session
from voice_coach.core.simulation import Simulation
from voice_coach.core.transitions import State
from voice_coach.core.view import Outcome as Ending

OVER = "Emergency over the coach"
IN_A_STEP = 40.0
"""Seconds after the sound check at which the first step is under way."""


def by_name(report):
    return {row.measure: row.figures[OURS] for row in rows([replace(report, contender=OURS)])}


def test_a_listener_that_hears_everything_misses_nothing(play):
    report = play(scene(cry(), cry(), cry()))
    assert [outcome.tier for outcome in report.outcomes] == ["confirmed"] * 3
    assert all(outcome.ended - outcome.start < 0.1 for outcome in report.outcomes)
    assert all(outcome.silent - outcome.start < 0.2 for outcome in report.outcomes)
    figures = by_name(report)
    assert figures[f"{OVER}, echo +0 dB: not silent by end + 0.7 s"].value == 0
    assert figures[f"{OVER}: ended within 2.5 s without repeating"].value == 100
    assert report.false_ends == report.false_questions == []


def test_each_cry_that_ends_a_session_is_followed_by_another_session_in_the_same_room(play):
    report = play(scene(cry(), cry()))
    assert report.sessions == 2
    assert report.outcomes[0].ended < report.outcomes[1].start < report.seconds


def test_a_cry_begins_while_the_coach_speaks(kit):
    class Watching(SharpListener):
        coach = ()

        def hear(self, microphone, far_end):
            if events := super().hear(microphone, far_end):
                self.coach = (*self.coach, (events[0].command, bool(np.any(far_end))))
            return events

    listener = Watching({CRY: [Heard(Command.PAIN, "it hurts")]})
    run(scene(cry(), cry(), cry(), ready=None), listener, kit)
    assert listener.coach == ((Command.PAIN, True),) * 3


def test_an_order_in_a_pause_begins_while_the_coach_is_silent(kit):
    heard = []

    class Watching(SharpListener):
        def hear(self, microphone, far_end):
            if events := super().hear(microphone, far_end):
                heard.append(bool(np.any(far_end)))
            return events

    order = SceneEvent(NEXT, "next", Command.NEXT, "pause")
    listener = Watching({NEXT: [Heard(Command.NEXT, "next")]})
    report = run(scene(order, order, row="orders/pause", ready=None), listener, kit)
    assert heard == [False, False]
    assert by_name(report)["Orders in its pauses: obeyed at first try"].value == 100


def test_a_cry_in_the_first_words_comes_before_the_sound_check_is_over(play):
    report = play(scene(cry(when="start"), row="start"))
    assert report.outcomes[0].start < 3.0
    assert (
        by_name(report)["Emergency in the coach's first 3 s: not silent by end + 0.7 s"].value == 0
    )


def test_a_listener_that_hears_nothing_misses_all(kit):
    report = run(scene(cry(), cry()), DeafListener(), kit)
    assert [len(outcome.repeats) for outcome in report.outcomes] == [2, 2]
    assert [outcome.ended for outcome in report.outcomes] == [None, None]
    figures = by_name(report)
    assert figures[f"{OVER}, echo +0 dB: not silent by end + 0.7 s"].value == 100
    assert figures[f"{OVER}: ended within 6 s (question included)"].value == 0


def test_a_cry_is_repeated_after_a_second_or_so(kit):
    outcome = run(scene(cry()), DeafListener(), kit).outcomes[0]
    for before, again in zip([outcome.start, *outcome.repeats], outcome.repeats, strict=False):
        assert 1.0 <= again - before - CRY.seconds <= 1.7


def test_a_possible_cry_is_asked_about_and_yes_ends_as_pain(play):
    outcome = play(scene(cry(answer=YES)), {CRY: POSSIBLE}).outcomes[0]
    assert outcome.tier == "answered"
    assert outcome.asked < outcome.ended
    assert outcome.silent - outcome.start < 0.2


def test_a_possible_cry_that_is_not_answered_ends_as_pain(play):
    """It is asked about twice, for four seconds each; before the first step nothing can hurt."""
    outcome = play(scene(cry(gap=IN_A_STEP)), {CRY: POSSIBLE}).outcomes[0]
    assert outcome.tier == "unanswered"
    assert outcome.asked + 8 < outcome.ended < outcome.asked + 13
    early = play(scene(cry(), routine="exercise-ball"), {CRY: POSSIBLE}).outcomes[0]
    assert early.asked
    assert early.ended is None


def test_who_cries_while_the_question_is_open_ends_the_session_exactly_as_in_core(play, language):
    """There is one session: core decides about a second possible cry, in the simulated room too."""
    tone = Tone(1000, 0.3)
    again = replace(cry(answer=tone), sound=CRY)
    outcome = play(scene(again), {CRY: POSSIBLE}).outcomes[0]

    session = Session(SessionConfig(language=language, routine="gentle-bends", stop_tested=True))
    core = Simulation(session)
    core.hear(Command.READY)
    core.advance(2.0)
    core.handle(POSSIBLE[0])
    core.run_until(lambda session: session.state is State.PAIN_CONFIRMATION)
    core.advance(2.0)
    core.handle(POSSIBLE[0])
    assert session.outcome is Ending.PAIN
    assert outcome.ended is not None
    assert (
        outcome.asked + 0.5 < outcome.ended < outcome.asked + 3.0
    )  # no time-out: the cry ended it


def test_a_cough_that_is_taken_for_pain_is_denied_and_the_coach_goes_on(play):
    cough = SceneEvent(COUGH, "cough")
    made = scene(cough, row="noises/over", denial=NO, seconds=30.0)
    report = play(made, {COUGH: [Noticed("hush"), *POSSIBLE]})
    assert len(report.false_questions) == 1
    assert report.false_ends == []
    figures = by_name(report)
    assert figures["Breath, cough, laugh, chair over the coach: silenced"].value == 100
    assert figures["Breath, cough, laugh, chair: only asked about"].value == 100
    assert figures["Breath, cough, laugh, chair: ended"].value == 0


def test_a_false_question_that_nobody_answers_is_a_false_end(play):
    cough = SceneEvent(COUGH, "cough", gap=IN_A_STEP)
    report = play(scene(cough, row="noises/over"), {COUGH: POSSIBLE})
    assert len(report.false_ends) == 1


def test_a_hush_silences_the_coach_and_lasts_until_it_resumes(play):
    report = play(scene(cry()), {CRY: [Noticed("hush")]})
    assert report.outcomes[0].silent - report.outcomes[0].start < 0.2
    assert report.outcomes[0].ended is None
    assert all(seconds > 1 for _, seconds in report.hushes)


def test_a_coach_that_is_silenced_already_is_silent_for_a_cry(kit):
    class HushesOnce(DeafListener):
        def __init__(self):
            self._hushes = True

        def hear(self, microphone, far_end):
            hushes, self._hushes = self._hushes and bool(np.any(far_end)), False
            return [Noticed("hush")] if hushes else []

    outcome = run(scene(cry(when="start"), row="start"), HushesOnce(), kit).outcomes[0]
    assert outcome.silent == pytest.approx(outcome.start, abs=0.05)


def test_a_duck_alone_is_no_silence(play):
    outcome = play(scene(cry()), {CRY: [Noticed("duck")]}).outcomes[0]
    assert outcome.ducked - outcome.start < 0.2
    assert outcome.silent is None


def test_an_order_is_obeyed_by_the_session(play):
    report = play(scene(SceneEvent(NEXT, "next", Command.NEXT), row="orders/over"))
    assert by_name(report)["Orders over the coach: obeyed at first try"].value == 100
    assert by_name(report)["Orders: taken for another"].value == 0


@pytest.mark.parametrize(
    ("sound", "means", "tier"), [(YES, Command.YES, "answered"), (NO, Command.NO, "")]
)
def test_the_question_is_raised_and_answered(play, sound, means, tier):
    answer = SceneEvent(sound, means.value, means, "question")
    report = play(scene(answer, row="question"))
    assert report.outcomes[0].tier == tier
    assert by_name(report)['Answers to "Did that hurt?": missed'].value == 0
    assert report.false_questions == report.false_ends == []


def test_the_sound_check_is_answered_once_the_coach_has_asked(play):
    answer = SceneEvent(READY, "ready", Command.READY, "check")
    report = play(scene(answer, row="check"))
    assert report.outcomes[0].start > 10
    assert by_name(report)['"ready" at the sound check: missed'].value == 0


def test_a_person_who_says_nothing_gives_no_events(play):
    report = play(scene(row="alone/+0 dB", ready=None, seconds=60.0))
    assert report.seconds == pytest.approx(60.0, abs=0.2)
    assert report.outcomes == report.hits == report.ducks == report.hushes == []
    assert by_name(report)["Coach alone: false ends"].value == 0


def test_what_the_coach_asked_for_is_no_false_hush(play):
    report = play(
        scene(row="alone/+0 dB", seconds=15.0),
        {READY: [Noticed("hush"), Heard(Command.READY, "ready")]},
    )
    assert [hit.command for hit in report.hits] == ["ready"]
    assert report.hushes == []


def test_a_listener_that_hushes_for_ever_does_not_hold_the_coach(kit):
    """It insists, and speaks on softly."""

    class Hushing(DeafListener):
        def hear(self, microphone, far_end):
            return [Noticed("hush")]

    report = run(scene(cry()), Hushing(), kit)
    assert max((lasted for _, lasted in report.hushes), default=0.0) <= 6.0
    assert len(report.ducks) > 1


def test_the_same_scene_gives_the_same_report(play):
    first, second = (play(scene(cry(), cry(answer=YES)), {CRY: POSSIBLE}) for _ in range(2))
    assert first == second


def test_a_baseline_moves_nothing_and_every_baseline_hears_the_same(kit):
    recorded = RecordedScene(scene(cry(), cry()), kit)
    meanings = {CRY: [Heard(Command.PAIN, "it hurts")]}
    sharp, deaf = (
        recorded.play_to(each, "a baseline") for each in (SharpListener(meanings), DeafListener())
    )
    assert sharp.outcomes == deaf.outcomes
    assert sharp.sessions == 1
    assert all(sharp.ended_after(outcome) < 0.1 for outcome in sharp.outcomes)
    assert all(deaf.missed(outcome) for outcome in deaf.outcomes)


def test_a_background_sounds_at_its_level_from_its_start_on(kit):
    def hiss(_kind, seconds, rng, _part):
        return rng.standard_normal(int(seconds * 16_000)).astype(np.float32)

    heard = []

    class Taping(DeafListener):
        def hear(self, microphone, far_end):
            heard.append(microphone)
            return []

    made = scene(ready=None, seconds=8.0, background=Background("fan", -12.0, 5.0))
    quiet_coach = replace(made, conditions=replace(made.conditions, echo=-60.0))
    run(quiet_coach, Taping(), replace(kit, make_background=hiss))
    sound = np.concatenate(heard)
    before, after = sound[: 5 * 16_000], sound[5 * 16_000 : 8 * 16_000]
    assert 20 * np.log10(np.sqrt(np.mean(after**2))) == pytest.approx(-32 - 12, abs=0.5)
    assert np.sqrt(np.mean(before**2)) < 0.1 * np.sqrt(np.mean(after**2))


def test_all_of_the_coachs_whole_sentences_are_said(language):
    said = sentences(language)
    assert language.coach.disclaimer in said
    assert language.safety.partner[0] in said
    assert language.coach.offer not in said
    assert len(said) > 100
