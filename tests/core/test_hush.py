"""Giving way to a person who may be about to speak, and going on as if nothing had been."""

from __future__ import annotations

from itertools import pairwise

import pytest
from scenes import (
    BENDS,
    LEGS,
    PRESS,
    at,
    begin,
    in_a_row,
    lead,
    notice,
    possibly_say,
    press,
    scenes,
)

from voice_coach.core.actions import Cut, Duck, Hush, Listen, Resume, Say
from voice_coach.core.commands import Command
from voice_coach.core.events import ClipFinished, Heard, Noticed
from voice_coach.core.speech_queue import ECHO
from voice_coach.core.transitions import BEFORE, State

GIVING_WAY = 6.0

OPEN = BEFORE[State.PAIN_CONFIRMATION]
RUNNING = (State.HOLDING, State.BREATHING)


def done_since(simulation, begun):
    """Give the kinds of actions since so many had been asked for."""
    return [type(action) for action in simulation.actions[begun:] if not isinstance(action, Listen)]


def said_since(simulation, begun):
    """Give what began to sound since so many sentences had."""
    return [spoken.text for spoken in simulation.spoken[begun:]]


def hushed_for(simulation, seconds):
    """Hush, let time pass, go on."""
    notice(simulation, "hush")
    simulation.advance(seconds)
    notice(simulation, "resume")


def undisturbed_scenes(language):
    """Give the scenes in which something can still be broken off, and nothing is.

    A partner who presses, or is told to let go, is another matter: see test_press.py.
    """
    for name, scene in scenes(language).items():
        session = scene.session
        open_to_all = session.state in OPEN and not session.view(scene.now).listening
        if open_to_all and session.snapshot.progress.released:
            yield name, scene


# What is asked of the loudspeaker


def test_a_sound_of_the_persons_makes_the_coach_softer(language):
    """Wherever there is something to break off, a sound ducks once, and an end of it undoes it."""
    for _, scene in undisturbed_scenes(language):
        begun = len(scene.actions)
        notice(scene, "duck")
        notice(scene, "duck")
        assert done_since(scene, begun) == [Duck]
        assert scene.session.view(scene.now).listening
        notice(scene, "resume")
        assert done_since(scene, begun) == [Duck, Resume]
        assert not scene.session.view(scene.now).listening


def test_a_voice_makes_the_coach_silent(language):
    """Whatever it is saying breaks off, and nothing sounds or begins as long as that lasts."""
    for name, scene in undisturbed_scenes(language):
        begun, running = len(scene.actions), scene.session.state in RUNNING
        notice(scene, "hush")
        notice(scene, "hush")
        assert done_since(scene, begun) == ([Cut, Hush] if running else [Hush]), name
        spoken = len(scene.spoken)
        for _ in range(59):
            scene.advance(0.1)
            shown = scene.session.view(scene.now)
            assert shown.listening
            assert not shown.saying
        assert len(scene.spoken) == spoken, name


def test_after_a_duck_a_hush_may_follow(language):
    """First a sound, then a voice: softer, then silent, then one way back."""
    simulation = at(language, State.TELLING)
    begun = len(simulation.actions)
    for kind in ("duck", "hush", "duck", "resume", "resume"):
        notice(simulation, kind)
    assert done_since(simulation, begun) == [Duck, Hush, Resume]


@pytest.mark.parametrize("name", ["hurt", "stopped", "last words", "faulted", "ended"])
def test_the_last_words_are_never_hushed(language, name):
    """Who groans while the safety note is spoken hears all of it."""
    scene = scenes(language)[name]
    undisturbed, begun = scene.fork(), len(scene.actions)
    for kind in ("duck", "hush", "resume"):
        notice(scene, kind)
    assert done_since(scene, begun) == []
    for simulation in (scene, undisturbed):
        while simulation.step():
            pass
    assert scene.spoken == undisturbed.spoken


@pytest.mark.parametrize("kind", ["duck", "hush"])
@pytest.mark.parametrize("command", [Command.PAIN, Command.STOP])
def test_what_ends_a_session_sounds_although_it_was_hushed(language, kind, command):
    """The words after pain and "stop" begin with a cut, which brings back the full voice."""
    for _, scene in undisturbed_scenes(language):
        if scene.session.state is State.STOP_TEST:
            continue  # there it ends nothing
        notice(scene, kind)
        begun = len(scene.actions)
        scene.hear(command)
        assert done_since(scene, begun) == [Cut, Say]
        assert not scene.session.view(scene.now).listening


# Going on


def test_a_hush_loses_no_sentence_and_adds_none(language):
    """Of all that is told, the broken sentence alone is said again; nobody says "on we go"."""
    simulation = at(language, State.TELLING, BENDS)
    undisturbed = simulation.fork()
    undisturbed.run_until(lambda session: session.state is State.WAITING)
    told = [spoken.text for spoken in undisturbed.spoken[len(simulation.spoken) :]]
    for tenth in range(90):
        hushed = simulation.fork()
        hushed.advance(tenth / 10)
        hushed_for(hushed, 3)
        hushed.run_until(lambda session: session.state is State.WAITING)
        assert [s.text for s in hushed.spoken[len(simulation.spoken) :] if not s.cut] == told
        assert sum(spoken.cut for spoken in hushed.spoken) <= 1


@pytest.mark.parametrize("times", [1, 3])
def test_a_hush_at_any_moment_loses_no_time_of_a_hold(language, times):
    """However often and whenever it is hushed, a hold lasts as long in all as it should.

    A word that is broken off is said again, with all of its second.
    """
    simulation = at(language, State.HOLDING, LEGS)
    begins = simulation.now + 1.5  # the quiet after the last told sentence
    for tenth in range(212):
        hushed = simulation.fork()
        hushed.advance(tenth / 10)
        quiet = 0.0
        for _ in range(times):
            last, since = hushed.spoken[-1], hushed.now
            hushed_for(hushed, 2.2)
            quiet += hushed.now - (last.start if last.cut and last.end == since else since)
            hushed.advance(0.05)
        hushed.run_until(lambda session: session.state is not State.HOLDING)
        assert hushed.now - begins - quiet == pytest.approx(20, abs=0.051 * times)
        words = said_since(hushed, len(simulation.spoken))
        assert [*dict.fromkeys(words)] == ["Halfway.", "Three.", "Two.", "One."]


@pytest.mark.parametrize("seconds", [0.0, 3, 3.7, 4.4, 9.7, 14.9, 33.3, 79.9])
def test_after_a_hush_breathing_begins_with_a_breath_in_and_keeps_the_rounds_done(
    language, seconds
):
    """The broken round is breathed anew; the partner is told to let go, a broken press counts."""
    simulation = lead(
        begin(in_a_row(language), PRESS), lambda view: view.step == 4 and view.beat and view.saying
    )
    breath = in_a_row(language).routine(PRESS).steps[3].breathing
    simulation.advance(seconds)
    done = simulation.session.view(simulation.now).beat.round
    pressed = simulation.session.snapshot.progress.presses
    begun = len(simulation.spoken)
    hushed_for(simulation, 5)
    simulation.run_until(lambda session: session.state is not State.BREATHING)
    release = language.coach.press.release
    left = 8 - max(done, pressed)
    assert said_since(simulation, begun) == [release, *[*breath.cues] * left]


def test_an_answer_that_was_hushed_is_given_before_the_breath_goes_on(language):
    """A cough does not swallow the word to the partner to press less."""
    simulation = scenes(language)["pressing"]
    press(simulation, Command.GENTLER)
    simulation.advance(1)
    begun = len(simulation.spoken)
    hushed_for(simulation, 3)
    simulation.advance(8)
    assert said_since(simulation, begun) == [
        "Partner: let go.",
        "Partner: press less, please.",
        "Breathe in.",
    ]


@pytest.mark.parametrize("word", ["Halfway.", "Three.", "Two.", "One."])
def test_a_word_of_the_count_that_was_hushed_is_said_again(language, word):
    """Nobody who holds a position is left to guess how many seconds were lost to a cough."""
    simulation = lead(begin(language, LEGS), lambda view: view.saying == word)
    simulation.advance(0.2)
    begun = len(simulation.spoken)
    hushed_for(simulation, 2.2)
    simulation.run_until(lambda session: session.state is not State.HOLDING)
    count = ["Halfway.", "Three.", "Two.", "One."]
    said = simulation.spoken[begun:]
    assert [spoken.text for spoken in said] == count[count.index(word) :]
    steps = [two.start - one.start for one, two in pairwise(said)]
    assert steps == pytest.approx([7, 1, 1][count.index(word) :])
    assert simulation.now - said[-1].start == pytest.approx(1)


def test_what_ends_in_the_moment_of_a_hush_leads_on_only_after_it(language):
    """A hold does not begin in silence because its last word was over just then."""
    last = at(language, State.HOLDING, LEGS).spoken[-1].text
    simulation = lead(begin(language, LEGS), lambda view: view.saying == last)
    say_id = simulation.actions[-1].say_id
    notice(simulation, "hush")
    simulation._broken = None  # noqa: SLF001 - it broke off nothing: it ended
    simulation.handle(ClipFinished(say_id))
    simulation.advance(5)
    assert simulation.session.state is State.TELLING
    notice(simulation, "resume")
    assert simulation.session.state is State.HOLDING
    assert simulation.session.view(simulation.now + 1.5).seconds_left == 20


def test_the_time_of_a_hush_is_no_silence_of_the_persons(language):
    """Nobody is told to take their time because they talk to somebody."""
    for state, patience in ((State.WAITING, 10), (State.SOUND_CHECK, 9), (State.PAUSED, 11)):
        simulation = at(language, State.WAITING if state is State.PAUSED else state)
        if state is State.PAUSED:
            press(simulation, Command.PAUSE)
        simulation.run_until(lambda session: not session.snapshot.speech.busy)
        quiet_since, begun = simulation.now, len(simulation.spoken)
        simulation.advance(5)
        hushed_for(simulation, 5)
        while len(simulation.spoken) == begun:
            simulation.step()
        assert simulation.now - quiet_since == pytest.approx(patience + 5)


@pytest.mark.parametrize("kind", ["duck", "hush"])
def test_without_another_sign_the_coach_goes_on_by_itself(language, kind):
    """A resume that never comes leaves nobody in silence: after six seconds it goes on."""
    for _, scene in undisturbed_scenes(language):
        notice(scene, kind)
        begun = len(scene.actions)
        scene.advance(GIVING_WAY - 0.01)
        if kind == "hush":
            assert done_since(scene, begun) == []
        scene.advance(0.02)
        assert not scene.session.view(scene.now).listening


def test_nothing_that_goes_on_holds_the_coach_for_ever(language):
    """A voice that is noticed again and again silences it for six seconds, and then no more."""
    for name, scene in undisturbed_scenes(language):
        silent = 0
        for _ in range(300):
            notice(scene, "hush")
            scene.advance(0.1)
            silent += (
                scene.session.view(scene.now).listening and scene.session.snapshot.speech.hushed
            )
        assert silent * 0.1 <= GIVING_WAY + 0.1, name
        notice(scene, "resume")
        notice(scene, "hush")
        assert scene.session.snapshot.speech.hushed or scene.session.over, name


def test_early_and_once_the_coach_says_that_it_is_loud(language):
    """Where it gave way for a third of the first half minute without understanding anything."""
    loud, told = language.coach.loud_room[0], []
    for when in (0, 40):
        simulation = begin(language)
        simulation.advance(when)
        for _ in range(6):
            hushed_for(simulation, 4)
            simulation.advance(1)
        simulation.advance(20)
        says = [action.text for action in simulation.actions if isinstance(action, Say)]
        told.append(says.count(loud))
    assert told == [1, 0]


def test_whoever_is_understood_is_not_told_that_it_is_loud(language):
    simulation = begin(language)
    for _ in range(6):
        hushed_for(simulation, 4)
        simulation.hear(Command.LOUDER)
        simulation.advance(1)
    simulation.advance(20)
    assert language.coach.loud_room[0] not in [spoken.text for spoken in simulation.spoken]


def test_no_state_stays_silent_for_ever(language):
    """Whatever is noticed or possible and never followed up, it soon speaks again, to the end."""
    for name, scene in undisturbed_scenes(language):
        for happen in (
            lambda simulation: notice(simulation, "duck"),
            lambda simulation: notice(simulation, "hush"),
            possibly_say,
        ):
            left = scene.fork()
            begun = len(left.spoken)
            happen(left)
            left.run_until(lambda session: session.over, limit=3600)
            for one, two in pairwise(left.spoken[max(0, begun - 1) :]):
                assert two.start - one.end <= 12 + GIVING_WAY, name


# Commands, while it is hushed


def test_a_command_in_a_hush_does_what_it_always_does(language):
    """After it the coach stands, speaks and breathes as if it had been given after the hush."""
    for name, scene in undisturbed_scenes(language):
        notice(scene, "hush")
        scene.advance(2)
        *_, listen = (action for action in scene.actions if isinstance(action, Listen))
        for command in listen.commands:
            hushed, resumed = scene.fork(), scene.fork()
            press(hushed, command)
            notice(resumed, "resume")
            press(resumed, command)
            assert hushed.session.view(hushed.now) == resumed.session.view(resumed.now)
            for simulation in (hushed, resumed):
                simulation.advance(30)
            said = [[s for s in r.spoken if s.end > s.start] for r in (hushed, resumed)]
            assert said[0] == said[1], (name, command)


def test_what_was_hushed_does_not_deafen_the_coach_to_its_words(language):
    """Who says "next" just as it is taught, and is given silence to say it, is obeyed."""
    simulation = at(language, State.TELLING)
    lead(simulation, lambda view: view.saying == "Once you're comfortable, say: next.")
    simulation.advance(1)
    notice(simulation, "hush")
    heard = Heard(Command.NEXT, "next")
    simulation.advance(ECHO - 0.1)
    assert not simulation.session.handle(heard, simulation.now)
    simulation.advance(0.2)
    assert simulation.session.handle(heard, simulation.now)
    assert simulation.session.view(simulation.now).step == 2


def test_an_end_of_what_never_was_is_no_event(language):
    """A resume out of nothing changes nothing."""
    for _, scene in undisturbed_scenes(language):
        assert not scene.session.handle(Noticed("resume"), scene.now)
