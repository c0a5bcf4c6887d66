"""Checks a routine for what its format cannot refuse.

If the coach speaks a word that is a command at that moment, it could hear itself. A press outside a
breath out is the one thing this program must never cue. A name that already means something else
cannot be told apart by ear.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from voice_coach.core.commands import URGENT, Command, unmarked
from voice_coach.core.transitions import State, accepted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from voice_coach.core.language import Language
    from voice_coach.core.routine import Path, Routine, Step


@dataclass(frozen=True)
class Advice:
    """One thing to mend."""

    path: Path
    """Where it is."""
    text: str
    """The text there."""
    message: str
    """What is wrong with it, and what to do."""


def advise(routine: Routine, language: Language) -> list[Advice]:
    """Look over a routine that is to be taught beside those of `language`."""
    return [
        *_names(routine, language),
        *_commands(routine, language),
        *_presses(routine, language),
    ]


def _names(routine: Routine, language: Language) -> Iterator[Advice]:
    if any(other.id == routine.id for other in language.routines):
        message = f'"{routine.id}" is another routine\'s; choose another'
        yield Advice(("id",), routine.id, message)
    number = language.coach.number
    numbers = {word for n in language.coach.numbers for word in (n, f"{number} {n}")}
    understood = numbers | set(language.phrases())
    urgent = [phrase for command in URGENT for phrase in language.commands[command]]
    for at, name in enumerate(routine.names):
        if name in understood:
            message = f'"{name}" already means something; choose another'
            yield Advice(("names", at), name, message)
        elif inside := _found(urgent, name):
            message = f'"{name}" holds "{inside}", which would end the session; choose another'
            yield Advice(("names", at), name, message)


def _commands(routine: Routine, language: Language) -> Iterator[Advice]:
    teaching = language.advice.teaching
    taught = re.compile(rf"\b{re.escape(teaching)}[^.?!]*", re.IGNORECASE)
    unheard = frozenset() if routine.partner else {Command.GENTLER}
    phrases = language.phrases().items()
    for state, path, sentence in _spoken(routine):
        commands = accepted(state) - unheard
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
        ("caution", routine.caution, State.BRIEFING),
        ("place", routine.place, State.BRIEFING),
        ("closing", routine.closing, State.RATING),
    ):
        yield from ((state, (key, at), text) for at, text in enumerate(sentences))
    for number, step in enumerate(routine.steps):
        path = ("steps", number)
        yield from ((State.TELLING, (*path, "say", at), text) for at, text in enumerate(step.say))
        if step.breathing:
            cues = ("cue_in", step.breathing.cue_in), ("cue_out", step.breathing.cue_out)
            yield from ((State.BREATHING, (*path, "breathing", key), cue) for key, cue in cues)


def _outside_a_press(step: Step, path: Path) -> Iterator[tuple[Path, str]]:
    """Give what a partner hears, except steps that press and the cue to do so."""
    presses = step.breathing is not None and step.breathing.press
    if step.to == "partner" and not presses:
        yield from (((*path, "say", at), text) for at, text in enumerate(step.say))
    if step.breathing:
        yield (*path, "breathing", "cue_in"), step.breathing.cue_in
        if not presses:
            yield (*path, "breathing", "cue_out"), step.breathing.cue_out


def _found(phrases: Iterable[str], text: str) -> str | None:
    """Give the first of `phrases` that can be heard in `text` as whole words."""
    words = " ".join(re.findall(r"[\w']+", unmarked(text.lower())))
    return next((phrase for phrase in phrases if f" {unmarked(phrase)} " in f" {words} "), None)
