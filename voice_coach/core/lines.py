"""The sentences of one language, by topic: the shape of its data files.

They are said by the coach, or read to check a routine that somebody else has written.
"""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, Field

from voice_coach.core.pose import FileModel
from voice_coach.core.routine import Phrase, Sentence

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


class Prompt(FileModel):
    """What the coach says when nobody answers."""

    say: Sentences
    """One at a time, in turn."""
    every: Annotated[float, Field(ge=3, le=12)]
    """Seconds of silence before each."""
    times: Annotated[int, Field(ge=0, le=200)]
    """How often, before the coach gives up; 0: no answer is accepted at once."""


class PromptLines(FileModel):
    """The prompts of the states that wait for a person."""

    choosing: Prompt
    too_often: Prompt
    after_pain: Prompt
    screening: Prompt
    consent: Prompt
    sound_check: Prompt
    waiting: Prompt
    paused: Prompt
    rating: Prompt
    restart: Prompt
    """The sentences of these two are the question itself."""


class AnswerLines(FileModel):
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
    where: Annotated[Sentence, _with_fields("title")]
    """``{title}`` is that of the step, or before the first of the routine."""
    next_step: Annotated[Sentence, _with_fields("title")]
    steps_left: Counting
    many_steps_left: Counting
    one_step_left: Sentence
    last_step: Sentence
    minutes_left: Counting
    under_two_minutes: Sentence
    seconds_left: Counting
    breaths_left: Counting
    one_breath_left: Sentence
    last_breath: Sentence


class AboutLines(FileModel):
    """What is told about a routine to somebody who has not chosen yet."""

    phrase: Phrase
    """What is said before the name of the routine, or its number, to hear it."""
    stretch: Sentence
    twist: Sentence
    partner: Sentence


class HoldLines(FileModel):
    """What is said while a position is held."""

    halfway: Sentence
    countdown: Annotated[tuple[Sentence, ...], Field(min_length=1, max_length=5)]
    """One a second, the last of them a second before the end."""
    release: Sentence
    company: Sentences
    """Said in turn where a hold would be silent for too long."""


class PressLines(FileModel):
    """What is said to a partner who presses."""

    release: Sentence
    """The first words of every interruption of a press."""
    enough: Sentence
    """Said where a press is asked for and none is left in this session."""
    heard: Counting
    """Said when the two free breaths were heard; ``{n}`` is how many seconds out they took."""
    louder: Sentence
    """Said when they were not."""
    unheard: Sentence
    """Said when there is no press because the breath is not heard."""
    missed: Sentence
    """Said in a round without a breath out."""
    by_clock: Sentence
    """Said to the partner before each press that is led by the clock."""
    none: Sentence
    """Said when nobody wants that."""
    another: Sentence
    """Asks in which direction the hands should move."""
    higher: Sentence
    lower: Sentence
    far_enough: Sentence
    """Said instead of these two where the hands would leave the place they belong to."""
    there: Sentence
    """Said until they are in the right place."""
    unanswered: Sentence
    """Said when nobody answers whether to go on."""
    later: Sentence
    """Said when nobody answers whether anything tingles."""


class PainConfirmationLines(FileModel):
    """What is said when it may have hurt."""

    question: Sentence
    again: Sentence
    """Asked when there was no answer, where no hands press."""
    reassurance: Sentence
    """Said after a no, before all goes on."""


class RenderingLines(FileModel):
    """What is said only in a routine that is rendered into a file."""

    opening: Sentences
    """That it cannot hear anybody, and what to do when something feels bad."""
    opening_partner: Sentences
    caution: Sentence
    """In place of a caution that tells to say something."""
    leave_out: Phrase
    """In place of teaching how to leave out a routine."""
    wait: Sentence
    """Said where the coach would wait for "next"."""


class UsageGuardLines(FileModel):
    """What is said when the past gives reason to."""

    see_doctor: Sentences
    """When it has hurt on several days."""
    felt_bad: Sentence
    """When it has hurt lately; the doctor's part of the safety note follows."""
    after_pain: Sentences
    """Offers rest, or what is gentle."""
    not_today: Sentence
    """Goes before that when something else was chosen."""
    lately: Sentences
    often: Sentences
    """Why no twist; after these two, the coach says why not to twist often."""
    unknown: Sentences
    """Why no twist when nothing is remembered."""
    too_often: Sentences
    """Offers what is gentle, and teaches how to insist."""


class StopTestLines(FileModel):
    """What is said in the stop test, before anything strong."""

    ask: Sentences
    """Asks for the words of pain. Other words follow them, so that their echo is gone before the
    count and cannot be taken for the person."""
    count: Sentence
    """The person speaks into it."""
    lying: Sentences
    """Instead of ``ask``, where two people are to try it: the one who lies down goes first."""
    partner: Sentences
    """Asks the partner for the same."""
    passed: Sentences
    again: Sentences
    """Instead of ``ask``, when the first test has failed."""
    refused: Sentences
    """When the last has failed: what to do about it, and that no twist is led here today."""
    not_here: Sentences
    """When a twist is chosen all the same."""


class RatingLines(FileModel):
    """The replies to how it was."""

    better: Sentences
    same: Sentences
    worse: Sentences


class FaultLines(FileModel):
    """What is said when a part of the coach is gone."""

    hearing: Sentences
    voice: Sentences
    computer: Sentences
    broken: Sentence
    """Said by the mixer when the program hangs; it speaks to everybody."""
    unanswered: Sentences


class CoachLines(FileModel):
    """The coach's own sentences, outside any routine."""

    welcome: Sentences
    offer: Annotated[Sentence, _with_fields("n", "name")]
    """Names one routine; ``{n}`` is its number and ``{name}`` what it is called."""
    more: Sentence
    """Said where there are more routines than are read out at a time."""
    ask: Sentence
    about: AboutLines
    chosen: Annotated[Sentence, _with_fields("name")]
    """``{name}`` is the routine's title."""
    sound_check: Sentences
    sound_check_partner: Sentences
    teach_earcon: Sentence
    """Said in the first session; behind it sounds the earcon that acknowledges."""
    teach_pain: Sentence
    ask_ready: Sentence
    teach_help: Sentence
    """Said in the first session, after its first step."""
    sides: tuple[Sentence, Sentence]
    """What the first and the other side are called on the screen."""
    weak_hearing: Sentences
    loud_room: Sentences
    """Said once and early where the coach must give way without understanding anything."""
    not_understood: Sentence
    """Said when the person was not understood for the second time."""
    audio_kept: Sentence
    """Said at the very beginning where the sound of a session is kept."""
    deaf: Sentences
    """Said at the beginning where no word can be understood: which keys steer."""
    disclaimer: Sentence
    briefed_before: Sentence
    """Said to returning users instead of the part they have heard before."""
    to_partner: Annotated[Sentence, _with_fields("sentence")]
    """Goes before what is meant for the partner; ``{sentence}`` is what follows."""
    completed: Sentences
    stopped: Sentence
    coming: Sentence
    """Said when somebody at the broker lets the coach say it."""
    number: Phrase
    """What may be said before a routine's number."""
    numbers: Annotated[tuple[Phrase, ...], Field(min_length=21)]
    """Number words from zero on."""
    ordinals: tuple[Phrase, ...] = ()
    """From the first on; some voices are heard better with these than with the numbers."""
    prompts: PromptLines
    answers: AnswerLines
    hold: HoldLines
    press: PressLines
    pain_confirmation: PainConfirmationLines
    rendering: RenderingLines
    usage_guard: UsageGuardLines
    stop_test: StopTestLines
    rating: RatingLines
    faults: FaultLines


class SafetyNotes(FileModel):
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
    emergency: Sentences
    """The signs that cannot wait, one a sentence after the first."""
    neck: Sentences
    """The same, after work on the neck or the upper back."""
    soon: Sentences
    """The signs that a doctor should see soon, one a sentence after the first."""

    @property
    def red_flags(self) -> tuple[str, ...]:
        """All of the signs, the most urgent first."""
        return (*self.emergency, *self.neck, *self.soon)
