"""A routine as it is rendered into a file, where the coach cannot hear anybody.

A file plays on whatever happens, so it says that first, and what to do then. What a person would
say to the coach is left out. Where the coach would wait for "next", the file leaves the time that a
person usually needs.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from voice_coach.core.commands import Command
from voice_coach.core.remaining import WAIT
from voice_coach.core.script import needs
from voice_coach.core.timed import LONGEST_SILENCE
from voice_coach.errors import CoachError

if TYPE_CHECKING:
    from voice_coach.core.language import Language
    from voice_coach.core.routine import Routine, Step

PARTS = re.compile(r"(?<=[.?!])\s+")
"""Between two sentences that are spoken in one go."""


class NeedsHearing(CoachError):
    """The routine must not be led by something that hears nobody; the message is one sentence."""


def rendered(routine: Routine, language: Language) -> Routine:
    """Give the routine as a file says it; a partner hears a caution, so that one stays.

    Raises ``NeedsHearing`` where somebody is pressed.
    """
    if routine.needs_hearing:
        raise NeedsHearing(
            f"{routine.title} has a press, and a recording hears neither the breath nor "
            f'"it hurts", so it must not be recorded; let the coach lead it: '
            f"voice-coach run {routine.id}"
        )
    caution = routine.caution
    if not routine.partner:
        caution = tuple(_cautioned(text, language) for text in caution)
    steps = tuple(_rendered(step, language) for step in routine.steps)
    return routine.model_copy(update={"caution": caution, "steps": steps})


def introduction(routine: Routine, language: Language) -> tuple[str, ...]:
    """Give the first sentences of a file, in place of the sound check."""
    lines = language.coach.rendering
    partner = lines.opening_partner if routine.partner else ()
    chosen = language.coach.chosen.format(name=routine.title)
    return (chosen, *lines.opening, *partner, *needs(routine.things, language))


def _rendered(step: Step, language: Language) -> Step:
    say = [rest for text in step.say if (rest := _untaught(_left_out(text, language), language))]
    if step.hold is not None or step.breathing is not None:
        return step.model_copy(update={"say": tuple(say or step.say)})
    say.append(language.coach.rendering.wait)
    wait = min(WAIT, LONGEST_SILENCE - step.time_to_move)
    return step.model_copy(update={"say": tuple(say), "hold": wait})


def _cautioned(text: str, language: Language) -> str:
    instead = language.coach.rendering.caution
    told = PARTS.split(_left_out(text, language))
    parts = (instead if _teaches(part, language) else part for part in told)
    return " ".join(parts)


def _left_out(text: str, language: Language) -> str:
    """Say what to do in place of what to say, where a routine is to be left out."""
    skip = f"{language.advice.teaching} {language.commands[Command.SKIP][0]}"
    return text.replace(skip, language.coach.rendering.leave_out)


def _untaught(text: str, language: Language) -> str:
    return " ".join(part for part in PARTS.split(text) if not _teaches(part, language))


def _teaches(text: str, language: Language) -> bool:
    return language.advice.teaching in text.lower()
