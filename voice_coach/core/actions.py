"""What the session may ask for. Performing any of these only enqueues; nothing waits."""

from __future__ import annotations

from dataclasses import dataclass

from voice_coach.core.commands import Command  # noqa: TC001 - who reads a log asks for the type


@dataclass(frozen=True)
class Say:
    """Speak one sentence."""

    say_id: int
    text: str
    rate: int
    """Words a minute."""
    at: float
    """Audio time of its first sample, in seconds; in the past: as soon as possible."""
    latest: float | None = None
    """Audio time after which it must not start any more; None: whenever it is ready."""


@dataclass(frozen=True)
class Prepare:
    """Render these sentences in the background; they will be said later."""

    texts: tuple[str, ...]
    rate: int
    """Words a minute."""


@dataclass(frozen=True)
class Cut:
    """Silence the coach at once, and forget all it was about to say.

    What is asked for afterwards sounds at once and at the usual loudness.
    """


@dataclass(frozen=True)
class Duck:
    """Go on, but 20 dB softer, at once."""


@dataclass(frozen=True)
class Hush:
    """Fade to silence and keep the place."""


@dataclass(frozen=True)
class Resume:
    """Undo ``Duck`` or ``Hush``: go on at the usual loudness. A ``Cut`` undoes them, too."""


@dataclass(frozen=True)
class SetVolume:
    """Make the coach louder or softer."""

    decibels: float
    """Against the level the clips were made at."""


@dataclass(frozen=True)
class Listen:
    """Report these commands from now on, and no others."""

    commands: frozenset[Command]


@dataclass(frozen=True)
class ListenForBreath:
    """Report breaths from now on, or no more."""

    on: bool


Action = Say | Prepare | Cut | Duck | Hush | Resume | SetVolume | Listen | ListenForBreath
