"""Everything the coach can say in one language, so that it can be rendered before anybody asks.

A shipped voice is a set of clips, and a sentence without a clip would be said by another voice, or
not at all. So the sentences are not listed by hand: they are taken from the same texts, and put
together by the same functions, as in a session.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from voice_coach.core.breathing import LONGEST, Pattern
from voice_coach.core.choosing import about
from voice_coach.core.commands import Command
from voice_coach.core.lines import FIELD
from voice_coach.core.plan import MINUTES, compose, name
from voice_coach.core.press import HEARD_SECONDS
from voice_coach.core.remaining import EXACT, rounded, step_seconds
from voice_coach.core.rendering import PARTS, introduction, rendered
from voice_coach.core.script import sound_check, write_out
from voice_coach.core.timed import LONGEST_HOLD

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from voice_coach.core.language import Language
    from voice_coach.core.routine import Routine
    from voice_coach.core.script import ScriptStep

UNSPOKEN = frozenset({"sides", "number", "numbers", "ordinals", "phrase", "gentler", "leave_out"})
"""Fields of the coach's lines that are shown, understood, or said only within another sentence."""
IN_PARTS = frozenset(
    {
        "help_choosing",
        "help_sound_check",
        "not_understood",
        "lying",
        "another",
        "far_enough",
        "there",
    }
)
"""Lines that share sentences with others, and are listed sentence by sentence."""
UNSAID = frozenset({"fillers", "sayings", "voice"})
"""Fields of a language of which nothing is said."""
SLOWEST = Pattern(LONGEST, LONGEST)
"""The breath with which a routine takes longest."""


def all_sentences(language: Language) -> tuple[str, ...]:
    """List all that the coach can say, once each.

    An answer that is put together of sentences ("how long?") is listed as these sentences.
    """
    return tuple(dict.fromkeys(_said(language)))


def digest(language: Language) -> str:
    """Give a short text that changes with all that the coach can say; it takes 1 ms, not 60."""
    return hashlib.sha256(language.model_dump_json(exclude={*UNSAID}).encode()).hexdigest()[:20]


def parts(text: str) -> list[str]:
    """Split what is said in one go into its sentences."""
    return PARTS.split(text)


def _said(language: Language) -> Iterator[str]:
    yield from _texts(language.coach.model_dump())
    yield from _texts(language.safety.model_dump())
    yield language.commands[Command.PAIN][0]  # what the doctor says, to see whether it is heard
    yield language.coach.to_partner.format(sentence=language.coach.answers.gentler)
    for offering in (language, language.alone()):
        yield from _offers(offering)
    for routine in language.routines:
        yield from _routine(routine, language)
    yield from _texts(language.teaching.model_dump(mode="json"))
    planned = tuple(_planned(language))
    yield from _plans(language, planned)
    yield from _counts(language, planned)


def _texts(content: object) -> Iterator[str]:
    """Give the whole sentences in a model's content, in the order of its fields."""
    if isinstance(content, str):
        if not FIELD.search(content):
            yield content
    elif isinstance(content, dict):
        for name, value in content.items():
            if name not in UNSPOKEN:
                whole = [value] if isinstance(value, str) else value
                yield from _texts([parts(text) for text in whole] if name in IN_PARTS else value)
    elif isinstance(content, tuple | list):
        for value in content:
            yield from _texts(value)


def _offers(language: Language) -> Iterator[str]:
    offer = language.coach.offer
    for number, routine in enumerate(language.routines, 1):
        yield offer.format(n=language.number(number), name=routine.names[0])


def _routine(routine: Routine, language: Language) -> Iterator[str]:
    yield from about(language, routine.id)
    yield from introduction(routine, language)
    yield from sound_check(routine, language)
    yield language.teaching.plans.same_again.format(name=routine.title)
    recorded = () if routine.needs_hearing else (rendered(routine, language),)
    for told in (routine, *recorded):
        yield from (*told.caution, *told.place, *told.closing)
        for step in write_out(told, language.coach):
            yield from step.sentences
            if step.breathing and step.breathing.cue_let_go:
                yield language.coach.to_partner.format(sentence=step.breathing.cue_let_go)


def _plans(language: Language, planned: Iterable[Routine]) -> Iterator[str]:
    """Give what a plan adds to its routines, whatever of it is allowed."""
    lines = language.teaching.plans
    for routine in language.routines:
        if not routine.partner:
            yield lines.then.format(name=routine.title)
    for block in (block for plan in language.plans for block in (*plan.main, *plan.cool_down)):
        yield lines.then.format(name=name(block, language))
    for plan in planned:
        yield language.coach.chosen.format(name=plan.title)
        yield lines.same_again.format(name=plan.title)
        yield from sound_check(plan, language)
        yield from plan.place


def _planned(language: Language) -> Iterator[Routine]:
    """Give each plan whole and in its gentlest form; between these nothing else is said."""
    for plan in language.plans:
        for minutes in MINUTES:
            for gentle in (False, True):
                allowed = [r for r in language.routines if r.is_gentle or not gentle]
                planned = compose(plan, minutes, language, allowed.__contains__)
                if planned:
                    yield planned


def _counts(language: Language, planned: Iterable[Routine]) -> Iterator[str]:
    """Give each sentence with a number in it, for all numbers that can come up."""
    answers = language.coach.answers
    routines = (*language.routines, *planned)
    scripts = [write_out(routine, language.coach, SLOWEST) for routine in routines]
    steps = [step for script in scripts for step in script]
    most_steps = max(map(len, scripts), default=0)
    seconds = range(2, round(LONGEST_HOLD) + 1) if any(s.source.hold for s in steps) else range(0)
    longest = max((_seconds(script) for script in scripts), default=0.0)
    for answer in (answers.where, answers.next_step):
        for step in steps:
            yield from parts(answer.format(title=step.title))
    for answer, numbers in (
        (answers.steps_left, range(2, min(EXACT + 1, most_steps))),
        (answers.many_steps_left, (EXACT,) if most_steps > EXACT + 1 else ()),
        (answers.minutes_left, _rounded(range(2, round(longest / 60) + 1))),
        (answers.seconds_left, _rounded(seconds)),
        (
            language.coach.press.heard,
            HEARD_SECONDS if any(r.needs_hearing for r in routines) else (),
        ),
        (answers.breaths_left, _rounded(range(2, _most(_rounds(step) for step in steps)))),
    ):
        yield from (answer.format(n=language.number(number)) for number in numbers)


def _rounded(numbers: Iterable[int]) -> Iterable[int]:
    return dict.fromkeys(rounded(number) for number in numbers)


def _seconds(script: Iterable[ScriptStep]) -> float:
    return sum(map(step_seconds, script))


def _rounds(step: ScriptStep) -> int:
    return step.breathing.rounds if step.breathing else 0


def _most(values: Iterable[float | None]) -> int:
    return round(max((value for value in values if value), default=0))
