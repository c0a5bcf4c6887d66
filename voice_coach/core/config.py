"""What a session is made of, as a value: from one config, the same events give the same actions."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, model_validator

from voice_coach.core.adapt import Adaptation
from voice_coach.core.assigned_plan import AssignedPlan
from voice_coach.core.breathing import Pattern
from voice_coach.core.guard import GuardResult
from voice_coach.core.language import Language
from voice_coach.core.pace import DEFAULT_RATE
from voice_coach.core.routine import Class
from voice_coach.core.screening import Table


class SessionConfig(BaseModel):
    """All a session is given before its first word."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False, defer_build=True)

    language: Language
    """With the person's own routines."""
    routine: str = ""
    """The identifier of the one that was asked for; empty where the coach is to ask."""
    weak_hearing: bool = False
    """Whether the weaker recogniser listens."""
    deaf: bool = False
    """Whether no word is understood, so that keys steer."""
    audio_kept: bool = False
    """Whether the sound of the session is kept; everybody is told so."""
    guard: GuardResult = GuardResult()
    """What the sessions before allow."""
    known_routines: frozenset[str] = frozenset()
    """The identifiers of the routines that were done before."""
    pattern: Pattern | None = None
    """The person's own breath."""
    rate: int = DEFAULT_RATE
    """Words a minute to begin with."""
    stop_tested: bool = False
    """Whether no stop test is needed."""
    earcons: bool = True
    """Whether there are earcons; one is taught to whoever has done no routine before."""
    press_by_breath: bool = True
    """Whether a partner is told to push only when a breath out is heard; else by the clock."""
    rendered: bool = False
    """Whether all is said into a file: nobody is asked anything, and nobody answers."""

    screening: Table | None = None
    """The questions about the body; None where nobody is asked."""
    screened: bool = False
    """Whether they were answered before, and the answers still hold."""
    excludes: frozenset[Class] = frozenset()
    """What those answers leave out."""
    changes: dict[str, Adaptation] = {}
    """What the last sessions change, by the identifiers of the routines."""
    left_out: frozenset[str] = frozenset()
    """The identifiers of the routines that plans do without."""
    last: str = ""
    """What was done last, a routine or a plan; empty where nothing was."""
    assigned: AssignedPlan | None = None
    """What somebody else has chosen for the person, who is asked about it; else None."""
    asks_consent: bool = False
    """Whether the person is asked if it may be told how that goes. Without it, it is not told."""
    seed: int | None = None
    """Chooses among the wordings; None: all is said as it is written."""

    @model_validator(mode="after")
    def _is_consistent(self) -> SessionConfig:
        routines = {routine.id for routine in self.language.routines}
        choices = {meaning.choice for meaning in self.language.phrases().values()}
        if self.routine and self.routine not in routines | choices:
            raise ValueError("names a routine that is not in it")
        guard = self.guard
        advises = guard.twisting or guard.hurt_lately or guard.twists_left is not None
        if advises and not routines.intersection(guard.gentle):
            raise ValueError("has no gentle routine to offer")
        if guard.hurt_lately and not routines.intersection(guard.after_pain):
            raise ValueError("has no routine to offer after pain")
        return self
