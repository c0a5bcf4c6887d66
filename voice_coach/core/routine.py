"""A routine: what is said and done, and for how long. Parsed from TOML, and valid as a whole.

A step is *told*, sentence by sentence, and then waits for "next", or is *held* for a time, or is
*breathed* for a number of rounds. Steps marked ``sided`` that stand together are done once for
each side: a sentence writes ``[right|left]`` once, and the coach says the first word on the first
side and the second on the other.

A press by the partner exists only as part of a ``Breathing`` and only on its breath out: there is
no way to write one down anywhere else.
"""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)

from voice_coach.core.pace import RATES, Pace, speaking_seconds
from voice_coach.core.pose import FileModel, Pose
from voice_coach.core.problems import MAX_CHARACTERS, explain_all
from voice_coach.core.toml_reader import parse_toml
from voice_coach.errors import CoachError

CHOICE = re.compile(r"\[([^\[\]|]*)\|([^\[\]|]*)\]")
"""``[first side|other side]`` in a sentence."""
SHORTEST_COUNTED = 10.0
"""Length in seconds from which the end of a hold is counted; a shorter one is only a rest."""


Class = Literal["gentle", "strong", "twist", "partner", "head low"]
"""How much a routine asks of a body; data/screening.toml tells what each class needs."""


class InvalidRoutine(CoachError):
    """The message names the file, the place in it, what is wrong and how to mend it."""


def _speakable(text: str) -> str:
    if not text.isprintable():
        raise ValueError("holds a character that cannot be spoken; use plain letters and marks")
    if not _says_something(text):
        raise ValueError("says nothing; write words")
    return text


def _says_something(text: str) -> bool:
    return any(c.isalnum() for c in text)


def _without_choice(text: str) -> str:
    if "[" in text or "]" in text:
        raise ValueError("has a bracket; only the sentences of a sided step may choose a side")
    return text


def _with_choice(text: str) -> str:
    if re.search(r"[\[\]]", CHOICE.sub("", text)):
        raise ValueError("has a bracket that is no side choice; write [right|left]")
    if not all(_says_something(CHOICE.sub(side, text)) for side in (r"\1", r"\2")):
        raise ValueError("says nothing on one of the sides; write a word for both")
    return text


def _words_only(text: str) -> str:
    if not _says_something(text) or not all(c.isalpha() or c in " '" for c in text):
        raise ValueError("cannot be heard; write it as plain words, numbers too")
    return text


RoutineId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{1,40}$")]
LONGEST_SENTENCE = 200
"""Characters."""
Spoken = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=2, max_length=LONGEST_SENTENCE),
    AfterValidator(_speakable),
]
Sentence = Annotated[Spoken, AfterValidator(_without_choice)]
SidedSentence = Annotated[Spoken, AfterValidator(_with_choice)]
"""May hold side choices."""
Phrase = Annotated[
    str,
    StringConstraints(strip_whitespace=True, to_lower=True, min_length=2, max_length=60),
    AfterValidator(_words_only),
]
"""What a person may say, in the small letters in which a recogniser reports it."""


class Breathing(FileModel):
    """Rounds of one breath in and one breath out, cued on the beat."""

    rounds: Annotated[int, Field(ge=1, le=30)]
    breath_in: Annotated[float, Field(ge=2, le=10)] = 4
    """Seconds."""
    breath_out: Annotated[float, Field(ge=2, le=12)] = 6
    """Seconds. If neither is written, the person's own pattern replaces both."""
    cue_in: SidedSentence
    cue_out: SidedSentence
    press: bool = False
    """The partner presses with the breath out, and only then."""
    cue_push: SidedSentence | None = None
    """Begins a press, inside the breath out."""
    cue_let_go: SidedSentence | None = None
    """Ends it, before the breath does."""

    @property
    def cues(self) -> tuple[str, ...]:
        """All that is called in a round, in order."""
        press = (self.cue_push, self.cue_let_go)
        return (self.cue_in, self.cue_out, *(cue for cue in press if cue))

    @model_validator(mode="after")
    def _press_begins_and_ends(self) -> Breathing:
        if self.press != bool(self.cue_push) or self.press != bool(self.cue_let_go):
            raise ValueError(
                "must have press = true, a cue_push and a cue_let_go, or none of them: a press "
                "begins and ends with a word"
            )
        return self

    @model_validator(mode="after")
    def _cues_fit_their_breath(self) -> Breathing:
        # Slower speech takes effect at once, a slower breath with the next round: the slowest cue
        # must fit in the quickest breath.
        for cue, seconds in ((self.cue_in, self.breath_in), (self.cue_out, self.breath_out)):
            needed = speaking_seconds(cue, min(RATES))
            if needed > (shortest := seconds * Pace(max(RATES)).stretch):
                raise ValueError(
                    f'has the cue "{cue}", which takes up to {needed:.1f} s to say, longer than '
                    f"its breath, which may last but {shortest:.1f} s at a quick pace; "
                    "shorten the cue or lengthen the breath"
                )
        return self


class Step(FileModel):
    """One thing to do."""

    title: SidedSentence
    """A few large words for the screen."""
    say: Annotated[tuple[SidedSentence, ...], Field(min_length=1, max_length=24)]
    """What is said, one action a sentence."""
    to: Literal["you", "partner"] = "you"
    """Whom the coach speaks to."""
    sided: bool = False
    """Done once for each side, together with the sided steps next to it."""
    time_to_move: Annotated[float, Field(ge=0, le=10)] = 1.5
    """Seconds of quiet after each sentence of the step."""
    hold: Annotated[float, Field(ge=5, le=60)] | None = None
    """Seconds to hold the position, after it was told."""
    breathing: Breathing | None = None
    ask: Literal["clock", "place", "tingling"] | None = None
    """What the person is asked, and answers aloud: whether to press by the clock where no breath is
    heard; whether the same place is pressed again; whether anything tingles."""
    release: SidedSentence | None = None
    """Said when a counted hold is over, and how to leave it; without it, the coach's own words."""
    head_low: bool = False
    """The head hangs lower than the heart, which nobody should bear for long."""
    pose: Pose | None = None
    """The picture of it."""

    @model_validator(mode="after")
    def _one_kind(self) -> Step:
        if self.release and (self.hold is None or self.hold < SHORTEST_COUNTED):
            raise ValueError(
                f"has a release that is never said; add a hold of {SHORTEST_COUNTED:g} or more"
            )
        if self.hold is not None and self.breathing is not None:
            raise ValueError("has both a hold and a breathing; make two steps of it")
        if self.ask and (self.hold is not None or self.breathing is not None):
            raise ValueError("asks and does something else; make two steps of it")
        if not self.sided and any(CHOICE.search(text) for text in self.sentences):
            raise ValueError("names a side choice but is not sided; add: sided = true")
        return self

    @property
    def is_press(self) -> bool:
        """Whether a partner presses in it."""
        return self.breathing is not None and self.breathing.press

    @property
    def sentences(self) -> tuple[str, ...]:
        """All that may be spoken in this step, as it is written."""
        cues = self.breathing.cues if self.breathing else ()
        release = (self.release,) if self.release else ()
        return (self.title, *self.say, *cues, *release)


class Routine(FileModel):
    """A whole routine, as a physiotherapist would write it down."""

    id: RoutineId
    title: Sentence
    names: Annotated[tuple[Phrase, ...], Field(min_length=1, max_length=12)]
    """What a person may call it; the first is the one the coach says."""
    order: int = 100
    """Its place in the list of routines; the smallest is offered first."""
    summary: Sentence
    notes: str = ""
    """For the reader of the file: where its numbers come from. Never spoken."""
    twist: bool = False
    """Turns or presses the spine, so that it needs a caution and is counted."""
    partner: bool = False
    """A second person takes part."""
    strong: bool = False
    """More than a gentle stretch: it needs the screening and the stop test."""
    neck: bool = False
    """Works on the neck or the upper back, after which more signs are told after pain."""
    position: Literal["standing", "sitting", "bed", "floor"] = "standing"
    """Where the body is. A floor routine comes with the way down, and up again."""
    ends: Literal["standing", "sitting", "bed", "floor", "side"] | None = None
    """Where the body is at the end, if elsewhere; "side" is on the floor, lying on one side."""
    setup: Annotated[tuple[Sentence, ...], Field(max_length=8)] = ()
    """Where to put the coach and how to get into position; spoken before the sound check, which is
    then made where and how the person will be."""
    place: Annotated[tuple[Sentence, ...], Field(min_length=1, max_length=8)]
    """Where and with what it is done; spoken in the briefing."""
    surface: Sentence | None = None
    """What the body lies or sits on, such as "a mat". In a plan, who rests at the end stays on what
    is there already."""
    props: tuple[Sentence, ...] = ()
    """What else is needed, such as "a folded towel"."""
    caution: Annotated[tuple[Sentence, ...], Field(max_length=8)] = ()
    """Spoken first in the briefing, and never skipped."""
    sides: tuple[Sentence, Sentence] | None = None
    """What the two sides are called on the screen, if not as in other routines."""
    steps: Annotated[tuple[Step, ...], Field(min_length=1, max_length=60)]
    closing: Annotated[tuple[Sentence, ...], Field(max_length=6)] = ()
    """Spoken when the last step is over."""

    @property
    def people(self) -> int:
        """How many take part; each has to be able to stop it."""
        return 2 if self.partner else 1

    @property
    def things(self) -> tuple[str, ...]:
        """What must be at hand, the surface first."""
        return (*((self.surface,) if self.surface else ()), *self.props)

    @property
    def needs_hearing(self) -> bool:
        """Whether it must be led by something that hears: a partner presses in it."""
        return any(step.is_press for step in self.steps)

    @property
    def ends_on_floor(self) -> bool:
        """Whether somebody has to get up at the end."""
        return (self.ends or self.position) in ("floor", "side")

    @property
    def is_gentle(self) -> bool:
        """Whether it needs neither screening nor stop test."""
        return self.classes == {"gentle"}

    @property
    def classes(self) -> frozenset[Class]:
        """What makes it more than gentle; never empty."""
        marks: dict[Class, bool] = {
            "strong": self.strong,
            "twist": self.twist,
            "partner": self.partner,
            "head low": any(step.head_low for step in self.steps),
        }
        return frozenset(mark for mark in marks if marks[mark]) or frozenset({"gentle"})

    @model_validator(mode="after")
    def _safe(self) -> Routine:
        problems = []
        if self.twist and not self.caution:
            problems.append("is a twist without a caution; add: caution = [...]")
        for number, step in enumerate(self.steps, 1):
            if step.to == "partner" and not self.partner:
                problems.append(f"speaks to a partner in step {number}; add: partner = true")
            if step.pose and step.pose.partner and not self.partner:
                problems.append(f"shows a partner in step {number}; add: partner = true")
            if step.is_press and not (self.partner and self.twist):
                problems.append(
                    f"has a press in step {number}; a press needs partner = true and twist = true"
                )
        if problems:
            raise ValueError("; it also ".join(problems))
        return self


def parse_routine(text: str, source: str) -> Routine:
    """Read a routine from the TOML `text` of the file `source`, or raise ``InvalidRoutine``."""
    if len(text) > MAX_CHARACTERS:
        raise InvalidRoutine(f"{source}: longer than {MAX_CHARACTERS} characters; shorten it")
    try:
        return Routine.model_validate(parse_toml(text))
    except ValidationError as error:
        raise InvalidRoutine(explain_all(error, source, text, "the routine")) from None
    except ValueError as error:
        raise InvalidRoutine(f"{source}: not valid TOML: {error}; mend it there") from None
