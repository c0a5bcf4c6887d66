"""The choice of a routine: what is read out, and what is told about one of them.

Nobody remembers a dozen names that were only heard. So they are read a few at a time, the gentlest
first. "What else" reads on, and starts again after the last. Each can be chosen at any time,
whether it has been read out or not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from voice_coach.core.pace import speaking_seconds
from voice_coach.core.remaining import minutes, step_seconds
from voice_coach.core.script import (
    briefing,
    earcon_lesson,
    farewell,
    needs,
    sound_check,
    stop_test,
    write_out,
)
from voice_coach.core.state import GAP

if TYPE_CHECKING:
    from voice_coach.core.language import Language
    from voice_coach.core.routine import Routine
    from voice_coach.core.turn import Setup

AT_A_TIME = 4
"""Names that are read out before the question: about as many as one remembers."""


def next_offered(language: Language, offered: int) -> int:
    """Give the first routine of the next few, or of all after the last."""
    offered += AT_A_TIME
    return offered if offered < len(language.routines) else 0


def offers(language: Language, offered: int) -> tuple[str, ...]:
    """Give the sentences that offer a few routines, the first of them number `offered` from 0.

    The first time they tell of plans, too.
    """
    lines, routines = language.coach, language.routines
    named = (
        lines.offer.format(n=language.number(n), name=routine.names[0])
        for n, routine in enumerate(routines, 1)
        if offered < n <= offered + AT_A_TIME
    )
    plan = (language.teaching.plans.offer,) if language.plans and not offered else ()
    more = (lines.more,) if len(routines) > AT_A_TIME else ()
    return (*named, *plan, *more, lines.ask)


def suggestion(setup: Setup, choice: str) -> tuple[str, ...]:
    """Ask whether to do what was assigned, or what was done last."""
    lines, routine = setup.language.teaching.plans, setup.routine(choice)
    title = routine.title if routine else ""
    assigned = setup.config.assigned
    if assigned and choice == assigned.choice:
        named = setup.language.coach.chosen.format(name=title)
        return (lines.assigned, named, *lines.or_another)
    return (lines.same_again.format(name=title), *lines.or_another)


def about(language: Language, identifier: str) -> tuple[str, ...]:
    """Give the sentences that describe a routine, and ask again."""
    routine, lines = language.routine(identifier), language.coach
    return (
        lines.chosen.format(name=routine.title),
        lines.about.twist if routine.twist else lines.about.stretch,
        *routine.place,
        *needs(routine.things, language),
        *((lines.about.partner,) if routine.partner else ()),
        minutes(language, whole_seconds(routine, language)),
        lines.ask,
    )


def whole_seconds(routine: Routine, language: Language) -> float:
    """Estimate how long a routine takes, from the sound check to the last word."""
    lines = language.coach
    cautions, rest = briefing(routine, lines)
    checked = sound_check(routine, language, earcon_lesson(lines))
    before = (*checked, *stop_test(routine, lines), *cautions, *rest)
    questions = (*lines.prompts.rating.say, *lines.prompts.restart.say)
    told = (*before, *routine.closing, *questions, *farewell(routine, language))
    steps = write_out(routine, lines)
    return sum(speaking_seconds(text) + GAP for text in told) + sum(map(step_seconds, steps))
