"""Everything the coach says and understands in one language, as data.

A language is a folder: commands.toml, coach.toml, safety.toml and routines/*.toml. This module
knows their shape; reading the files is the catalogue's task.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from voice_coach.core.commands import Command, Meaning
from voice_coach.core.routine import Routine, Sentence

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from voice_coach.core.commands import Phrases

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

Sentences = Annotated[tuple[Sentence, ...], Field(min_length=1)]


class InvalidLanguage(Exception):  # noqa: N818 - the file is at fault
    """The message names the file, the place in it and what is wrong."""


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Prompt(_Model):
    """What the coach says when nobody answers."""

    say: Sentences
    """One at a time, in turn."""
    every: Annotated[float, Field(ge=3, le=60)]
    """Seconds of silence before each."""
    times: Annotated[int, Field(ge=1, le=200)]
    """How often, before the coach gives up."""


class Prompts(_Model):
    """The prompts of the states that wait for a person."""

    choosing: Prompt
    sound_check: Prompt
    waiting: Prompt
    paused: Prompt


class Answers(_Model):
    """Short replies. ``{n}`` stands for a number word or a number."""

    slower: Sentence
    faster: Sentence
    louder: Sentence
    softer: Sentence
    gentler: Sentence
    no_hurry: Sentence
    paused: Sentence
    going_on: Sentence
    help_choosing: Sentence
    help_sound_check: Sentence
    help_paused: Sentences
    steps_left: Sentence
    one_step_left: Sentence
    last_step: Sentence
    minutes_left: Sentence
    under_two_minutes: Sentence
    seconds_left: Sentence
    breaths_left: Sentence
    one_breath_left: Sentence
    last_breath: Sentence


class Hold(_Model):
    """What is said while a position is held."""

    halfway: Sentence
    countdown: Sentences
    """One a second, the last of them a second before the end."""
    release: Sentence


class Faults(_Model):
    """What is said when a part of the coach is gone."""

    hearing: Sentences
    voice: Sentences
    unanswered: Sentences


class CoachLines(_Model):
    """The coach's own sentences, outside any routine."""

    welcome: Sentences
    offer: Sentence
    """Names one routine; ``{n}`` is its number and ``{name}`` what it is called."""
    ask: Sentence
    chosen: Sentence
    """``{name}`` is the routine's title."""
    sound_check: Sentences
    sound_check_partner: Sentences
    teach_pain: Sentence
    ask_ready: Sentence
    weak_hearing: Sentences
    disclaimer: Sentence
    to_partner: Sentence
    """Goes before what is meant for the partner; ``{sentence}`` is what follows."""
    completed: Sentences
    stopped: Sentence
    number: Sentence
    """What may be said before a routine's number."""
    numbers: Annotated[tuple[str, ...], Field(min_length=21)]
    """Number words from zero on."""
    prompts: Prompts
    answers: Answers
    hold: Hold
    faults: Faults


class SafetyNotes(_Model):
    """What is said after pain, in this order."""

    partner: Sentences
    """First of all, when a partner's hands are on the back."""
    person: Sentences
    doctor: Sentences


class Language(_Model):
    """One language, whole."""

    code: str
    coach: CoachLines
    safety: SafetyNotes
    commands: dict[Command, Annotated[tuple[str, ...], Field(min_length=1)]]
    routines: tuple[Routine, ...] = ()

    def phrases(self) -> Phrases:
        """Every phrase that is understood, routine names and their numbers among them."""
        meanings = {
            phrase: Meaning(command)
            for command, spoken in self.commands.items()
            for phrase in spoken
        }
        for number, routine in enumerate(self.routines, 1):
            word = self.number(number)
            spoken = (*routine.names, word, f"{self.coach.number} {word}")
            meanings.update({name.lower(): Meaning(Command.CHOOSE, routine.id) for name in spoken})
        return meanings

    def number(self, n: int) -> str:
        """Spell a small number; digits where there is no word for it."""
        return self.coach.numbers[n] if n < len(self.coach.numbers) else str(n)

    def routine(self, identifier: str) -> Routine:
        """Give a routine by its identifier; ``KeyError`` if there is none."""
        return {routine.id: routine for routine in self.routines}[identifier]


def parse_language(code: str, files: Mapping[str, str], routines: Sequence[Routine]) -> Language:
    """Build a language from the texts of its TOML `files`, or raise ``InvalidLanguage``."""
    content = {}
    for name, text in files.items():
        try:
            content[name] = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise InvalidLanguage(f"{code}/{name}.toml: not valid TOML: {error}") from None
    try:
        return Language(
            code=code, routines=tuple(sorted(routines, key=lambda r: (r.order, r.id))), **content
        )
    except ValidationError as error:
        problem = error.errors()[0]
        name, *place = (str(part) for part in problem["loc"])
        raise InvalidLanguage(
            f"{code}/{name}.toml: {'.'.join(place)}: {problem['msg'].lower()}"
        ) from None
