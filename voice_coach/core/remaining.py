"""The answer to "how long?": what is left of this step, or of the routine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voice_coach.core.pace import speaking_seconds

if TYPE_CHECKING:
    from collections.abc import Sequence

    from voice_coach.core.language import Language
    from voice_coach.core.script import ScriptStep
    from voice_coach.core.timed import Timed

EXACT = 10
"""Up to this number, seconds, minutes, breaths and steps are told exactly. Above it, all but steps
are rounded to five: nobody needs more, and each number is a clip."""
WAIT = 8.0
"""Seconds a person usually takes until "next"; an estimate."""


def step_seconds(step: ScriptStep) -> float:
    """Estimate how long a step takes; one without hold or breath includes the wait for "next"."""
    told = sum(speaking_seconds(text) + step.source.time_to_move for text in step.say)
    if step.breathing:
        length = step.breathing.breath_in + step.breathing.breath_out
        return told + length * step.breathing.rounds
    return told + (WAIT if step.source.hold is None else step.source.hold)


def how_long(
    language: Language, steps: Sequence[ScriptStep], running: Timed | None, now: float
) -> str:
    """Answer in one sentence; `steps` begin with the present one."""
    answers = language.coach.answers
    beat = running.beat(now) if running else None
    if beat and (rounds := steps[0].breathing):
        left = rounds.rounds - beat.round - 1
        if left == 0:
            return answers.last_breath
        if left == 1:
            return answers.one_breath_left
        return answers.breaths_left.format(n=language.number(rounded(left)))
    if running:
        seconds = rounded(max(2, running.seconds_left(now)))
        return answers.seconds_left.format(n=language.number(seconds))
    told = steps_left(language, len(steps) - 1)
    if len(steps) == 1:
        return told
    return f"{told} {minutes(language, sum(map(step_seconds, steps)))}"


def steps_left(language: Language, number: int) -> str:
    """Say in one sentence how many steps come after this one."""
    answers = language.coach.answers
    if number == 0:
        return answers.last_step
    if number == 1:
        return answers.one_step_left
    if number > EXACT:
        return answers.many_steps_left.format(n=language.number(EXACT))
    return answers.steps_left.format(n=language.number(number))


def minutes(language: Language, seconds: float) -> str:
    """Say in one sentence how long that is."""
    answers = language.coach.answers
    number = rounded(seconds / 60)
    if number > 1:
        return answers.minutes_left.format(n=language.number(number))
    return answers.under_two_minutes


def rounded(number: float) -> int:
    """Round to a whole number, and above ``EXACT`` to a multiple of five."""
    whole = round(number)
    return whole if whole <= EXACT else 5 * round(number / 5)
