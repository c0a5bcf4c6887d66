"""The live stage: a microphone, and a loudspeaker whose samples are the coach's clock.

Four threads meet here and share only queues. The loudspeaker's callback alone uses the mixer: it
takes calls from a queue, renders, plays, and passes on what it played. The microphone's callback
aligns what it heard with that, and passes on both. Neither waits, logs or opens a file; both
allocate arrays of one piece each, as Python must. The hearing thread alone uses the listener. The
runner's thread waits for events and watches the others, because a lost device raises no error: its
callbacks just cease. The mixer watches the runner's thread in turn, by a dead man's switch. When
everything stood still together, that is a fault too: nobody can have listened.

There are two one-way streams instead of one two-way stream: through PulseAudio, PortAudio's two-way
stream died for good at one in ten starts of a busy computer, and always lost microphone samples.
"""

from __future__ import annotations

import sys
import time
from collections import deque
from contextlib import suppress
from functools import partial
from queue import Empty, SimpleQueue
from threading import Lock
from typing import TYPE_CHECKING, cast

import numpy as np

from voice_coach.audio.channels import StrongestChannel, Upsampled, fill
from voice_coach.audio.hearing_thread import HearingThread
from voice_coach.audio.sound_system import (
    NoSoundDevice,
    accepted_format,
    devices_present,
    find,
    open_stream,
    within,
)
from voice_coach.audio.stream_health import GapReporter, StreamHealth
from voice_coach.core.events import Fault, TimeReached
from voice_coach.core.ports import SAMPLE_RATE

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Set as AbstractSet

    from numpy.typing import NDArray
    from typing_extensions import Self

    from voice_coach.audio.hearing_thread import BlockListener
    from voice_coach.audio.mixer import Mixer, Sound
    from voice_coach.audio.sound_system import Stream
    from voice_coach.audio.stream_health import StatusFlags
    from voice_coach.core.commands import Command
    from voice_coach.core.events import Event, Part, SoundGaps
    from voice_coach.core.ports import Clip

__all__ = ["Device", "NoSoundDevice", "devices_present"]

LATENCY = 0.025
"""Seconds of sound that each stream buffers: with less, a busy computer leaves gaps in it; with
more, a cut takes longer than 40 ms."""
SWITCH = 0.0005
"""Seconds a thread may keep the interpreter from a callback; by default it is ten times that."""
TICK = 0.01
"""Seconds between two checks of the audio clock and the other threads."""
STOOD_STILL = 1.5
"""Seconds the runner's thread, or the whole program, may stand still. It hears nothing meanwhile,
so after a longer time it must not go on by itself."""
OPENING = 5.0
"""Seconds the sound system may take to open the devices."""
CLOSING = 1.0
"""Seconds it may take to close them."""


def monotonic() -> float:
    """Give the time in seconds; it goes on while the computer sleeps, where the system can tell."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


class Device:
    """A microphone and a loudspeaker as the stage of a session, inside a ``with`` block.

    When the loudspeaker is lost, the clock stands still and only posted events arrive. Nothing
    starts again by itself.
    """

    def __init__(
        self,
        mixer: Mixer,
        listener: BlockListener,
        *,
        last_words: Sound | None = None,
        microphone: str | None = None,
        loudspeaker: str | None = None,
    ) -> None:
        """Take what the loudspeaker says by itself when nobody has called ``wait`` for too long."""
        self._mixer = mixer
        silence = np.zeros(0, np.float32)
        mixer.guard(round(STOOD_STILL * SAMPLE_RATE), last_words.samples if last_words else silence)
        self._names = (microphone, loudspeaker)
        self._calls: deque[Callable[[], None]] = deque()
        self._inbox: SimpleQueue[Event] = SimpleQueue()
        self._news = Lock()
        """Held, except from an event until it is noticed."""
        self._news.acquire()
        self._hearing = HearingThread(listener, self.post)
        self._streams: list[Stream] = []
        self._health = (StreamHealth("loudspeaker"), StreamHealth("microphone"))
        self._gaps = GapReporter(self._health)
        self.heartbeat = 0
        """How often ``wait`` has looked around: it does so a hundred times a second."""
        self._looked: float | None = None
        self._faulty: set[Part] = set()
        self._left = False

    def __enter__(self) -> Self:
        """Let sound flow; raises NoSoundDevice if it cannot."""
        within(OPENING, self._open)
        for health in self._health:
            health.begin(monotonic())
        self._switch = sys.getswitchinterval()
        sys.setswitchinterval(SWITCH)
        return self

    def __exit__(self, *_: object) -> None:
        """End the sound, within two seconds whatever state the sound system is in."""
        sys.setswitchinterval(self._switch)
        with suppress(NoSoundDevice):
            within(CLOSING, self._shut)
        self._hearing.end()

    @property
    def level(self) -> float | None:
        """How loud the person is, in dBFS; None when nobody listens any more."""
        return None if self._faulty else self._hearing.level

    @property
    def gaps(self) -> SoundGaps:
        """The gaps that the sound system has reported so far."""
        return self._gaps.total()

    def wait(self, deadline: float | None) -> tuple[Event, float]:
        """Give the next event, or ``TimeReached`` at `deadline`, and the audio time in seconds."""
        while True:
            if self._left:
                raise KeyboardInterrupt
            self._calls.append(self._mixer.hold)
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
        samples = cast("Sound", clip).samples
        call = partial(self._mixer.play, say_id, samples, at=round(at * SAMPLE_RATE), latest=last)
        self._calls.append(call)

    def cut(self) -> None:
        """Silence everything, from the next callback on."""
        self._calls.append(self._mixer.cut)

    def duck(self) -> None:
        """Play on softly, from the next callback on."""
        self._calls.append(self._mixer.duck)

    def hush(self) -> None:
        """Fade out and stand still, from the next callback on."""
        self._calls.append(self._mixer.hush)

    def resume(self) -> None:
        """Go on as it was, from the next callback on."""
        self._calls.append(self._mixer.resume)

    def set_volume(self, decibels: float) -> None:
        """Play this much louder, from the next callback on."""
        self._calls.append(partial(self._mixer.set_volume, decibels))

    def listen(self, commands: AbstractSet[Command]) -> None:
        """Report only these commands, from the listener's next block on."""
        self._hearing.listen(commands)

    def listen_for_breath(self, *, on: bool) -> None:
        """Report breaths, or no more, from the listener's next block on."""
        self._hearing.listen_for_breath(on=on)

    def _now(self) -> float:
        return self._mixer.position / SAMPLE_RATE

    def _watch(self) -> None:
        self.heartbeat += 1
        now = monotonic()
        still = 0.0 if self._looked is None else now - self._looked
        self._looked = now
        if still > STOOD_STILL:
            self._report(
                "computer",
                f"For {still:.0f} seconds the coach stood still, and could not listen: "
                "see what else this computer is doing, and start again.",
            )
        passed = (self._mixer.position, self._hearing.captured)
        for health, samples in zip(self._health, passed, strict=True):
            if health.is_stalled(samples, now):
                self._report(
                    # Without a microphone it can still be said aloud.
                    "hearing" if health.name == "microphone" else "sound",
                    f"The {health.name} stopped: see that it is plugged in and switched on, "
                    "and start again.",
                )
        if trouble := self._hearing.trouble():
            self._report("hearing", trouble)
        if gaps := self._gaps.news(now):
            self.post(gaps)

    def _report(self, part: Part, reason: str) -> None:
        if part not in self._faulty:
            self._faulty.add(part)
            self.post(Fault(part, reason))

    def _open(self) -> None:
        microphone, loudspeaker = find(*self._names)
        pair = (loudspeaker, microphone)
        to_play, to_hear = forms = [accepted_format(device) for device in pair]
        self._hearing.begin(to_hear.rate, LATENCY)
        callbacks = (self._player(to_play.rate), self._listener(to_hear.rate))
        for device, form, callback, health in zip(
            pair, forms, callbacks, self._health, strict=True
        ):
            try:
                stream = open_stream(device, form, LATENCY, callback, health.end)
            except NoSoundDevice:
                self._shut()
                self._hearing.end()
                raise
            self._streams.append(stream)

    def _player(self, rate: int) -> Callable[..., None]:
        mixer, calls, post = self._mixer, self._calls, self.post
        health, report_gap = self._health[0], self._hearing.report_gap

        def render(frames: int) -> NDArray[np.float32]:
            played = mixer.render(frames)
            self._hearing.follow(played)
            return played

        source = render if rate == SAMPLE_RATE else Upsampled(render, rate)

        def callback(
            speaker: NDArray[np.float32], frames: int, _time: object, flags: StatusFlags | None
        ) -> None:
            if health.note(flags):
                report_gap()
            while calls:
                calls.popleft()()
            fill(speaker, source(frames))
            for event in mixer.take_events():
                post(event)

        return callback

    def _listener(self, rate: int) -> Callable[..., None]:
        capture, report_gap = self._hearing.capture, self._hearing.report_gap
        strongest = StrongestChannel(rate)
        health = self._health[1]

        def callback(
            microphone: NDArray[np.float32], _frames: int, _time: object, flags: StatusFlags | None
        ) -> None:
            if health.note(flags):
                report_gap()
            capture(strongest.of(microphone))

        return callback

    def _shut(self) -> None:
        for stream in self._streams:
            (stream.abort if self._faulty else stream.stop)()
            stream.close()
