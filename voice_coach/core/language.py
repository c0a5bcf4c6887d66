"""Everything the coach says and understands in one language, as data.

A language is a folder: a file for each field of ``Language`` and routines/*.toml. This module knows
their shape; reading the files is the catalogue's task.
"""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, Annotated

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)

from voice_coach.core.commands import NAMING, Command, Meaning
from voice_coach.core.plan import MINUTES, Plan, faults, names
from voice_coach.core.routine import Phrase, Routine, Sentence, explain, first_problems
from voice_coach.core.teaching import Teaching
from voice_coach.errors import CoachError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from voice_coach.core.commands import Phrases

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

Sentences = Annotated[tuple[Sentence, ...], Field(min_length=1)]
FIELD = re.compile(r"\{(\w+)\}")
"""Where something is put into a sentence."""


def _with_fields(*fields: str) -> AfterValidator:
    wanted = " and ".join(f"{{{field}}}" for field in fields)

    def check(text: str) -> str:
        if sorted(FIELD.findall(text)) != sorted(fields) or re.search("[{}]", FIELD.sub("", text)):
            raise ValueError(f"must hold {wanted} once, and no other brace; put it in")
        return text

    return AfterValidator(check)


Counting = Annotated[Sentence, _with_fields("n")]
"""``{n}`` stands for a number word or a number."""


class InvalidLanguage(CoachError):
    """The message names the file, the place in it and what is wrong."""


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Prompt(_Model):
    """What the coach says when nobody answers."""

    say: Sentences
    """One at a time, in turn."""
    every: Annotated[float, Field(ge=3, le=12)]
    """Seconds of silence before each."""
    times: Annotated[int, Field(ge=0, le=200)]
    """How often, before the coach gives up; 0 where no answer will do."""


class Prompts(_Model):
    """The prompts of the states that wait for a person."""

    choosing: Prompt
    too_often: Prompt
    after_pain: Prompt
    sound_check: Prompt
    waiting: Prompt
    paused: Prompt
    rating: Prompt
    another: Prompt
    """The sentences of these two are the question itself."""


class Answers(_Model):
    """Short replies."""

    slower: Sentence
    faster: Sentence
    louder: Sentence
    softer: Sentence
    longer_breaths: Sentence
    shorter_breaths: Sentence
    gentler: Sentence
    no_hurry: Sentence
    paused: Sentence
    going_on: Sentence
    help_choosing: Sentence
    help_sound_check: Sentence
    help_paused: Sentences
    steps_left: Counting
    one_step_left: Sentence
    last_step: Sentence
    minutes_left: Counting
    under_two_minutes: Sentence
    seconds_left: Counting
    breaths_left: Counting
    one_breath_left: Sentence
    last_breath: Sentence


class About(_Model):
    """What is told about a routine to somebody who has not chosen yet."""

    phrase: Phrase
    """What is said before the name of the routine, or its number, to hear it."""
    stretch: Sentence
    twist: Sentence
    partner: Sentence


class Hold(_Model):
    """What is said while a position is held."""

    halfway: Sentence
    countdown: Annotated[tuple[Sentence, ...], Field(min_length=1, max_length=5)]
    """One a second, the last of them a second before the end."""
    release: Sentence
    company: Sentences
    """Said in turn where a hold would be silent for too long."""


class Earcons(_Model):
    """Teaches what each earcon means; it sounds behind its sentence."""

    heard: Sentence
    hold_over: Sentence
    ended: Sentence


class Doubt(_Model):
    """What is said when it may have hurt."""

    question: Sentence
    reassurance: Sentence
    """Said after a no, before all goes on."""


class Recording(_Model):
    """What is said in a recording, and nowhere else."""

    opening: Sentences
    """That it hears nobody, and what to do when something feels bad."""
    opening_partner: Sentences
    caution: Sentence
    """In place of a caution that tells to say something."""
    wait: Sentence
    """Said where the coach would wait for "next"."""


class Guard(_Model):
    """What is said when the past gives reason to."""

    see_doctor: Sentences
    """When it has hurt on several days."""
    felt_bad: Sentence
    """When it has hurt lately; the doctor's part of the safety note stands behind it."""
    after_pain: Sentences
    """Offers rest, or what is gentle."""
    not_today: Sentence
    """Goes before that when something else was chosen."""
    lately: Sentences
    often: Sentences
    """Why no twist; behind these two stands why not to twist often."""
    unknown: Sentences
    """Why no twist when nothing is remembered."""
    too_often: Sentences
    """Offers what is gentle, and teaches how to insist."""


class Proof(_Model):
    """What is said where the person is to silence the coach before it leads a twist or a press."""

    ask: Sentences
    """Asks for the words of pain. More words follow these, so that their echo has died away, and
    cannot be taken for the person's, before the count."""
    count: Sentence
    """The person speaks into it."""
    proven: Sentences
    again: Sentences
    """In place of what asks, when the first count was in vain."""
    refused: Sentences
    """When the last was: what to do about it, and that nothing of the kind is led here today."""
    not_here: Sentences
    """When something of the kind is chosen all the same."""


class Rating(_Model):
    """The replies to how it was."""

    better: Sentences
    same: Sentences
    worse: Sentences


class Faults(_Model):
    """What is said when a part of the coach is gone."""

    hearing: Sentences
    voice: Sentences
    computer: Sentences
    broken: Sentence
    """Said by the loudspeaker itself when the coach behind it no longer moves: it speaks to all."""
    unanswered: Sentences


class CoachLines(_Model):
    """The coach's own sentences, outside any routine."""

    welcome: Sentences
    offer: Annotated[Sentence, _with_fields("n", "name")]
    """Names one routine; ``{n}`` is its number and ``{name}`` what it is called."""
    more: Sentence
    """Said where there are more routines than are read out at a time."""
    ask: Sentence
    about: About
    chosen: Annotated[Sentence, _with_fields("name")]
    """``{name}`` is the routine's title."""
    sound_check: Sentences
    sound_check_partner: Sentences
    earcons: Earcons
    teach_pain: Sentence
    ask_ready: Sentence
    sides: tuple[Sentence, Sentence]
    """What the first and the other side are called on the screen."""
    weak_hearing: Sentences
    taped: Sentence
    """Said first of all where the sound of a session is kept."""
    deaf: Sentences
    """Said at the beginning where no word can be understood: which keys steer."""
    disclaimer: Sentence
    briefed_before: Sentence
    """Said in place of what is left out for somebody who has heard it before."""
    to_partner: Annotated[Sentence, _with_fields("sentence")]
    """Goes before what is meant for the partner; ``{sentence}`` is what follows."""
    completed: Sentences
    stopped: Sentence
    number: Phrase
    """What may be said before a routine's number."""
    numbers: Annotated[tuple[Phrase, ...], Field(min_length=21)]
    """Number words from zero on."""
    ordinals: tuple[Phrase, ...] = ()
    """From the first on; some voices are heard better with these than with the numbers."""
    prompts: Prompts
    answers: Answers
    hold: Hold
    doubt: Doubt
    recording: Recording
    guard: Guard
    proof: Proof
    rating: Rating
    faults: Faults


class SafetyNotes(_Model):
    """What is said after pain, in the order of the first three, and what else is to be known."""

    partner: Sentences
    """First of all, when a partner's hands are on the back; the first of these also goes before
    the question whether it hurt, and before a goodbye."""
    person: Sentences
    doctor: Sentences
    twisting: Sentences
    """Why not to twist often."""
    outlook: Sentences
    """What becomes of most backaches, and what a doctor may do."""
    red_flags: Sentences
    """The signs that need urgent care, one a sentence behind the first."""


class Advice(_Model):
    """What is to be known to look over a routine that somebody else has written."""

    teaching: Sentence
    """Behind it, words are taught and not used."""
    pressing: Annotated[tuple[Phrase, ...], Field(min_length=1)]
    """Words that ask for pressure."""
    letters: Phrase
    """All that may stand in the name of a routine, besides spaces."""
    example: Phrase
    """A good name."""


class Voice(_Model):
    """Which voice of the computer speaks the language."""

    espeak: Annotated[str, Field(min_length=1)]
    """A voice of eSpeak NG."""
    mac: Annotated[str, Field(min_length=1)] | None = None
    """A voice or a language of macOS; without it, what is chosen in its settings."""


class Language(_Model):
    """One language, whole."""

    code: str
    voice: Voice
    coach: CoachLines
    safety: SafetyNotes
    advice: Advice
    teaching: Teaching
    commands: dict[Command, Annotated[tuple[Phrase, ...], Field(min_length=1)]]
    fillers: dict[str, tuple[str, ...]]
    """Words that are listened for only so as not to be taken for a command, by their kind."""
    routines: tuple[Routine, ...] = ()
    plans: tuple[Plan, ...] = ()

    @field_validator("commands")
    @classmethod
    def _can_all_be_said(
        cls, commands: dict[Command, tuple[str, ...]]
    ) -> dict[Command, tuple[str, ...]]:
        if silent := [c.value for c in Command if c not in commands and c not in NAMING]:
            raise ValueError(f"has no phrase for {', '.join(silent)}; add one")
        return commands

    @model_validator(mode="after")
    def _nothing_is_ambiguous(self) -> Language:
        meanings: dict[str, Meaning] = {}
        for phrase, meaning in self._meanings():
            if meanings.setdefault(phrase, meaning) != meaning:
                raise ValueError(f'lets "{phrase}" mean two things; change one of them')
        if len({routine.id for routine in self.routines}) < len(self.routines):
            raise ValueError("has two routines of one id; rename one")
        for plan in self.plans:
            if found := faults(plan, self):
                raise ValueError(f'has the plan "{plan.id}", of which {found[0]}')
        return self

    def phrases(self) -> Phrases:
        """Every phrase that is understood, routine names and their numbers among them."""
        return dict(self._meanings())

    def _meanings(self) -> Iterator[tuple[str, Meaning]]:
        for command, spoken in self.commands.items():
            yield from ((phrase, Meaning(command)) for phrase in spoken)
        for number, routine in enumerate(self.routines, 1):
            word = self.number(number)
            ordinal = self.coach.ordinals[number - 1 : number]
            for name in (*routine.names, word, f"{self.coach.number} {word}", *ordinal):
                yield name, Meaning(Command.CHOOSE, routine.id)
                yield f"{self.coach.about.phrase} {name}", Meaning(Command.ABOUT, routine.id)
        for plan in self.plans:
            for minutes in MINUTES:
                choice = Meaning(Command.CHOOSE, f"{plan.id}-{minutes}")
                yield from ((name, choice) for name in names(plan, minutes, self))

    def number(self, n: int) -> str:
        """Spell a small number; digits where there is no word for it."""
        return self.coach.numbers[n] if n < len(self.coach.numbers) else str(n)

    def taught_too(self, routine: Routine) -> Language:
        """Give this language with one more routine, the last; it must have passed ``advise``."""
        return self.model_copy(update={"routines": (*self.routines, routine)})

    def alone(self) -> Language:
        """Give this language without the routines that need a partner."""
        routines = tuple(routine for routine in self.routines if not routine.partner)
        return self.model_copy(update={"routines": routines})

    def routine(self, identifier: str) -> Routine:
        """Give a routine by its identifier; ``KeyError`` if there is none."""
        return {routine.id: routine for routine in self.routines}[identifier]


def parse_language(
    code: str,
    files: Mapping[str, str],
    routines: Sequence[Routine],
    plans: Sequence[Plan] = (),
) -> Language:
    """Build a language from the texts of its TOML `files`, or raise ``InvalidLanguage``."""
    content = {}
    for name, text in files.items():
        try:
            content[name] = tomllib.loads(text)
        except (ValueError, RecursionError) as error:
            raise InvalidLanguage(
                f"{code}/{name}.toml: not valid TOML: {error}; mend it there"
            ) from None
    try:
        return Language(
            code=code,
            routines=tuple(sorted(routines, key=lambda r: (r.order, r.id))),
            plans=tuple(plans),
            **content,
        )
    except ValidationError as error:
        problem = first_problems(error)[0]
        file = f"/{problem['loc'][0]}.toml" if problem["loc"] else ""
        problem["loc"] = problem["loc"][1:]
        raise InvalidLanguage(f"{code}{file}: {explain(problem, 'the language')}") from None
