"""A plan: an area of the back and a number of minutes become one routine.

A plan lists parts of routines for the warm-up, the main part and the cool-down, best first. From
those that are allowed now it takes what fits into the minutes, in the order standing, sitting,
lying, so that nobody gets down and up again in between. The result is an ordinary routine, so that
everything works with it: cautions, the stop test, "go back", the history.
"""

from __future__ import annotations

from itertools import product
from textwrap import shorten
from typing import TYPE_CHECKING, Annotated, Final, Literal, get_args

from pydantic import (
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)

from voice_coach.core.adapt import adapted
from voice_coach.core.leading_over import Part, joined, things
from voice_coach.core.pose import FileModel
from voice_coach.core.problems import MAX_CHARACTERS, explain_all
from voice_coach.core.remaining import step_seconds
from voice_coach.core.routine import LONGEST_SENTENCE, Phrase, Routine, RoutineId, Sentence
from voice_coach.core.script import write_out
from voice_coach.core.toml_reader import parse_toml
from voice_coach.errors import CoachError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from voice_coach.core.language import Language
    from voice_coach.core.problems import Path

Minutes = Literal[5, 10, 15]
MINUTES: tuple[Minutes, ...] = get_args(Minutes)
"""The lengths that can be asked for."""
USUAL = 10
"""Taken where no length is asked for."""
PREPARING = 45.0
"""Seconds from the choice to the first step, for somebody who knows the coach: our own target."""
ORDER = ("standing", "sitting", "bed", "floor")
"""A plan goes through these in this order only."""
STRETCH = (0.75, 1.3)
"""Limits of the factor by which holds and rounds are changed to fit the minutes."""
ENOUGH = 0.4
"""Share of the minutes for the main part, where a shorter cool-down leaves room for it: nobody who
asks for ten minutes wants to lie still for half of them. A product choice."""
TOLERANCE = 1.1
"""Parts are chosen up to this many times the minutes asked for; then they are shortened."""

ASSIGNED: Final = "assigned"
"""The identifier of a plan that was assigned. No file may take it."""


class InvalidPlan(CoachError):
    """The message names the file, the place in it, what is wrong and how to mend it."""


class Block(FileModel):
    """A routine, or some of its steps."""

    routine: RoutineId
    steps: tuple[Annotated[int, Field(ge=1)], Annotated[int, Field(ge=1)]] | None = None
    """The first and the last step that is done, counted from 1; without them, all."""

    @model_validator(mode="after")
    def _forward(self) -> Block:
        if self.steps and self.steps[0] > self.steps[1]:
            raise ValueError("ends before it begins; write the first step, then the last")
        return self


MOST_BLOCKS = 12
Blocks = Annotated[tuple[Block, ...], Field(min_length=1, max_length=MOST_BLOCKS)]


class Plan(FileModel):
    """What is done for an area of the back, best first in each part."""

    id: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{1,30}$")]
    area: Sentence
    """As it is said behind "ten minutes for", such as "your upper back"."""
    names: Annotated[tuple[Phrase, ...], Field(min_length=1, max_length=4)]
    """What a person may call the area."""
    notes: str = ""
    """For the reader of the file. Never spoken."""
    warm_up: Blocks
    main: Blocks
    fill: Annotated[tuple[Block, ...], Field(max_length=MOST_BLOCKS)] = ()
    """More of the main part, for other areas: taken only where nothing else fills the minutes."""
    cool_down: Blocks

    @property
    def blocks(self) -> tuple[Block, ...]:
        """All parts, in the order of the file."""
        return (*self.warm_up, *self.main, *self.fill, *self.cool_down)


def parse_plan(text: str, source: str) -> Plan:
    """Read a plan from the TOML `text` of the file `source`, or raise ``InvalidPlan``."""
    if len(text) > MAX_CHARACTERS:
        raise InvalidPlan(f"{source}: longer than {MAX_CHARACTERS} characters; shorten it")
    try:
        return Plan.model_validate(parse_toml(text))
    except ValidationError as error:
        raise InvalidPlan(explain_all(error, source, text, "the plan")) from None
    except ValueError as error:
        raise InvalidPlan(f"{source}: not valid TOML: {error}; mend it there") from None


def faults(plan: Plan, language: Language) -> list[tuple[Path, str, str]]:
    """Say what is wrong with a plan for the routines of `language`.

    Each problem is a place in the plan, the text there, and a sentence about it.
    """
    routines = {routine.id: routine for routine in language.routines}
    found: list[tuple[Path, str, str]] = []
    for part in ("warm_up", "main", "fill", "cool_down"):
        for at, block in enumerate(getattr(plan, part)):
            name = block.routine
            routine, wrong = routines.get(name), ""
            if routine is None:
                wrong = f'there is no routine "{name}"; take one that voice-coach lists'
            elif block.steps and block.steps[1] > len(routine.steps):
                wrong = f'"{name}" has only {len(routine.steps)} steps; name fewer'
            elif routine.partner:
                wrong = f'"{name}" needs a partner; a plan is for one person'
            elif block.steps and any(step.head_low for step in routine.steps):
                wrong = f'"{name}" lets the head hang, and only its end lifts it; take it whole'
            if wrong:
                found.append(((part, at), name, f"cannot be done: {wrong}"))
    return found


def compose(
    plan: Plan, minutes: int, language: Language, allowed: Callable[[Routine], bool]
) -> Routine | None:
    """Make a routine of about so many `minutes` of what is `allowed`; None if nothing is."""
    room = 60 * minutes - PREPARING
    blocks = _chosen(plan, room, language, allowed)
    if not blocks:
        return None
    shortest, longest = STRETCH
    factor = 1.0
    for _ in range(3):
        # Talk does not stretch, so one division is not enough.
        whole = join(plan, minutes, blocks, language, factor)
        factor *= room / _seconds(whole, language)
        factor = min(max(factor, shortest), longest)
    return join(plan, minutes, blocks, language, factor)


def join(
    plan: Plan, minutes: int, blocks: Sequence[Block], language: Language, factor: float = 1.0
) -> Routine:
    """Make one routine of these, each but the first begun by a step that leads over to it."""
    lines = language.teaching.plans
    routines = [language.routine(block.routine) for block in blocks]
    first, last = routines[0], routines[-1]
    twist = any(routine.twist for routine in routines)
    titles = ", ".join(dict.fromkeys(routine.title for routine in routines))
    whole = blocks[-1].steps is None or blocks[-1].steps[1] == len(last.steps)
    return Routine(
        id=choice(plan, minutes),
        title=title(plan, minutes, language),
        names=names(plan, minutes, language),
        order=1000,
        summary=shorten(lines.summary.format(names=titles), LONGEST_SENTENCE, placeholder=" ..."),
        twist=twist,
        neck=any(routine.neck for routine in routines),
        strong=any(routine.strong for routine in routines),
        position=first.position,
        ends=(last.ends if whole else None) or last.position,
        setup=first.setup,
        caution=first.caution or (lines.caution if twist else ()),
        place=(lines.order,),
        props=things(routines),
        steps=joined([_part(block, language, factor) for block in blocks], language),
        closing=last.closing,
    )


def choice(plan: Plan, minutes: int) -> str:
    """Give the identifier by which a plan of this length is chosen."""
    return f"{plan.id}-{minutes}"


def assigned_choice(minutes: int) -> str:
    """Give the identifier by which an assigned plan of this length is chosen."""
    return f"{ASSIGNED}-{minutes}"


def is_assigned(identifier: str) -> bool:
    """Tell whether this is the identifier of an assigned plan, or of its gentle form."""
    return identifier.split("-", maxsplit=1)[0] == ASSIGNED


def title(plan: Plan, minutes: int, language: Language) -> str:
    """Give the name of a plan of this length, as the coach says it."""
    number = language.number(minutes).capitalize()
    return language.teaching.plans.title.format(n=number, area=plan.area)


def name(block: Block, language: Language) -> str:
    """Give what the coach calls a part: the routine, or the step it begins with in its midst.

    Where that has two sides, its title tells only the first.
    """
    routine = language.routine(block.routine)
    first = block.steps[0] if block.steps else 1
    step = routine.steps[first - 1]
    return routine.title if first == 1 or step.sided else step.title


def names(plan: Plan, minutes: int, language: Language) -> tuple[str, ...]:
    """Give what a person may say to choose this plan at this length."""
    phrases = language.teaching.plans.phrases
    timed = [phrases.timed.format(n=language.number(minutes), name=name) for name in plan.names]
    if minutes == USUAL:
        timed += plan.names
    if minutes == min(MINUTES):
        timed += [phrases.short.format(name=name) for name in plan.names]
    return tuple(timed)


def _chosen(
    plan: Plan, room: float, language: Language, allowed: Callable[[Routine], bool]
) -> tuple[Block, ...]:
    """Take the first warm-up, what fits behind it, and the first cool-down that leaves room.

    It must also be long enough for the minutes; where none is both, the first one is taken.
    """
    there = {routine.id for routine in language.routines if allowed(routine)}

    def open_to(blocks: Sequence[Block]) -> list[Block]:
        return [block for block in blocks if block.routine in there]

    def seconds(*blocks: Block) -> float:
        return _seconds(join(plan, USUAL, blocks, language), language)

    def fills_the_minutes(blocks: Sequence[Block]) -> bool:
        return bool(blocks) and seconds(*blocks) * max(STRETCH) >= room

    warm_ups, mains, cool_downs = map(open_to, (plan.warm_up, plan.main, plan.cool_down))
    fills = open_to(plan.fill)

    def filled(warm_up: Block, cool_down: Block) -> tuple[list[Block], tuple[Block, ...]]:
        taken: list[Block] = []
        whole: tuple[Block, ...] = ()
        for block in (*mains, *fills):
            if block in fills and fills_the_minutes(whole):
                break
            wanted = _in_order(warm_up, [*taken, block], cool_down, language)
            if wanted and seconds(*wanted) <= TOLERANCE * room:
                taken.append(block)
                whole = wanted
        return taken, whole

    found: list[tuple[Block, ...]] = []
    for warm_up, cool_down in product(warm_ups, cool_downs):
        taken, whole = filled(warm_up, cool_down)
        if taken and seconds(*taken) >= ENOUGH * room and fills_the_minutes(whole):
            return whole
        found += [whole] * bool(taken)
    # Where so little is allowed that no main part is left, a rest is better than nothing.
    return found[0] if found else tuple(cool_downs[:1])


def _in_order(
    warm_up: Block, mains: Sequence[Block], cool_down: Block, language: Language
) -> tuple[Block, ...]:
    """Set these in the order of a plan.

    Give none where there is no such order, where two are twists, or where a step would come twice.
    """

    def place(block: Block) -> int:
        return ORDER.index(language.routine(block.routine).position)

    whole = (warm_up, *sorted(mains, key=place), cool_down)
    twists = sum(language.routine(block.routine).twist for block in whole)
    places = list(map(place, whole))
    steps = [step for block in whole for step in _numbers(block, language)]
    fits = places == sorted(places) and twists <= 1 and len(steps) == len(set(steps))
    return whole if fits else ()


def _numbers(block: Block, language: Language) -> Iterator[tuple[str, int]]:
    first, last = block.steps or (1, len(language.routine(block.routine).steps))
    return ((block.routine, number) for number in range(first, last + 1))


def _part(block: Block, language: Language, factor: float) -> Part:
    routine = language.routine(block.routine)
    steps = adapted(routine, factor).steps
    chosen = tuple(steps[number - 1] for _, number in _numbers(block, language))
    return Part(routine, name(block, language), chosen)


def _seconds(routine: Routine, language: Language) -> float:
    return sum(map(step_seconds, write_out(routine, language.coach)))
