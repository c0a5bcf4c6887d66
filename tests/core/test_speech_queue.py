"""Order in what is spoken: nothing twice, nothing after a cut, no obeying one's own words."""

from __future__ import annotations

import pytest
from scenes import BENDS, PRESS, at, begin, condition, lead, press, scenes

from voice_coach.core.actions import Say
from voice_coach.core.commands import Command
from voice_coach.core.events import ClipDropped, ClipFinished, ClipStarted, Heard
from voice_coach.core.transitions import State, accepted

ECHO = 1.0


def saying(language, text, routine=PRESS):
    """Lead a session to the moment in which a sentence begins."""
    return lead(begin(language, routine), lambda view: view.saying == text)


def test_sentences_follow_one_another_with_time_to_move(language):
    """After each told sentence there is a quiet moment to do it in."""
    simulation = at(language, State.TELLING, BENDS)
    simulation.run_until(lambda session: session.state is State.WAITING)
    one, two, three = simulation.spoken[-3:]
    assert two.start - one.end == pytest.approx(1.5)
    assert three.start - two.end == pytest.approx(1.5)


def test_nothing_ever_sounds_over_something_else(language):
    """One sentence at a time, whatever is asked in between."""
    for scene in scenes(language).values():
        for command in accepted(scene.session.state) - {Command.PAIN}:
            press(scene, command)
            scene.advance(3)
        ends = 0.0
        for spoken in scene.spoken:
            assert spoken.start >= ends
            ends = spoken.end


def test_the_late_end_of_a_cut_sentence_advances_nothing(language):
    """After a cut, whatever is still reported about what was cut is ignored."""
    for scene in scenes(language).values():
        handed = [action.say_id for action in scene.actions if isinstance(action, Say)]
        if Command.PAUSE not in accepted(scene.session.state):
            continue
        press(scene, Command.PAUSE)
        before = condition(scene)
        for say_id in handed:
            for late in (ClipStarted(say_id), ClipFinished(say_id), ClipDropped(say_id)):
                assert not scene.session.handle(late, scene.now)
        assert condition(scene) == before


def test_every_sentence_has_a_number_of_its_own(language):
    """No two sentences of a session can be taken for each other."""
    simulation = begin(language, PRESS)
    simulation.run_obediently()
    numbers = [action.say_id for action in simulation.actions if isinstance(action, Say)]
    assert len(numbers) == len(set(numbers))


def test_an_answer_in_between_takes_up_the_sentence_it_broke(language):
    """Who asks for more loudness hears the broken sentence again, from its beginning."""
    told = "Let your hands slide down, and carry your weight."
    simulation = saying(language, told, BENDS)
    simulation.advance(1)
    press(simulation, Command.LOUDER)
    simulation.advance(7)
    assert [(spoken.text, spoken.cut) for spoken in simulation.spoken[-3:]] == [
        (told, True),
        (language.coach.answers.louder, False),
        (told, False),
    ]


def test_asking_three_times_is_answered_once(language):
    """Who says "louder" again before the answer is over hears one answer, not a queue of them."""
    simulation = at(language, State.TELLING, BENDS)
    for _ in range(3):
        press(simulation, Command.LOUDER)
        simulation.advance(0.3)
    simulation.advance(20)
    answers = [spoken for spoken in simulation.spoken if "raise my voice" in spoken.text]
    assert [spoken.cut for spoken in answers] == [True, True, False]


# The coach's own words, come back through the microphone


def reported(simulation, phrase, command):
    """Let the recogniser report words; say whether they were obeyed."""
    before = condition(simulation)
    simulation.handle(Heard(command, phrase))
    return condition(simulation) != before


def test_own_words_are_not_obeyed_while_they_sound(language):
    """Saying "say: ready" begins nothing."""
    simulation = saying(language, language.coach.ask_ready)
    simulation.advance(1)
    assert not reported(simulation, "ready", Command.READY)


@pytest.mark.parametrize(("after", "obeyed"), [(0.05, False), (ECHO - 0.1, False), (ECHO, True)])
def test_own_words_are_not_obeyed_within_a_second_after(language, after, obeyed):
    """A recogniser reports up to a second late; later than that the words are the person's."""
    simulation = at(language, State.WAITING)
    assert simulation.spoken[-1].text.endswith("say: next.")
    simulation.advance(after)
    assert reported(simulation, "next", Command.NEXT) is obeyed


def test_own_words_are_not_obeyed_even_when_the_coach_has_gone_on(language):
    """The "ready" it taught a moment ago is not obeyed because another sentence has begun."""
    simulation = begin(language, PRESS)
    simulation.advance(5)
    press(simulation, Command.HELP)
    lead(simulation, lambda view: view.saying == language.coach.answers.help_sound_check)
    lead(simulation, lambda view: view.saying not in ("", language.coach.answers.help_sound_check))
    assert not reported(simulation, "ready", Command.READY)
    simulation.advance(ECHO)
    assert reported(simulation, "ready", Command.READY)


def test_own_words_are_not_obeyed_after_they_were_cut(language):
    """A sentence that was cut in its middle can still come back."""
    simulation = at(language, State.WAITING)
    press(simulation, Command.HELP)
    lead(simulation, lambda view: view.saying == language.coach.answers.help_paused[-1])
    simulation.advance(1)
    press(simulation, Command.LOUDER)
    simulation.advance(0.2)
    assert not reported(simulation, "continue", Command.CONTINUE)
    simulation.advance(ECHO)
    assert simulation.session.state is State.PAUSED


def test_other_words_are_obeyed_while_the_coach_speaks(language):
    """A person can interrupt any sentence with any command it does not hold."""
    simulation = saying(language, language.coach.teach_pain)
    assert reported(simulation, "ready", Command.READY)


def test_part_of_an_own_word_is_another_word(language):
    """What is heard as "back" is not taken for the coach's own "backward"."""
    simulation = saying(language, "Lift your chest, and lean gently backward.", BENDS)
    assert reported(simulation, "back", Command.BACK)


@pytest.mark.parametrize("phrase", ["it hurts", "that hurts", "ouch", "pain", "stop"])
def test_nothing_deafens_pain_and_stop_not_even_the_lesson(language, phrase):
    """Also while the coach teaches these very words, "it hurts" and "stop" are the person's."""
    command = language.phrases()[phrase].command
    simulation = begin(language, PRESS)
    lead(simulation, lambda view: view.saying == language.coach.sound_check[0])
    tried = set()

    def tries(view):
        if view.saying:
            tried.add(view.saying)
            assert reported(simulation.fork(), phrase, command)
        return view.state is State.ENDED

    lead(simulation, tries)
    assert len(tried) > 20


def test_a_key_is_always_the_persons(language):
    """A key pressed while the coach says that very word is obeyed."""
    simulation = saying(language, language.coach.ask_ready)
    press(simulation, Command.READY)
    assert simulation.session.state in (State.BRIEFING, State.STOP_TEST)


def test_words_without_a_phrase_are_the_persons(language):
    """A command that comes without its words is obeyed."""
    simulation = saying(language, language.coach.ask_ready)
    assert reported(simulation, "", Command.READY)
