"""The answer to "how long?"."""

from __future__ import annotations

import pytest
from scenes import BENDS, LEGS, PRESS, at, begin, in_a_row, lead, press

from voice_coach.core.commands import Command
from voice_coach.core.remaining import EXACT, step_seconds
from voice_coach.core.script import write_out
from voice_coach.core.transitions import State


def asked(simulation, patience=12):
    """Ask how long, and give the answer and the moment it began."""
    begun = len(simulation.spoken)
    press(simulation, Command.HOW_LONG)
    simulation.advance(patience)
    return next(
        (spoken.text, spoken.start)
        for spoken in simulation.spoken[begun:]
        if any(
            word in spoken.text
            for word in ("seconds to go", "after this one", "the last", "more breath")
        )
    )


def test_in_a_step_the_steps_and_minutes_left_are_told(language):
    """Where no clock runs, the answer is about the routine."""
    assert asked(at(language, State.TELLING, BENDS))[0] == (
        "More than ten steps after this one. About five minutes in all."
    )


def test_before_the_last_step_there_is_one_more(language):
    """One is said as one."""
    simulation = lead(
        begin(in_a_row(language), PRESS),
        lambda view: view.step == 4 and view.state is State.TELLING,
    )
    answer = asked(simulation)[0]
    assert answer.startswith("One more step after this one. About")


def test_at_the_last_step_it_is_the_last(language):
    """The end is near, and said to be."""
    simulation = lead(
        begin(language, BENDS),
        lambda view: view.step == view.steps and view.state is State.TELLING,
    )
    assert asked(simulation)[0] == "This is the last step."


@pytest.mark.parametrize("tenth", range(0, 150, 7))
def test_in_a_hold_the_seconds_left_are_right_when_they_are_told(language, tenth):
    """The answer holds for the moment it is given, not for the one in which it was asked."""
    simulation = at(language, State.HOLDING, LEGS)
    end = simulation.now + 21.5
    simulation.advance(1.5 + tenth / 10)
    answer, start = asked(simulation)
    told, left = language.coach.numbers.index(answer.split()[0]), end - start
    assert told == pytest.approx(left, abs=0.5 if told < EXACT else 2.5)
    assert told <= EXACT or told % 5 == 0


def test_no_seconds_are_promised_after_a_hold_is_over(language):
    """Asked in the last seconds, the coach counts down, and gives no answer that came too late."""
    simulation = at(language, State.HOLDING, LEGS)
    simulation.advance(1.5 + 17.2)
    begun = len(simulation.spoken)
    press(simulation, Command.HOW_LONG)
    simulation.advance(6)
    assert [spoken.text for spoken in simulation.spoken[begun:]][:3] == [
        "Two.",
        "One.",
        "And slowly ease out.",
    ]
    lead(simulation, lambda view: view.state is State.WAITING)
    assert "to go" not in " ".join(spoken.text for spoken in simulation.spoken[begun:])


@pytest.mark.parametrize(
    ("done", "answer"),
    [
        (0, "seven more breaths."),
        (6, "One more breath."),
        (7, "This is the last breath."),
    ],
)
def test_while_breathing_the_breaths_left_are_told(language, done, answer):
    """Breaths are counted in breaths."""
    simulation = lead(
        begin(in_a_row(language), PRESS),
        lambda view: view.step == 4 and view.saying.startswith("Breathe in"),
    )
    simulation.advance(10 * done + 0.2)
    assert asked(simulation, 8)[0] == answer


def test_the_estimate_is_near_the_truth(language):
    """What is estimated for all steps is what an obedient session takes, to a tenth."""
    for routine in language.routines:
        simulation = begin(language, routine.id, known_routines=frozenset({"another"}))
        lead(simulation, lambda view: view.step == 1)
        begun = simulation.now
        simulation.run_obediently()
        closing = routine.closing or language.coach.prompts.rating.say
        end = next(spoken.start for spoken in simulation.spoken if spoken.text == closing[0])
        estimate = sum(step_seconds(step) for step in write_out(routine, language.coach))
        assert end - begun == pytest.approx(estimate, rel=0.1)


def test_an_impatient_person_gets_one_answer(language):
    """Asked three times before there is room for the answer, the coach answers once."""
    simulation = at(language, State.HOLDING, LEGS)
    simulation.advance(1.5 + 9.2)
    for _ in range(3):
        press(simulation, Command.HOW_LONG)
    simulation.advance(9)
    texts = [spoken.text for spoken in simulation.spoken]
    assert len([text for text in texts if text.endswith("seconds to go.")]) == 1
