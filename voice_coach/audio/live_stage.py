"""A stage in real time: waits for events, and watches that sound flows and somebody listens.

It is what every sound card has in common. The runner's thread waits for events here, and watches
the others meanwhile, because a lost sound card raises no error: it just ceases. When everything
stood still together, that is a fault too: nobody can have listened.
"""

from __future__ import annotations

import sys
import time
from abc import ABC, abstractmethod
from contextlib import suppress
from queue import Empty, SimpleQueue
from threading import Lock
from typing import TYPE_CHECKING, Protocol, cast

import numpy as np

from voice_coach.audio.hearing_thread import HearingThread
from voice_coach.audio.stream_health import GapReporter, StreamHealth
from voice_coach.core.events import Fault, TimeReached
from voice_coach.core.ports import SAMPLE_RATE

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Set as AbstractSet

    from numpy.typing import NDArray
    from typing_extensions import Self

    from voice_coach.audio.hearing_thread import BlockListener
    from voice_coach.audio.mixer import Sound
    from voice_coach.core.commands import Command
    from voice_coach.core.events import Event, Part, SoundGaps
    from voice_coach.core.ports import Clip

SWITCH = 0.0005
"""Seconds a thread may keep the interpreter from a callback; by default it is ten times that."""
TICK = 0.01
"""Seconds between two checks of the audio clock and the other threads."""
STOOD_STILL = 1.5
"""Seconds the runner's thread, or the whole program, may stand still. It hears nothing meanwhile,
so after a longer time it must not go on by itself."""


def monotonic() -> float:
    """Give the time in seconds; it goes on while the computer sleeps, where the system can tell."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


class StageMixer(Protocol):
    """What a stage asks of the mixer that renders its sound; see ``Mixer``."""

    @property
    def position(self) -> int: ...  # noqa: D102
    @property
    def dead(self) -> bool: ...  # noqa: D102
    def guard(self, samples: int, last_words: NDArray[np.float32]) -> None: ...  # noqa: D102
    def hold(self) -> None: ...  # noqa: D102
    def play(  # noqa: D102
        self, say_id: int, samples: NDArray[np.float32], *, at: int, latest: int | None
    ) -> None: ...
    def cut(self) -> None: ...  # noqa: D102
    def duck(self) -> None: ...  # noqa: D102
    def hush(self) -> None: ...  # noqa: D102
    def resume(self) -> None: ...  # noqa: D102
    def set_volume(self, decibels: float) -> None: ...  # noqa: D102


class LiveStage(ABC):
    """A stage of a session in real time, inside a ``with`` block.

    When the sound card is lost, the clock stands still and only posted events arrive. Nothing
    starts again by itself.
    """

    def __init__(
        self,
        mixer: StageMixer,
        listener: BlockListener,
        streams: tuple[StreamHealth, ...],
        last_words: Sound | None,
    ) -> None:
        """Take the streams to watch, and what is said when nobody calls ``wait`` for too long."""
        self._clock = mixer
        silence = np.zeros(0, np.float32)
        mixer.guard(round(STOOD_STILL * SAMPLE_RATE), last_words.samples if last_words else silence)
        self._inbox: SimpleQueue[Event] = SimpleQueue()
        self._news = Lock()
        """Held, except from an event until it is noticed."""
        self._news.acquire()
        self._hearing = HearingThread(listener, self.post)
        self._health = streams
        self._gaps = GapReporter(streams)
        self.heartbeat = 0
        """How often ``wait`` has looked around: it does so a hundred times a second."""
        self._looked: float | None = None
        self._faulty: set[Part] = set()
        self._left = False

    def __enter__(self) -> Self:
        """Let sound flow; raises NoSoundDevice if it cannot."""
        self._begin()
        for health in self._health:
            health.begin(monotonic())
        self._switch = sys.getswitchinterval()
        sys.setswitchinterval(SWITCH)
        return self

    def __exit__(self, *_: object) -> None:
        """End the sound, within two seconds whatever state the sound card is in."""
        sys.setswitchinterval(self._switch)
        self._end()
        self._hearing.end()

    @property
    def level(self) -> float | None:
        """How loud the person is, in dBFS; None when nobody listens any more."""
        return None if self._faulty else self._hearing.level

    @property
    def gaps(self) -> SoundGaps:
        """The gaps in the sound that were reported so far."""
        return self._gaps.total()

    def wait(self, deadline: float | None) -> tuple[Event, float]:
        """Give the next event, or ``TimeReached`` at `deadline`, and the audio time in seconds."""
        while True:
            if self._left:
                raise KeyboardInterrupt
            self._order(lambda mixer: mixer.hold())
            self._watch()
            due = deadline is not None and self._now() >= deadline
            with suppress(Empty):
                return self._inbox.get_nowait(), self._now()
            if due:
                return TimeReached(), self._now()
            # Not `get` with a timeout: a signal at its very end makes that wait for ever, in
            # Python 3.11 at least, and so would the session.
            self._news.acquire(timeout=TICK)

    def post(self, event: Event) -> None:
        """Hand in an event, from any thread, and from a signal handler."""
        self._inbox.put(event)
        with suppress(RuntimeError):  # an earlier event has not been noticed yet
            self._news.release()

    def leave(self) -> None:
        """Let ``wait`` raise KeyboardInterrupt: for a signal, which must not raise it itself.

        Raised there, it could come while a lock is held that nobody gives back then, and the end of
        the program would wait for that lock.
        """
        self._left = True

    def play(self, say_id: int, clip: Clip, *, at: float, latest: float | None = None) -> None:
        """Queue `clip`, to start at `at` and no later than `latest`, in seconds of audio time."""
        last = None if latest is None else round(latest * SAMPLE_RATE)
        samples, first = cast("Sound", clip).samples, round(at * SAMPLE_RATE)
        self._order(lambda mixer: mixer.play(say_id, samples, at=first, latest=last))

    def cut(self) -> None:
        """Silence everything, as soon as the sound card can."""
        self._order(lambda mixer: mixer.cut())

    def duck(self) -> None:
        """Play on softly."""
        self._order(lambda mixer: mixer.duck())

    def hush(self) -> None:
        """Fade out and stand still."""
        self._order(lambda mixer: mixer.hush())

    def resume(self) -> None:
        """Go on as it was."""
        self._order(lambda mixer: mixer.resume())

    def set_volume(self, decibels: float) -> None:
        """Play this much louder."""
        self._order(lambda mixer: mixer.set_volume(decibels))

    def listen(self, commands: AbstractSet[Command]) -> None:
        """Report only these commands, from the listener's next block on."""
        self._hearing.listen(commands)

    def listen_for_breath(self, *, on: bool) -> None:
        """Report breaths, or no more, from the listener's next block on."""
        self._hearing.listen_for_breath(on=on)

    @abstractmethod
    def _begin(self) -> None:
        """Open the sound card; raises NoSoundDevice."""

    @abstractmethod
    def _end(self) -> None:
        """Close the sound card, whatever state it is in."""

    @abstractmethod
    def _order(self, call: Callable[[StageMixer], None]) -> None:
        """Give an order to the mixer, where the mixer may be used."""

    @abstractmethod
    def _stalled(self, health: StreamHealth) -> Fault:
        """Say that this stream stands still."""

    @abstractmethod
    def _passed(self) -> tuple[int, ...]:
        """Give how many samples have passed through each stream."""

    def _now(self) -> float:
        return self._clock.position / SAMPLE_RATE

    def _watch(self) -> None:
        self.heartbeat += 1
        now = monotonic()
        still = 0.0 if self._looked is None else now - self._looked
        self._looked = now
        # The mixer counts samples, not seconds, so it may give up a little sooner than this clock.
        if still > STOOD_STILL or self._clock.dead:
            seconds = max(still, STOOD_STILL)
            self._report(
                "computer",
                f"For {seconds:.0f} seconds the coach stood still, and could not listen: "
                "see what else this computer is doing, and start again.",
            )
        for health, samples in zip(self._health, self._passed(), strict=True):
            if health.is_stalled(samples, now):
                fault = self._stalled(health)
                self._report(fault.part, fault.reason)
        if trouble := self._hearing.trouble():
            self._report("hearing", trouble)
        if gaps := self._gaps.news(now):
            self.post(gaps)

    def _report(self, part: Part, reason: str) -> None:
        if part not in self._faulty:
            self._faulty.add(part)
            self.post(Fault(part, reason))
