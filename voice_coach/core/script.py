"""A routine written out: both sides, the partner addressed, every sentence in its order."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING, Literal

from voice_coach.core.earcons import HEARD
from voice_coach.core.routine import CHOICE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from voice_coach.core.breathing import Pattern
    from voice_coach.core.language import Language
    from voice_coach.core.lines import CoachLines
    from voice_coach.core.routine import Breathing, Routine, Step

Question = Literal["clock", "place", "moving", "tingling", ""]
"""What a step asks; empty where it asks nothing."""


@dataclass(frozen=True)
class ScriptStep:
    """One step as it is done, on one side if it has sides."""

    source: Step
    title: str
    say: tuple[str, ...]
    side: str = ""
    """What the side is called on the screen; empty where there are no sides."""
    mirrored: bool = False
    """The other side: left and right of the pose change places."""
    breathing: Breathing | None = None
    called: tuple[tuple[str, str], ...] = ()
    """The cues of each round, in and out, where they take turns; empty: always the same."""
    release: str = ""
    """Said when a counted hold is over; empty for the coach's own words."""

    def question(self, *, moving: bool) -> Question:
        """Give what it asks, "moving" while a partner's hands move; empty where it asks nothing."""
        return "moving" if moving and self.source.ask == "place" else self.source.ask or ""

    @property
    def sentences(self) -> tuple[str, ...]:
        """All this step may say, in order."""
        cues = self.breathing.cues if self.breathing else ()
        called = (cue for each in self.called for cue in each)
        release = (self.release,) if self.release else ()
        return (*self.say, *cues, *called, *release)


def write_out(
    routine: Routine, lines: CoachLines, pattern: Pattern | None = None
) -> tuple[ScriptStep, ...]:
    """Give the steps in the order they are done; sided ones once for each side.

    Breathing without seconds of its own uses the `pattern`.
    """
    return tuple(_in_pattern(step, pattern) for step in _steps(routine, lines))


def needs(props: Iterable[str], language: Language) -> tuple[str, ...]:
    """Give the sentence that names these, which must be at hand; none where nothing is needed."""
    if not (things := [*props]):
        return ()
    moving = language.teaching.moving
    *most, last = things
    named = moving.and_last.format(things=", ".join(most), last=last) if most else last
    return (moving.needs.format(things=named),)


def sound_check(
    routine: Routine,
    language: Language,
    lesson: tuple[str, ...] = (),
    *,
    checked: bool = False,
    known: bool = False,
    tested: bool = False,
    up: tuple[str, ...] = (),
) -> tuple[str, ...]:
    """Give the sentences of the sound check, which teach the words for pain.

    It is made where and how the person will be, so the way there comes first. Once it is
    `checked`, only the pain words are taught again: there may be a partner now. What is needed is
    named first, while the person can still fetch it. Whoever has `known` the routine needs no
    lesson in coming down. Before a stop test, where it is `tested`, they alone do not even need the
    pain words: they say them in a moment. Who is on the floor already, after another routine, stays
    there or is told how to get `up`.
    """
    lines, moving = language.coach, language.teaching.moving
    first, lesson = ((), ()) if checked or known else (lines.sound_check, lesson)
    partner = lines.sound_check_partner if routine.partner else ()
    pain = () if known and tested and not partner else (lines.teach_pain,)
    chosen = lines.chosen.format(name=routine.title)
    below = routine.position == "floor"
    down = (moving.down[:1] if known else moving.down) if below and not up else ()
    setup = (
        chosen,
        *(() if below else up),
        *needs(routine.things, language),
        *down,
        *routine.setup,
    )
    return (*setup, *first, *pain, *partner, *lesson, lines.ask_ready)


def earcon_lesson(lines: CoachLines) -> tuple[str, ...]:
    """Give what teaches the earcon that acknowledges; the others come with words that say it."""
    return (lines.teach_earcon, HEARD)


def stop_test(routine: Routine, lines: CoachLines) -> tuple[str, ...]:
    """Give the sentences of the stop test; none before what is gentle."""
    asks = lines.stop_test
    asked = (*asks.lying, *asks.partner) if routine.partner else asks.ask
    return () if routine.is_gentle else (*asked, asks.count, *asks.passed)


def briefing(routine: Routine, lines: CoachLines) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Give the sentences of the briefing: what "next" never skips, and the rest.

    Whoever has done the routine before hears only its cautions.
    """
    return (*routine.caution, lines.disclaimer), routine.place


def farewell(routine: Routine | None, language: Language) -> tuple[str, ...]:
    """Give the last words of a completed routine; whoever lies hears how to get up before them."""
    up = way_up(routine, language) if routine else ()
    return (*up, *language.coach.completed)


def way_up(routine: Routine, language: Language) -> tuple[str, ...]:
    """Tell whoever lies at the end how to get up; who lies on a side need not turn onto one."""
    turning, *rising = language.teaching.moving.up
    if not routine.ends_on_floor:
        return ()
    return tuple(rising) if routine.ends == "side" else (turning, *rising)


def routine_sentences(
    routine: Routine, language: Language, script: Iterable[ScriptStep] | None = None
) -> tuple[str, ...]:
    """List what a session of this routine will surely say, in order and once each."""
    lines = language.coach
    cautions, place = briefing(routine, lines)
    steps = [text for step in script or write_out(routine, lines) for text in step.sentences]
    hold = lines.hold
    lift = language.teaching.moving.lift if "head low" in routine.classes else ()
    held = (*lift, hold.halfway, *hold.countdown, hold.release, *hold.company)
    answers = (
        *(_to_presser(lines) if routine.needs_hearing else ()),
        lines.teach_help,
        lines.answers.paused,
        lines.answers.going_on,
        lines.pain_confirmation.reassurance,
        *lines.prompts.waiting.say,
        *lines.prompts.paused.say,
    )
    replies = (*lines.rating.better, *lines.rating.same, *lines.rating.worse)
    questions = (*lines.prompts.rating.say, *replies, *lines.prompts.restart.say)
    ending = (*routine.closing, *questions, *farewell(routine, language))
    begun = (*stop_test(routine, lines), *cautions, *place)
    return tuple(dict.fromkeys((*begun, *steps, *held, *answers, *ending)))


def _to_presser(lines: CoachLines) -> tuple[str, ...]:
    said = lines.press
    first = (said.release, said.missed, said.louder, said.unheard, said.enough)
    return (*first, said.by_clock, said.another, said.there)


def _in_pattern(step: ScriptStep, pattern: Pattern | None) -> ScriptStep:
    written = step.source.breathing
    if not pattern or not written or {"breath_in", "breath_out"} & written.model_fields_set:
        return step
    seconds = {"breath_in": pattern.breath_in, "breath_out": pattern.breath_out}
    breathing = step.breathing and step.breathing.model_copy(update=seconds)
    return replace(step, breathing=breathing)


def _steps(routine: Routine, lines: CoachLines) -> Iterator[ScriptStep]:
    for sided, group in groupby(routine.steps, key=lambda step: step.sided):
        steps = list(group)
        if not sided:
            yield from (_write(step, lines) for step in steps)
            continue
        for mirrored, side in enumerate(routine.sides or lines.sides):
            yield from (_write(step, lines, side, bool(mirrored)) for step in steps)


def _write(step: Step, lines: CoachLines, side: str = "", mirrored: bool = False) -> ScriptStep:
    def chosen(text: str) -> str:
        return CHOICE.sub(r"\2" if mirrored else r"\1", text)

    say = [chosen(text) for text in step.say]
    if step.to == "partner":
        # Two people hear it all: each sentence tells which of them it is for.
        say = [lines.to_partner.format(sentence=sentence) for sentence in say]
    breathing = step.breathing and step.breathing.model_copy(
        update={
            "cue_in": chosen(step.breathing.cue_in),
            "cue_out": chosen(step.breathing.cue_out),
            "cue_push": step.breathing.cue_push and chosen(step.breathing.cue_push),
            "cue_let_go": step.breathing.cue_let_go and chosen(step.breathing.cue_let_go),
        }
    )
    release = chosen(step.release or "")
    return ScriptStep(
        step, chosen(step.title), tuple(say), side, mirrored, breathing, release=release
    )
