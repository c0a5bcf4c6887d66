"""What a good teacher says around the routines: the shape of each language's teaching.toml."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from voice_coach.core.adapt import ChangeReason
from voice_coach.core.pose import FileModel
from voice_coach.core.routine import Sentence

Sentences = Annotated[tuple[Sentence, ...], Field(min_length=1)]


class Moving(FileModel):
    """On the way to a position, and from it."""

    needs: Sentence
    """``{things}`` are what has to be at hand."""
    and_last: Sentence = "{things}, {last}"
    """``{things}`` and the ``{last}`` of them; logs from before it was there have none."""
    down: Sentences
    """Who knows the routine hears only the first of these."""
    up: Sentences
    lift: Sentences
    """Said first of all when somebody takes a break while their head is low."""


class ScreeningLines(FileModel):
    """The questions about the body, and what is said about them."""

    intro: Sentences
    lying: Sentences
    """In place of that where a partner is there: whom the questions are for."""
    questions: dict[str, Sentence]
    """By the ids of data/screening.toml."""
    free: Sentences
    """When nothing is left out."""
    limited: Sentences
    """When something is, and that a doctor is to be asked."""
    unknown: Sentences
    """When a question stayed without an answer."""
    refused: Sentences
    """When something is chosen that is left out."""


class AdaptLines(FileModel):
    """Why this session is not like the last."""

    reasons: dict[ChangeReason, Sentence]
    longer: Sentence
    """The answer to "longer hold"."""
    shorter: Sentence

    @model_validator(mode="after")
    def _all_reasons(self) -> AdaptLines:
        if missing := [reason.value for reason in ChangeReason if reason not in self.reasons]:
            raise ValueError(f"has no sentence for {', '.join(missing)}; add one")
        return self


class PlanPhrases(FileModel):
    """How a plan is asked for; ``{n}`` is a number word, ``{name}`` the area's name."""

    timed: str
    short: str


class PlanLines(FileModel):
    """What is said around a plan."""

    title: Sentence
    """``{n}`` is the number of minutes and ``{area}`` the plan's area."""
    summary: Sentence
    """``{names}`` are the titles of its routines."""
    offer: Sentence
    """Teaches how to ask for a plan."""
    order: Sentence
    then: Sentence
    """Leads over to the routine called ``{name}``."""
    ready_to_move: Sentence
    caution: Sentences
    """Before a plan with a twist whose first routine has no caution."""
    same_again: Sentence
    """Asks whether to do ``{name}`` again."""
    assigned: Sentence
    """Says that somebody else has chosen a plan; its title follows."""
    assigned_title: Sentence
    """What such a plan of ``{n}`` minutes is called in lists; never said."""
    or_another: Sentences
    """How to answer that."""
    consent: Sentences
    """Asks whether whoever assigned the plan may be told how it goes, and of what."""
    consented: Sentence
    declined: Sentence
    """The replies to yes and to no."""
    phrases: PlanPhrases


class Teaching(FileModel):
    """All of it."""

    moving: Moving
    screening: ScreeningLines
    adapt: AdaptLines
    plans: PlanLines
    wordings: tuple[Annotated[tuple[Sentence, ...], Field(min_length=2, max_length=4)], ...]
    """Groups of sentences that may stand for each other."""

    @model_validator(mode="after")
    def _each_sentence_once(self) -> Teaching:
        sentences = [sentence for group in self.wordings for sentence in group]
        if len(set(sentences)) < len(sentences):
            raise ValueError("has a sentence in two groups of wordings; leave one out")
        return self
