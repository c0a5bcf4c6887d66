"""From one routine of a plan to the next: what ends the one, and what leads over to the other.

The result is a row of ordinary steps, so that nothing else has to know of plans.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from voice_coach.core.routine import CHOICE, Step
from voice_coach.core.script import needs
from voice_coach.core.timed import SHORTEST_HOLD

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from voice_coach.core.language import Language
    from voice_coach.core.routine import Routine


class Part(NamedTuple):
    """A routine, or some of its steps, in a plan."""

    routine: Routine
    title: str
    """What the coach calls it."""
    steps: tuple[Step, ...]


def joined(parts: Sequence[Part], language: Language) -> tuple[Step, ...]:
    """Give the steps of all parts, with what leads over between two routines."""
    return tuple(_joined(parts, language))


def things(routines: Sequence[Routine]) -> tuple[str, ...]:
    """Name all that is needed, once each, the surfaces first.

    Who rests at the end stays on the surface that is there: nobody lays out a mat for that.
    """
    *earlier, last = routines
    there = [one for one in earlier if one.surface] or [last]
    surfaces = [one.surface for one in there if one.surface]
    props = [prop for routine in routines for prop in routine.props]
    return tuple(dict.fromkeys((*surfaces, *props)))


def _joined(parts: Sequence[Part], language: Language) -> Iterator[Step]:
    routines = [part.routine for part in parts]
    for at, part in enumerate(parts):
        if at and routines[at].id != (before := routines[at - 1]).id:
            yield from _ended(before)
            yield from _begun(part, _way(before, routines[at:], language), language)
        else:
            yield from part.steps


def _ended(routine: Routine) -> Iterator[Step]:
    """Say what must be known after a twist as soon as it is over.

    At the end of the plan it would seem to be about the rest.
    """
    if routine.twist and routine.closing:
        title = CHOICE.sub(r"\1", routine.steps[-1].title)
        yield Step(title=title, say=routine.closing, hold=SHORTEST_HOLD)


def _begun(part: Part, way: tuple[str, ...], language: Language) -> Iterator[Step]:
    """Tell what comes next, the way there and the cautions, then its steps.

    Where there is no way, the first step follows in the same breath: who hears "bend forward" and
    then nothing would bend as they think best. After a caution that step must wait for an answer.
    """
    lines, cautions = language.teaching.plans, part.routine.caution
    then = (lines.then.format(name=part.title),)
    first, *others = part.steps
    waits = first.hold is None and first.breathing is None
    if way or (cautions and (first.sided or not waits)):
        told = (*then, *way, *cautions, lines.ready_to_move)
        yield Step(title=part.title, say=told, time_to_move=2)
    elif first.sided:
        yield Step(title=part.title, say=then, hold=SHORTEST_HOLD)
    else:
        told = (*then, *cautions, *first.say)
        first = first.model_copy(update={"title": part.title, "say": told})
    yield from (first, *others)


def _way(before: Routine, coming: Sequence[Routine], language: Language) -> tuple[str, ...]:
    """Give the way to the next routine; none where the last one was done in the same place.

    What is needed was named in the beginning. Before the person comes down, what all that is
    `coming` needs is named again, for nobody gets up once more to fetch it.
    """
    moving, routine = language.teaching.moving, coming[0]
    if routine.position == before.position:
        return ()
    down = moving.down if routine.position == "floor" else ()
    return (*needs(things(coming), language), *down, *routine.setup)
