"""What a display may know: a snapshot of the session, and nothing it could act on."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from voice_coach.core.breathing import Beat, Round
    from voice_coach.core.pose import Pose
    from voice_coach.core.transitions import State


class Outcome(Enum):
    """How a session ended."""

    COMPLETED = "completed"
    STOPPED = "stopped"
    PAIN = "pain"
    FAULT = "fault"


class Feeling(Enum):
    """How a person felt after a completed routine, against before."""

    BETTER = "better"
    SAME = "same"
    WORSE = "worse"


@dataclass(frozen=True)
class View:
    """A session at one moment."""

    now: float
    """Audio time in seconds."""
    state: State
    routine: str
    """The routine's title; empty before one is chosen."""
    routine_id: str
    """Its identifier; empty before one is chosen."""
    title: str
    """What is being done, in a few words."""
    step: int
    """Counted from 1; 0 before the first."""
    steps: int
    side: str
    to_partner: bool
    saying: str
    """The sentence that sounds now; empty in silence."""
    heard: str
    """The last words that were understood."""
    heard_at: float
    """Audio time at which they were, in seconds."""
    seconds_left: float | None
    """Of a hold or of the breathing rounds; None where no clock runs."""
    beat: Beat | None
    rounds: int
    """How many rounds of breath the step has; 0 for none."""
    pose: Pose | None
    mirrored: bool
    can_say: tuple[str, ...]
    """One phrase for each command that does something now."""
    offered: int
    """Which routine is read out first while one is chosen, counted from 0."""
    outcome: Outcome | None
    felt: Feeling | None
    """What was answered at the end; None as long as nothing is."""
    fault: str
    """One sentence about what failed; empty as long as nothing has."""
    listening: bool
    """Whether the coach holds back because it has noticed the person."""
    taped: bool = False
    """Whether the sound of this session is kept."""
    level: float | None = None
    """How loud the person is, in dBFS: the microphone without the coach's own echo; None where that
    is not known. It is not the session's to know, so the runner fills it in."""
    breath: Round | None = None
    """The round of breath that runs, with its times; None where none does."""
