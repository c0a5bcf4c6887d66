"""That somebody is coming is said where it disturbs nothing, and once however often it is asked."""

from __future__ import annotations

import pytest
from scenes import BENDS, LEGS, PRESS, begin, in_a_row, lead, notice, press, routine_of, scenes

from voice_coach.core.actions import Cut, Say
from voice_coach.core.commands import Command
from voice_coach.core.events import ClipDropped, Fault, SomebodyComing
from voice_coach.core.pace import speaking_seconds
from voice_coach.core.safety import safety_note
from voice_coach.core.transitions import State

AGAIN = 60.0
FRESH = 180.0
UNDISTURBED = (
    *("choosing", "too often", "after pain", "screening", "same again", "sound check"),
    *("stop test", "counting", "confirming, telling", "confirming, asked", "rating", "another"),
    *("breathing in", "pressing", "hushed, telling", "hushed, holding", "ended"),
)
"""Scenes in which something is asked, tested or pressed, or the person may be about to speak."""


@pytest.fixture
def text(language):
    return language.coach.coming


def asked(scene):
    """Give a fork in which it was asked for."""
    fork = scene.fork()
    fork.handle(SomebodyComing())
    return fork


def said_since(simulation, begun):
    """Give what began to sound since so many sentences had."""
    return [spoken.text for spoken in simulation.spoken[begun:]]


def test_it_is_said_into_the_silence_of_a_coach_that_waits(language, text):
    for name in ("waiting", "paused, telling"):
        silent = scenes(language)[name]
        silent.run_until(lambda session: not session.snapshot.speech.busy)
        begun = len(silent.spoken)
        coming = asked(silent)
        coming.advance(3)
        assert said_since(coming, begun) == [text], name
        assert coming.spoken[-1].start - silent.now < 0.5


def test_it_is_said_between_two_sentences_and_cuts_none(language, text):
    for name in ("caution", "telling"):
        scene = scenes(language)[name]
        scene.advance(1)
        assert scene.sounding
        begun = len(scene.spoken)
        alone, coming = scene.fork(), asked(scene)
        for each in (alone, coming):
            each.advance(30)
        assert not any(spoken.cut for spoken in coming.spoken[begun - 1 :])
        said = said_since(coming, begun)
        assert said[0] == text, name
        assert said[1:] == said_since(alone, begun)[: len(said) - 1]


@pytest.mark.parametrize("name", UNDISTURBED)
def test_it_changes_nothing_while_something_is_asked_tested_or_pressed(language, name):
    alone = scenes(language)[name]
    coming = asked(alone)
    for _ in range(8):
        for each in (alone, coming):
            each.advance(0.5)
        if coming.session.view(coming.now).hands != alone.session.view(alone.now).hands:
            break
        assert coming.spoken == alone.spoken


def test_it_waits_until_the_partner_has_let_go(language, text):
    """Also where slow breaths would leave room for it; and at a pause it follows the release."""
    slow = lead(begin(in_a_row(language), PRESS), lambda view: view.state is State.WAITING)
    for _ in range(2):
        press(slow, Command.LONGER_BREATHS)
    lead(slow, lambda view: view.hands == "push")
    begun = len(slow.spoken)
    while slow.session.state is State.BREATHING:
        slow.handle(SomebodyComing())
        slow.advance(0.5)
        assert text not in said_since(slow, begun)
    pressing = asked(scenes(language)["pressing"])
    begun = len(pressing.spoken)
    press(pressing, Command.PAUSE)
    pressing.advance(8)
    said = said_since(pressing, begun)
    assert said[0] == language.coach.press.release
    assert text in said


def test_it_does_not_come_between_the_words_that_teach_how_to_push(language, text):
    """After "push gently down" the partner needs "let go" at once."""
    session = begin(in_a_row(language), PRESS)
    lead(session, lambda view: view.step == 5)
    begun = len(session.spoken)
    session.handle(SomebodyComing())
    session.run_until(lambda each: each.state is not State.TELLING)
    assert text not in said_since(session, begun)


@pytest.mark.parametrize("question", ["place", "tingling"])
def test_it_waits_for_the_answer_to_a_question_about_the_press(language, question):
    alone = lead(begin(language, PRESS), lambda view: view.question == question)
    coming = asked(alone)
    for each in (alone, coming):
        each.advance(10)
    assert coming.spoken == alone.spoken


def test_between_the_last_word_of_a_step_and_its_hold_nothing_is_said(language):
    alone = lead(begin(language, BENDS), lambda view: view.state is State.TELLING)
    while alone.session.snapshot.speech.passage.sentences or not alone.sounding:
        alone.step()
    coming = asked(alone)
    for each in (alone, coming):
        each.run_until(lambda session: session.state is not State.TELLING)
    assert coming.now == alone.now


def test_no_breath_that_is_listened_for_is_spoken_over(language, text):
    def breathes(view):
        return view.state is State.BREATHING

    free = lead(begin(language, PRESS, press_by_breath=True), breathes)
    begun = len(free.spoken)
    coming = asked(free)
    coming.run_until(lambda session: session.state is not State.BREATHING)
    assert text not in said_since(coming, begun)


@pytest.mark.parametrize("routine", [BENDS, LEGS])
@pytest.mark.parametrize("longer", [0.0, 0.9])
def test_every_cue_keeps_its_moment_and_its_order(language, text, routine, longer):
    """Also where a clip takes longer than it is estimated to."""

    def seconds(said, rate):
        return speaking_seconds(said, rate) + longer * (said == text)

    def timed(view):
        return view.state in (State.HOLDING, State.BREATHING)

    scene = lead(begin(language, routine, seconds), timed)
    alone = scene.fork()
    alone.run_until(lambda session: not timed(session.view(0)))
    heard = 0
    while timed(scene.session.view(scene.now)):
        coming = asked(scene)
        coming.advance(alone.now - coming.now)
        begun = [spoken for spoken in coming.spoken if spoken.start < alone.now]
        assert [spoken for spoken in begun if spoken.text != text] == alone.spoken
        heard += text in said_since(coming, len(scene.spoken))
        scene.advance(0.7)
    assert heard, "it must be said in some of the moments"


def test_after_pain_the_whole_note_comes_first_and_then_it_ends(language, text):
    """From everywhere, whether it was asked for before the pain or while the note is spoken."""
    for name, scene in scenes(language).items():
        if scene.session.state in (State.ENDED, State.STOP_TEST):
            continue
        note = safety_note(language, routine_of(language, scene))
        for late in (False, True):
            hurt = scene.fork() if late else asked(scene)
            begun = len(hurt.spoken)
            press(hurt, Command.PAIN)
            if late:
                hurt.advance(2)
                hurt.handle(SomebodyComing())
            hurt.run_until(lambda session: session.over)
            said = said_since(hurt, begun)
            assert tuple(said) == (*note, text), name
            assert not any(spoken.cut for spoken in hurt.spoken[begun:])


def test_more_pain_while_it_is_said_begins_the_note_anew(language, text):
    hurt = asked(scenes(language)["hurt"])
    hurt.run_until(lambda _: hurt.sounding == text)
    begun = len(hurt.spoken)
    press(hurt, Command.PAIN)
    hurt.run_until(lambda session: session.over)
    note = safety_note(language, routine_of(language, hurt))
    assert tuple(said_since(hurt, begun)) == (*note, text)


def test_the_person_is_told_too_when_the_coach_cannot_hear_any_more(language, text):
    faulted = asked(scenes(language)["holding"])
    faulted.handle(Fault("hearing", "The microphone is gone: plug it in."))
    faulted.run_until(lambda session: session.over)
    assert faulted.spoken[-2].text == language.coach.faults.hearing[-1]
    assert faulted.spoken[-1].text == text


def test_what_cannot_be_played_does_not_keep_the_session_from_ending(language, text):
    hurt = asked(scenes(language)["hurt"])
    hurt.run_until(lambda _: hurt.coming and hurt.coming[0][0] == text)
    say = next(each for each in reversed(hurt.actions) if isinstance(each, Say))
    hurt.handle(ClipDropped(say.say_id))
    assert hurt.session.over


def test_a_flood_is_said_once_and_again_only_after_a_minute(language, text):
    waiting = scenes(language)["waiting"]
    waiting.run_until(lambda session: not session.snapshot.speech.busy)
    begun, done = len(waiting.spoken), len(waiting.actions)
    for _ in range(500):
        waiting.handle(SomebodyComing())
        waiting.advance(0.1)
    assert said_since(waiting, begun).count(text) == 1
    assert not any(isinstance(action, Cut) for action in waiting.actions[done:])
    waiting.advance(AGAIN)
    begun = len(waiting.spoken)
    waiting.handle(SomebodyComing())
    waiting.advance(5)
    assert said_since(waiting, begun).count(text) == 1


def test_a_flood_leaves_no_trace_in_the_session(language):
    waiting = asked(scenes(language)["waiting"])
    before = waiting.session.snapshot
    waiting.handle(SomebodyComing())
    assert waiting.session.snapshot is before


@pytest.mark.parametrize("name", ["waiting", "telling"])
def test_what_is_broken_off_is_said_again_once(language, text, name):
    coming = asked(scenes(language)[name])
    coming.run_until(lambda _: coming.sounding == text)
    coming.advance(0.5)
    press(coming, Command.PAUSE)
    assert coming.spoken[-1].cut
    begun = len(coming.spoken)
    coming.advance(10)
    press(coming, Command.CONTINUE)
    coming.advance(20)
    assert said_since(coming, begun).count(text) == 1


def test_who_speaks_is_listened_to_first(language, text):
    waiting = scenes(language)["waiting"]
    waiting.run_until(lambda session: not session.snapshot.speech.busy)
    notice(waiting, "duck")
    begun = len(waiting.spoken)
    waiting.handle(SomebodyComing())
    waiting.advance(2)
    assert said_since(waiting, begun) == []
    notice(waiting, "resume")
    waiting.advance(2)
    assert said_since(waiting, begun) == [text]


@pytest.mark.parametrize(("seconds", "said"), [(FRESH - 60, True), (FRESH + 20, False)])
def test_what_has_waited_for_minutes_is_not_said_any_more(language, text, seconds, said):
    choosing = asked(begin(language))
    choosing.now += seconds
    press(choosing, Command.CHOOSE)
    lead(choosing, lambda view: view.step == 1)
    choosing.advance(9)
    assert (text in said_since(choosing, 0)) == said


def test_the_sentence_is_prepared_before_it_is_said(language, text):
    coming = asked(scenes(language)["pressing"])
    prepared = [action for action in coming.actions if text in getattr(action, "texts", ())]
    assert [each.rate for each in prepared] == [coming.session.snapshot.speech.rate]
