"""Eight yes-or-no questions about the body, and what each answer leaves out.

Only what is left out is kept, with the date, never the answers. After six months, or where the
record is lost, nothing is known any more and the questions are asked again. Until they are
answered, only what needs no screening is led. The table is data/screening.toml, with a source for
each row.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field, model_validator

from voice_coach.core.pose import FileModel
from voice_coach.core.problems import parse_data
from voice_coach.core.routine import Class
from voice_coach.errors import CoachError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from voice_coach.core.routine import Routine

DAY = 24 * 3600
"""Seconds."""
DAYS_A_MONTH = 365.25 / 12
CLOCK_ERROR = DAY
"""A record may lie this many seconds in the future before its date is not believed: clocks differ
by minutes, and a clock that was set wrong by more says nothing about six months."""

Need = Literal["screening", "stop test"]


class InvalidScreening(CoachError):
    """The message names the file, the place in it and what is wrong."""


class Question(FileModel):
    """One row of the table."""

    id: Annotated[str, Field(pattern=r"^[a-z]+$")]
    """Its words are in each language's teaching.toml."""
    excludes: Annotated[frozenset[Class], Field(min_length=1)]
    """What is left out after a yes."""
    source: Annotated[str, Field(min_length=1)]


class Table(FileModel):
    """The questions, how long their answers hold, and what each class of routine needs."""

    months_valid: Annotated[int, Field(ge=1, le=24)]
    question: Annotated[tuple[Question, ...], Field(min_length=1)]
    needs: dict[Class, frozenset[Need]]

    @model_validator(mode="after")
    def _whole(self) -> Table:
        if missing := {"gentle", "strong", "twist", "partner", "head low"} - self.needs.keys():
            raise ValueError(f"has no needs for {', '.join(sorted(missing))}; add them")
        if len({question.id for question in self.question}) < len(self.question):
            raise ValueError("has two questions of one id; rename one")
        if any("gentle" in question.excludes for question in self.question):
            raise ValueError("leaves out what is gentle; something must be left to offer")
        return self

    @property
    def seconds_valid(self) -> float:
        """For how long the answers hold."""
        return self.months_valid * DAYS_A_MONTH * DAY

    @property
    def questions(self) -> tuple[str, ...]:
        """The ids of the questions, in the order in which they are asked."""
        return tuple(question.id for question in self.question)


@dataclass(frozen=True)
class Screening:
    """What is kept of the answers."""

    at: float
    """When they were given: UTC, in seconds since 1970."""
    excludes: frozenset[Class]
    """Which classes of routine are left out."""


class Standing(Enum):
    """What is known of a body now."""

    KNOWN = "known"
    NEVER = "never"
    """Nobody was ever asked, or the record is lost; the two look the same."""
    EXPIRED = "expired"
    """The answers are too old, or their date cannot be true."""


def conclude(answers: Mapping[str, bool], table: Table, at: float) -> Screening:
    """Give what is to be kept; raises ``ValueError`` unless every question has its answer."""
    if answers.keys() != set(table.questions):
        raise ValueError("every question needs its answer, and no other")
    excluded = (question.excludes for question in table.question if answers[question.id])
    return Screening(at, frozenset[Class]().union(*excluded))


def standing(
    screening: Screening | None, now: float, table: Table, lost_at: float | None = None
) -> Standing:
    """Say whether the answers still hold at `now`, in seconds of UTC since 1970.

    With `lost_at`, the history was lost at that time: what was written before it is not believed.
    """
    if screening is None or (lost_at is not None and screening.at <= lost_at):
        return Standing.NEVER
    age = now - screening.at
    if age < -CLOCK_ERROR or age >= table.seconds_valid:
        return Standing.EXPIRED
    return Standing.KNOWN


def needs(routine: Routine, table: Table) -> frozenset[Need]:
    """Give what has to be done before this routine may be led."""
    return frozenset[Need]().union(*(table.needs[one] for one in routine.classes))


def parse_table(text: str) -> Table:
    """Build the table from the text of ``screening.toml``, or raise ``InvalidScreening``."""
    return parse_data(Table, text, "screening.toml", InvalidScreening)
