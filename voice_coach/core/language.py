"""Everything the coach says and understands in one language, as data.

A language is a folder: a file for each field of ``Language`` and routines/*.toml. This module knows
their shape; reading the files is the catalogue's task.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import Field, ValidationError, field_validator, model_validator

from voice_coach.core.commands import NAMING, Command, Meaning
from voice_coach.core.lines import CoachLines, SafetyNotes
from voice_coach.core.plan import MINUTES, Plan, assigned_choice, choice, names, title
from voice_coach.core.pose import FileModel
from voice_coach.core.problems import explain, first_problems
from voice_coach.core.routine import Phrase, Routine
from voice_coach.core.teaching import Teaching
from voice_coach.core.toml_reader import parse_toml
from voice_coach.core.words import CheckWords, Sayings, VoiceNames
from voice_coach.errors import CoachError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from voice_coach.core.commands import Phrases


class InvalidLanguage(CoachError):
    """The message names the file, the place in it and what is wrong."""


class Language(FileModel):
    """One language, whole."""

    code: str
    voice: VoiceNames
    coach: CoachLines
    safety: SafetyNotes
    advice: CheckWords
    teaching: Teaching
    commands: dict[Command, Annotated[tuple[Phrase, ...], Field(min_length=1)]]
    fillers: dict[str, tuple[str, ...]]
    """Words that are listened for only so as not to be taken for a command, by their kind."""
    sayings: Sayings = Sayings()
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
        return self

    def phrases(self) -> Phrases:
        """Every phrase that is understood, routine names and their numbers among them."""
        return dict(self._meanings())

    def _meanings(self) -> Iterator[tuple[str, Meaning]]:
        for command, spoken in self.commands.items():
            yield from ((phrase, Meaning(command)) for phrase in spoken)
        for phrase in self.sayings.asked:
            yield phrase, Meaning(Command.PAIN, asked=True, alone=True)
        for phrase in self.sayings.ends:
            yield phrase, Meaning(Command.STOP, alone=True)
        for phrase in self.sayings.cries:
            yield phrase, Meaning(Command.PAIN, alone=True)
        for number, routine in enumerate(self.routines, 1):
            word = self.number(number)
            ordinal = self.coach.ordinals[number - 1 : number]
            for name in (*routine.names, word, f"{self.coach.number} {word}", *ordinal):
                yield name, Meaning(Command.CHOOSE, routine.id)
                yield f"{self.coach.about.phrase} {name}", Meaning(Command.ABOUT, routine.id)
        for plan in self.plans:
            for minutes in MINUTES:
                meaning = Meaning(Command.CHOOSE, choice(plan, minutes))
                yield from ((name, meaning) for name in names(plan, minutes, self))

    @property
    def choices(self) -> dict[str, str]:
        """The titles of all routines, and of the plans of each length, by identifier."""
        plans = {
            choice(plan, minutes): title(plan, minutes, self)
            for plan in self.plans
            for minutes in MINUTES
        }
        return {routine.id: routine.title for routine in self.routines} | plans

    @property
    def titles(self) -> dict[str, str]:
        """The same, and what a plan is called that was assigned."""
        named = self.teaching.plans.assigned_title
        assigned = {assigned_choice(minutes): named.format(n=minutes) for minutes in MINUTES}
        return self.choices | assigned

    def number(self, n: int) -> str:
        """Spell a small number; digits where there is no word for it."""
        return self.coach.numbers[n] if n < len(self.coach.numbers) else str(n)

    def taught_too(self, routine: Routine) -> Language:
        """Give this language with one more routine, the last; it must have passed ``advise``."""
        return self.model_copy(update={"routines": (*self.routines, routine)})

    def planned_too(self, plan: Plan) -> Language:
        """Give this language with one more plan; it must have passed ``advise_on_plan``."""
        return self.model_copy(update={"plans": (*self.plans, plan)})

    def with_only(self, routine: Routine) -> Language:
        """Give this language with no other routine than this, and so without plans."""
        return self.model_copy(update={"routines": (routine,), "plans": ()})

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
            content[name] = parse_toml(text)
        except ValueError as error:
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
