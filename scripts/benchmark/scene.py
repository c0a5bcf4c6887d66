"""A scene: all that is fixed before anybody hears anything, as frozen values.

The same scene gives the same report, whatever else is measured.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from benchmark.echoes import Conditions
from voice_coach.core.commands import Command
from voice_coach.core.transitions import State, accepted

if TYPE_CHECKING:
    from benchmark.rooms import Part
    from benchmark.voices import Sound

STEP = accepted(State.TELLING) - {Command.GENTLER}
"""The commands that a step of every routine takes: "gentler" needs a partner's hands."""
STEP_STATES = frozenset(
    {State.BRIEFING, State.TELLING, State.WAITING, State.HOLDING, State.BREATHING}
)
"""The states in which an event may begin."""
ASKED = State.PAIN_CONFIRMATION
"""The state in which "Did that hurt?" is open."""
CLOSED = frozenset({State.CHOOSING, State.RATING, State.RESTART_PROMPT, State.ENDED})
"""The states after which nothing more is to come of a session."""

When = Literal["over", "pause", "any", "start", "question", "check"]
"""over: in the middle of a sentence of the coach. pause: while it is silent. any: in any step.
start: in the first seconds of a session. question: as the answer to "Did that hurt?", which the
simulation raises. check: as the answer to the sound check."""


@dataclass(frozen=True)
class SceneEvent:
    """One thing the person does."""

    sound: Sound
    label: str
    """What it is: the phrase, or the kind of sound."""
    means: Command | None = None
    """The command it gives; None for all that should change nothing."""
    when: When = "over"
    gap: float = 2.0
    """Seconds after the event before it is over."""
    level: float = 0.0
    """Loudness against the person's in dB, both rms of active speech at the microphone."""
    answer: Sound | None = None
    """What who cried out says when asked whether that hurt; None: nothing."""
    voice: str = ""
    groups: frozenset[str] = frozenset()
    dry: bool = False
    """Whether it is heard as it is, because a recording has a room of its own."""


@dataclass(frozen=True)
class Background:
    """A sound that goes on whatever the coach does; of `benchmark.backgrounds`."""

    kind: str
    level: float
    """Against the person's voice at the microphone, in dB, rms against rms of active speech."""
    start: float = 0.0
    """Seconds of the scene after which it begins."""


@dataclass(frozen=True)
class Scene:
    """A room, the people in it, and what they do; the coach leads real sessions there."""

    row: str
    """What is measured: a set, and after a slash a condition."""
    seed: int
    """Draws all that the scene leaves open: the room, the moments, the noise."""
    part: Part
    conditions: Conditions = field(default_factory=Conditions)
    routine: str = ""
    """The routine's identifier; empty: another one for each session."""
    events: tuple[SceneEvent, ...] = ()
    talk: tuple[SceneEvent, ...] = ()
    """What others across the room say, one after another, whatever the coach does."""
    background: Background | None = None
    seconds: float = 0.0
    """It lasts at least so long."""
    ready: Sound | None = None
    """What the person says in the sound check of the first session; None: a key is pressed."""
    denial: Sound | None = None
    """What the person says when asked whether it hurt and it did not; None: nothing."""
