"""Short sounds say what a sentence would be too long for, and never delay anything."""

from __future__ import annotations

import pytest
from scenes import BENDS, PRESS, begin, heeded, key, new_session, notice, possibly_say, scenes

from voice_coach.core.actions import Cut, Say
from voice_coach.core.commands import NAMING, URGENT, Command
from voice_coach.core.earcons import ENDED, GAP, HEARD, HOLD_OVER, OPENING, SECONDS
from voice_coach.core.events import Fault, Heard
from voice_coach.core.simulation import Simulation
from voice_coach.core.state import GAP as BETWEEN
from voice_coach.core.transitions import State

ENOUGH = 0.3
"""Seconds after which an earcon would answer nothing any more."""


@pytest.fixture(scope="module")
def places(language):
    return scenes(language)


def obey(scene, command):
    """Let a command be heard; give what is asked for, in order."""
    begun = len(scene.actions)
    scene.handle(Heard(command, choice=BENDS if command in NAMING else ""))
    return scene.actions[begun:]


def said(actions):
    """Give what will be played of this: nothing from before a cut."""
    cuts = [n for n, action in enumerate(actions) if isinstance(action, Cut)]
    return [a for a in actions[cuts[-1] + 1 if cuts else 0 :] if isinstance(a, Say)]


def rung(simulation):
    return [spoken.text for spoken in simulation.earcons]


@pytest.mark.parametrize(
    ("changes", "opens"), [({}, True), ({"earcons": False}, False), ({"deaf": True}, False)]
)
def test_a_session_that_hears_opens_with_a_sound_to_learn_the_echo_from(language, changes, opens):
    """Without it the echo is learnt from the first words, and a cry over them may be missed."""
    simulation = Simulation(new_session(language, BENDS, **changes))
    simulation.run_until(lambda _: len(simulation.spoken) == 1)
    assert rung(simulation) == ([OPENING] if opens else [])


def test_a_command_that_was_understood_is_answered_at_once_and_before_the_next_sentence(places):
    """Wherever a command does something, an earcon says so at once, and the words follow it."""
    answered = set()
    for scene in places.values():
        for command in heeded(scene) - URGENT - {Command.GENTLER}:
            trial = scene.fork()
            if trial.session.state in (State.PAIN_CONFIRMATION, State.STOP_TEST):
                continue
            first, *more = said(obey(trial, command)) or [None]
            state = trial.session.snapshot
            if first is None or first.text != HEARD:
                # A cue or a caution is on its way and is not held up.
                assert state.progress.running or state.speech.said
                continue
            answered.add(command)
            assert first.at <= trial.now + ENOUGH + BETWEEN
            assert all(say.at >= first.at + SECONDS[HEARD] + GAP for say in more if not say.latest)
    assert answered >= {Command.NEXT, Command.READY, Command.PAUSE, Command.SLOWER, Command.YES}


def test_a_key_needs_no_answer(places):
    """A key needs no earcon: the person feels it."""
    for scene in places.values():
        for command in heeded(scene):
            trial = scene.fork()
            begun = len(trial.actions)
            trial.handle(key(command))
            assert HEARD not in [say.text for say in said(trial.actions[begun:])]


def test_after_pain_and_in_a_pain_confirmation_no_earcon_sounds(places):
    """What follows pain, possible pain or a fault is words and nothing else."""
    pain = Heard(Command.PAIN, "it hurts", source="key")
    lost = Fault("hearing", "The microphone is gone: plug it in.")
    for scene in places.values():
        for event in (pain, lost):
            trial = scene.fork()
            if trial.session.state in (State.CLOSING, State.ENDED) and event is lost:
                continue
            trial.handle(event)
            before = len(trial.earcons)
            for command in (*heeded(trial), Command.NEXT):
                obey(trial, command)
            while not trial.session.over and trial.step():
                pass
            assert trial.earcons[before:] == []


@pytest.mark.parametrize("answer", [Command.YES, Command.NO, Command.CONTINUE])
def test_the_question_whether_it_hurt_is_answered_in_words_alone(places, answer):
    asked = places["pressing"].fork()
    possibly_say(asked)
    assert HEARD not in [say.text for say in said(obey(asked, answer))]


def test_a_partner_is_asked_for_less_pressure_without_any_delay(places):
    first, *_ = said(obey(places["pressing"].fork(), Command.GENTLER))
    assert first.text != HEARD


@pytest.mark.parametrize("hushed", [False, True])
@pytest.mark.parametrize("place", ["pressing", "breathing in", "holding", "counting down"])
def test_no_cue_ever_waits_for_an_earcon(places, place, hushed):
    """Whenever a command is given in a hold or between breaths, each cue starts on its sample."""
    for tenth in range(45):
        trial = places[place].fork()
        trial.advance(tenth / 10)
        begun = len(trial.actions), len(trial.spoken)
        if hushed:
            notice(trial, "hush")
            trial.advance(1.0)
        obey(trial, Command.SLOWER)
        trial.advance(12)
        cues = {
            (say.text, round(say.at, 6))
            for say in trial.actions[begun[0] :]
            if isinstance(say, Say) and say.latest is not None
        }
        played = {(each.text, round(each.start, 6)) for each in trial.spoken[begun[1] :]}
        missed = {cue for cue in cues - played if cue[1] <= trial.now}
        # One that a hush broke off, or kept back, comes again with its round of breath.
        assert len(missed) <= hushed


def test_a_hold_is_over_when_it_rings_and_the_words_follow(language):
    """The earcon falls on the last second of the hold, between the count and the release."""
    simulation = begin(language, BENDS)
    simulation.run_obediently()
    ends = [spoken for spoken in simulation.earcons if spoken.text == HOLD_OVER]
    lines = language.coach.hold
    said = {lines.release, *(step.release for step in language.routine(BENDS).steps)}
    releases = [
        spoken
        for spoken in simulation.spoken
        if spoken.text in {text.replace("[right|left]", "right") for text in said if text}
    ]
    ones = [spoken for spoken in simulation.spoken if spoken.text == lines.countdown[-1]]
    assert len(ends) == len(releases) == len(ones) > 0
    for end, one, release in zip(ends, ones, releases, strict=True):
        assert end.start == pytest.approx(one.start + 1)
        assert release.start == pytest.approx(end.end + GAP)


def test_the_very_last_is_the_earcon_of_the_end(language):
    """A person on the floor with closed eyes hears that nobody listens any more."""
    obedient = begin(language, BENDS)
    obedient.run_obediently()
    stopped = begin(language, PRESS)
    stopped.hear(Command.STOP)
    while not stopped.session.over:
        stopped.step()
    for simulation in (obedient, stopped):
        assert rung(simulation)[-1] == ENDED
        assert simulation.earcons[-1].start > simulation.spoken[-1].end


def test_what_acknowledges_is_taught_in_the_first_sound_check_and_no_other(language):
    """It sounds behind its sentence; the other earcons come with words that say what they say."""
    lesson = language.coach.teach_earcon
    first = begin(language, BENDS)
    first.run_until(lambda _: first.spoken[-1:] and first.spoken[-1].text.startswith("When you"))
    heard = sorted((*first.spoken, *first.earcons), key=lambda spoken: spoken.start)
    texts = [spoken.text for spoken in heard]
    start = texts.index(lesson)
    assert texts[start : start + 2] == [lesson, HEARD]
    assert not {HOLD_OVER, ENDED} & set(texts)
    assert texts.index(language.coach.teach_pain) < start
    again = Simulation(new_session(language, BENDS, known_routines=frozenset({PRESS})))
    again.run_obediently()
    assert lesson not in [spoken.text for spoken in again.spoken]


def test_who_is_steered_by_keys_is_not_taught_what_answers_a_voice(language):
    deaf = Simulation(new_session(language, BENDS, deaf=True))
    deaf.run_until(lambda _: deaf.spoken[-1:] and deaf.spoken[-1].text.startswith("When you"))
    assert rung(deaf) == []


def test_they_can_be_off(language):
    """Without them a whole session says the same words, and nothing rings or is taught."""
    on, off = (
        Simulation(new_session(language, BENDS, earcons=earcons)) for earcons in (True, False)
    )
    for simulation in (on, off):
        simulation.run_obediently()
    taught = {language.coach.teach_earcon}
    assert off.earcons == []
    assert [s.text for s in off.spoken] == [s.text for s in on.spoken if s.text not in taught]


def test_an_answer_that_is_interrupted_rings_only_for_the_last(places):
    """Two commands in a row: the first is dropped with its earcon, and nothing rings twice."""
    trial = places["telling"].fork()
    before = len(trial.earcons)
    obey(trial, Command.LOUDER)
    obey(trial, Command.LOUDER)
    trial.advance(5)
    assert rung(trial)[before:] == [HEARD]
