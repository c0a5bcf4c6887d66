"""What a session is made of, as a value: from one origin, the same events give the same actions."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, model_validator

from voice_coach.core.breathing import Pattern
from voice_coach.core.guard import Verdict
from voice_coach.core.language import Language
from voice_coach.core.pace import DEFAULT_RATE
from voice_coach.core.session import Session


class SessionConfig(BaseModel):
    """All a session is given before its first word."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    language: Language
    """With the person's own routines."""
    routine: str = ""
    """The identifier of the one that was asked for; empty where the coach is to ask."""
    weak_hearing: bool = False
    deaf: bool = False
    """Whether no word is understood and keys steer."""
    taped: bool = False
    """Whether the sound of the session is kept."""
    verdict: Verdict = Verdict()
    known: frozenset[str] = frozenset()
    """The identifiers of the routines that were done before."""
    pattern: Pattern | None = None
    rate: int = DEFAULT_RATE
    """Words a minute to begin with."""
    proven: bool = False
    """Whether the stop needs no proof any more."""
    earcons: bool = True

    @model_validator(mode="after")
    def _names_what_there_is(self) -> SessionConfig:
        routines = {routine.id for routine in self.language.routines}
        if self.routine and self.routine not in routines:
            raise ValueError("names a routine that is not in it")
        verdict = self.verdict
        advises = verdict.twisting or verdict.hurt_lately or verdict.twists_left is not None
        if advises and not routines.intersection(verdict.gentle):
            raise ValueError("has no gentle routine to offer")
        return self

    def session(self) -> Session:
        """Make a session of it that has not begun."""
        routine = self.language.routine(self.routine) if self.routine else None
        return Session(
            self.language,
            routine,
            weak_hearing=self.weak_hearing,
            deaf=self.deaf,
            taped=self.taped,
            verdict=self.verdict,
            known=self.known,
            pattern=self.pattern,
            rate=self.rate,
            proven=self.proven,
            earcons=self.earcons,
        )
