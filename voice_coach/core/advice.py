"""Checks a routine or a plan for mistakes that its format allows.

If the coach speaks a word that is a command at that moment, it could hear itself. A press outside a
breath out is the one thing this program must never cue. A name that already means something else
cannot be told apart by ear. A name with a word that the speech model does not know is never heard.
Stars, tags and letters of another script are read out, or left out, by a voice.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from voice_coach.core.commands import URGENT, Command, unmarked
from voice_coach.core.plan import MINUTES, faults, is_assigned
from voice_coach.core.plan import names as plan_names
from voice_coach.core.transitions import State, accepted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from collections.abc import Set as AbstractSet

    from voice_coach.core.language import Language
    from voice_coach.core.plan import Plan
    from voice_coach.core.problems import Path
    from voice_coach.core.routine import Routine, Step


@dataclass(frozen=True)
class Advice:
    """One thing to mend."""

    path: Path
    """Where it is."""
    text: str
    """The text there."""
    message: str
    """What is wrong with it, and what to do."""


MARKS = frozenset(" .,:;!?\u00bf\u00a1'\u2019\"\u201c\u201d\u00ab\u00bb()-\u2013\u2014\u2026[|]")
"""What a sentence may hold besides letters and digits: marks that make a pause or none, and the
brackets of a side choice."""


def advise(
    routine: Routine, language: Language, knows: Callable[[str], bool] = lambda _word: True
) -> list[Advice]:
    """Look over a routine that is to be taught beside those of `language`.

    `knows` tells whether a word can be heard; without it, every word is taken to be.
    """
    return [
        *_names(routine, routine.names, language),
        *_unheard(routine.names, language, knows),
        *_unspeakable(_texts(routine), language),
        *_commands(routine, language),
        *_presses(routine, language),
    ]


def advise_on_plan(
    plan: Plan, language: Language, knows: Callable[[str], bool] = lambda _word: True
) -> list[Advice]:
    """Look over a plan that is to be offered beside those of `language`; `knows` as above."""
    area = ("area",)
    asked = [name for minutes in MINUTES for name in plan_names(plan, minutes, language)]
    named = [*_names(plan, plan.names, language)]
    # What is asked for with its minutes is looked over only where the name alone is good.
    named = named or [Advice(area, "", a.message) for a in _names(plan, asked, language)]
    return [
        *named,
        *_unheard(plan.names, language, knows),
        *_unspeakable([(area, plan.area)], language),
        *_unsayable(area, plan.area, accepted(State.SOUND_CHECK), language),
        *(Advice(path, text, message) for path, text, message in faults(plan, language)),
    ]


def _names(made: Routine | Plan, names: Sequence[str], language: Language) -> Iterator[Advice]:
    """Look over the identifier and the names."""
    taken = {*language.choices, *(plan.id for plan in language.plans)}
    if is_assigned(made.id):
        message = f'"{made.id}" is reserved for plans that are assigned; choose another'
        yield Advice(("id",), made.id, message)
    elif made.id in taken:
        message = f"\"{made.id}\" is another routine's or plan's; choose another"
        yield Advice(("id",), made.id, message)
    number = language.coach.number
    numbers = {word for n in language.coach.numbers for word in (n, f"{number} {n}")}
    understood = numbers | set(language.phrases())
    urgent = [phrase for command in URGENT for phrase in language.commands[command]]
    for at, name in enumerate(names):
        if name in understood:
            message = f'"{name}" already means something; choose another'
            yield Advice(("names", at), name, message)
        elif inside := _found(urgent, name):
            message = f'"{name}" holds "{inside}", which would end the session; choose another'
            yield Advice(("names", at), name, message)


def _unheard(
    names: Iterable[str], language: Language, knows: Callable[[str], bool]
) -> Iterator[Advice]:
    for at, name in enumerate(names):
        if unknown := [word for word in name.split() if not knows(word)]:
            words = " and ".join(f'"{word}"' for word in unknown)
            message = (
                f"has {words}, which the speech model does not know, so nobody could choose the "
                f'routine by this name; use common words, as in "{language.advice.example}"'
            )
            yield Advice(("names", at), name, message)


def _unspeakable(texts: Iterable[tuple[Path, str]], language: Language) -> Iterator[Advice]:
    scripts = {_script(letter) for letter in language.advice.letters}
    for path, text in texts:
        for c in dict.fromkeys(text):
            if c.isalpha() or unicodedata.combining(c):
                if c.isalpha() and _script(c) not in scripts:
                    message = (
                        f'has "{c}", a letter of another script, which the voice cannot say; '
                        "write it as it sounds"
                    )
                    yield Advice(path, text, message)
                    break
            elif c not in MARKS and c not in "0123456789":
                message = (
                    f'has "{c}", which the voice reads out or leaves out; leave it out, or write '
                    "it as a word"
                )
                yield Advice(path, text, message)
                break


def _script(letter: str) -> str:
    return unicodedata.name(letter, "").partition(" ")[0]


def _texts(routine: Routine) -> Iterator[tuple[Path, str]]:
    """Give all that a voice may say, and where it stands."""
    yield ("title",), routine.title
    yield ("summary",), routine.summary
    if routine.surface:
        yield ("surface",), routine.surface
    for key in ("names", "setup", "place", "props", "sides", "caution", "closing"):
        yield from (((key, at), text) for at, text in enumerate(getattr(routine, key) or ()))
    for number, step in enumerate(routine.steps):
        path = ("steps", number)
        yield (*path, "title"), step.title
        yield from (((*path, "say", at), text) for at, text in enumerate(step.say))
        if step.release:
            yield (*path, "release"), step.release
        yield from _cues(step, path)


def _cues(step: Step, path: Path) -> Iterator[tuple[Path, str]]:
    for key in ("cue_in", "cue_out", "cue_push", "cue_let_go"):
        if cue := getattr(step.breathing, key, None):
            yield (*path, "breathing", key), cue


def _commands(routine: Routine, language: Language) -> Iterator[Advice]:
    unheard = frozenset() if routine.partner else {Command.GENTLER}
    for state, path, sentence in _spoken(routine):
        yield from _unsayable(path, sentence, accepted(state) - unheard, language)


def _unsayable(
    path: Path, sentence: str, commands: AbstractSet[Command], language: Language
) -> Iterator[Advice]:
    teaching = language.advice.teaching
    taught = re.compile(rf"\b{re.escape(teaching)}[^.?!]*", re.IGNORECASE)
    phrases = language.phrases().items()
    live = (p for p, meaning in phrases if meaning.command in commands and not meaning.alone)
    if phrase := _found(live, taught.sub("", sentence)):
        message = (
            f'has "{phrase}", which is a command while it is spoken; use another word, '
            f'or teach it behind "{teaching}"'
        )
        yield Advice(path, sentence, message)


def _presses(routine: Routine, language: Language) -> Iterator[Advice]:
    for number, step in enumerate(routine.steps if routine.partner else ()):
        for path, sentence in _outside_a_press(step, ("steps", number)):
            if word := _found(language.advice.pressing, sentence):
                message = (
                    f'has "{word}", which asks for pressure outside a breath out; '
                    "let the partner press only in a breathing with press = true"
                )
                yield Advice(path, sentence, message)


def _spoken(routine: Routine) -> Iterator[tuple[State, Path, str]]:
    """Give what is spoken, where it stands, and the state it is spoken in."""
    for key, sentences, state in (
        ("setup", routine.setup, State.SOUND_CHECK),
        ("props", routine.props, State.SOUND_CHECK),
        ("caution", routine.caution, State.BRIEFING),
        ("place", routine.place, State.BRIEFING),
        ("closing", routine.closing, State.RATING),
    ):
        yield from ((state, (key, at), text) for at, text in enumerate(sentences))
    if routine.surface:
        yield State.SOUND_CHECK, ("surface",), routine.surface
    for number, step in enumerate(routine.steps):
        path = ("steps", number)
        yield from ((State.TELLING, (*path, "say", at), text) for at, text in enumerate(step.say))
        if step.release:
            yield State.HOLDING, (*path, "release"), step.release
        yield from ((State.BREATHING, *cue) for cue in _cues(step, path))


def _outside_a_press(step: Step, path: Path) -> Iterator[tuple[Path, str]]:
    """Give what a partner hears, except steps that press and the cue to do so."""
    if step.to == "partner" and not step.is_press:
        yield from (((*path, "say", at), text) for at, text in enumerate(step.say))
    yield from (cue for cue in _cues(step, path) if cue[0][-1] != "cue_push")


def _found(phrases: Iterable[str], text: str) -> str | None:
    """Give the first of `phrases` that can be heard in `text` as whole words."""
    words = " ".join(re.findall(r"[\w']+", unmarked(text.lower())))
    return next((phrase for phrase in phrases if f" {unmarked(phrase)} " in f" {words} "), None)
