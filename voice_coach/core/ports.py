"""What the runner asks of the world outside, as protocols for the adapters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from voice_coach.core.commands import Command
    from voice_coach.core.events import Event
    from voice_coach.core.view import View


SAMPLE_RATE = 16_000
"""Samples a second of all sound inside the coach: one channel, float32 from -1 to 1."""
BLOCKS_A_SECOND = 50
"""A block is 20 ms of sound. Smaller blocks gain the recogniser nothing."""
BLOCK_SECONDS = 1 / BLOCKS_A_SECOND
BLOCK = SAMPLE_RATE // BLOCKS_A_SECOND
"""Samples in a block: what mixer, echo canceller and listener take at a time."""


class Clip(Protocol):
    """A rendered sentence, ready to be played."""

    @property
    def seconds(self) -> float:
        """How long it takes to play."""


class Stage(Protocol):
    """Where a session happens: a loudspeaker, a microphone, and the one clock of both."""

    @property
    def level(self) -> float | None:
        """How loud the person is now, as ``View.level`` has it; cheap to ask for."""

    def wait(self, deadline: float | None) -> tuple[Event, float]:
        """Block until something happens or the audio clock reaches `deadline`.

        Returns the event (``TimeReached`` at the deadline) and the audio time, in seconds.
        """

    def post(self, event: Event) -> None:
        """Hand in an event from another thread; a ``wait`` will return it."""

    def play(self, say_id: int, clip: Clip, *, at: float, latest: float | None = None) -> None:
        """Start `clip` at the audio time `at`, or as soon after it as all before is over.

        If it cannot start by the audio time `latest`, it is dropped, never played late.
        """

    def cut(self) -> None:
        """Silence everything that plays or waits to play, within one block and a short fade.

        It ends ``duck`` and ``hush``: what is played after it sounds at once, at full loudness.
        """

    def duck(self) -> None:
        """Play on, 20 dB softer."""

    def hush(self) -> None:
        """Fade to silence, start nothing, and keep the place."""

    def resume(self) -> None:
        """Undo either; take up the clip that broke off from its last pause, unless it was timed."""

    def set_volume(self, decibels: float) -> None:
        """Make the coach louder or softer; 0 dB is the level the clips were made at."""

    def listen(self, commands: AbstractSet[Command]) -> None:
        """From now on report only these commands."""

    def listen_for_breath(self, *, on: bool) -> None:
        """From now on report breaths, or no more."""


class Voice(Protocol):
    """Text becomes clips, ahead of time."""

    def prepare(self, texts: list[str], rate: int) -> None:
        """Render these in the background, in order, after all that was asked for before."""

    def clip(self, text: str, rate: int) -> Clip | None:
        """Give the clip if it is rendered; otherwise render it next and post ``ClipReady``."""


class Display(Protocol):
    """Shows a session; it must return at once."""

    def show(self, view: View) -> None:
        """Show this from now on."""
