"""What can happen to a session. Every event is a frozen value; none carries a time of its own.

The time of an event is the audio clock's, in seconds, and is handed to ``Session.handle``
beside it. A ``say_id`` names one utterance: an event about any other id is ignored, so the late
end of a clip that was cut can never advance a step.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from voice_coach.core.commands import Command  # noqa: TC001 - who reads a log asks for the type


@dataclass(frozen=True)
class Heard:
    """A command was given, by voice or on the keyboard."""

    command: Command
    phrase: str = ""
    """The words as recognised; empty for a key."""
    choice: str = ""
    """With a command of ``NAMING``: the identifier of the routine that was named."""
    source: Literal["voice", "key", "signal", "network"] = "voice"
    """A signal is Ctrl-C, SIGTERM, or a terminal that was closed; the network is a broker."""
    tier: Literal["confirmed", "possible"] = "confirmed"
    """Whether to obey, or to ask first. Only pain and stop are ever just possible."""
    llr: float | None = None
    """Log-likelihood ratio of the phrase against its best alternative, in natural logarithms; None
    for a key, and for a cry without words."""
    over_echo: float | None = None
    """Decibels by which the phrase was louder than the coach's echo, both at their loudest; None
    for a key, and where there is no echo."""


@dataclass(frozen=True)
class Noticed:
    """The person is heard, and it is not known yet what they say."""

    kind: Literal["duck", "hush", "resume", "unclear"]
    """duck: some sound of the person; hush: a voice, or something urgent; resume: it was nothing,
    go on; unclear: go on, but something was said to the coach that it did not understand."""


@dataclass(frozen=True)
class Masked:
    """The room is so loud that the person is hard to hear. Reported again while it lasts."""


@dataclass(frozen=True)
class CandidateScored:
    """The hearing has decided on a candidate. It is for the log; the session ignores it."""

    phrase: str
    """The phrase that explains it best; empty if none does."""
    tier: Literal["confirmed", "possible", "rejected"]
    score: float
    """Log odds that the phrase was said."""
    features: tuple[tuple[str, float], ...] = ()
    """The name and value of each feature; `docs/hearing.md` explains them all."""


@dataclass(frozen=True)
class BreathStarted:
    """The person is heard to breathe; told only while the session listens for it."""

    ago: float
    """Seconds since it began: to be sure takes a moment."""
    confidence: float
    """From 0 to 1."""


@dataclass(frozen=True)
class BreathEnded:
    """The breath that was heard is over."""

    ago: float
    """Seconds since it ended."""
    confidence: float
    """From 0 to 1."""


@dataclass(frozen=True)
class ClipStarted:
    """The first sample of an utterance has been handed to the loudspeaker."""

    say_id: int


@dataclass(frozen=True)
class ClipFinished:
    """The last sample of an utterance has been handed to the loudspeaker."""

    say_id: int


@dataclass(frozen=True)
class ClipDropped:
    """An utterance could not start in time and was not played at all."""

    say_id: int


@dataclass(frozen=True)
class ClipReady:
    """A clip that was asked for has been rendered."""

    text: str
    rate: int
    """Words a minute."""


@dataclass(frozen=True)
class TimeReached:
    """The session's own deadline has come."""


Part = Literal["hearing", "voice", "sound", "computer"]
"""What can be lost; the computer is when it, or the coach itself, stood still."""


@dataclass(frozen=True)
class Fault:
    """A part of the coach no longer works: the routine must not go on."""

    part: Part
    reason: str
    """One clear sentence for the screen: what happened and how to mend it."""


@dataclass(frozen=True)
class SoundGaps:
    """The sound system reported gaps since the last such event; for the log, it changes nothing."""

    overflows: int = 0
    """How often samples of the microphone were lost."""
    underflows: int = 0
    """How often the loudspeaker had no samples to play."""
    priming: int = 0
    """How often samples only filled the loudspeaker's buffer."""


@dataclass(frozen=True)
class SomebodyComing:
    """Somebody elsewhere wants the coach to say that they are coming."""


Event = (
    Heard
    | Noticed
    | Masked
    | CandidateScored
    | BreathStarted
    | BreathEnded
    | ClipStarted
    | ClipFinished
    | ClipDropped
    | ClipReady
    | TimeReached
    | Fault
    | SoundGaps
    | SomebodyComing
)
