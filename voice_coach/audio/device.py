"""The live stage: a microphone, and a loudspeaker whose samples are the coach's clock.

Four threads meet here and share only queues. The loudspeaker's callback alone uses the mixer: it
takes calls from a queue, renders, plays, and passes on what it played. The microphone's callback
aligns what it heard with that, and passes on both. Neither waits, logs or opens a file; both
allocate arrays of one piece each, as Python must. The hearing thread alone uses the listener. The
runner's thread waits for events and watches the others (see `audio.live_stage`). The mixer watches
the runner's thread in turn, by a dead man's switch.

There are two one-way streams instead of one two-way stream: through PulseAudio, PortAudio's two-way
stream died for good at one in ten starts of a busy computer, and always lost microphone samples.
"""

from __future__ import annotations

from collections import deque
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from voice_coach.audio.channels import StrongestChannel, Upsampled, fill
from voice_coach.audio.live_stage import LiveStage
from voice_coach.audio.sound_system import (
    NoSoundDevice,
    accepted_format,
    devices_present,
    find,
    open_stream,
    within,
)
from voice_coach.audio.stream_health import StreamHealth
from voice_coach.core.events import Fault
from voice_coach.core.ports import SAMPLE_RATE

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray

    from voice_coach.audio.hearing_thread import BlockListener
    from voice_coach.audio.live_stage import StageMixer
    from voice_coach.audio.mixer import Mixer, Sound
    from voice_coach.audio.sound_system import Stream
    from voice_coach.audio.stream_health import StatusFlags

__all__ = ["Device", "NoSoundDevice", "devices_present"]

LATENCY = 0.025
"""Seconds of sound that each stream buffers: with less, a busy computer leaves gaps in it; with
more, a cut takes longer than 40 ms."""
OPENING = 5.0
"""Seconds the sound system may take to open the devices."""
CLOSING = 1.0
"""Seconds it may take to close them."""


class Device(LiveStage):
    """A microphone and a loudspeaker as the stage of a session."""

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
        streams = (StreamHealth("loudspeaker"), StreamHealth("microphone"))
        super().__init__(mixer, listener, streams, last_words)
        self._mixer = mixer
        self._names = (microphone, loudspeaker)
        self._calls: deque[Callable[[], None]] = deque()
        self._streams: list[Stream] = []
        self._given_up = False
        """Whether the sound system took too long to open the devices."""

    def _begin(self) -> None:
        try:
            within(OPENING, self._open)
        except NoSoundDevice:
            self._given_up = True
            raise

    def _end(self) -> None:
        with suppress(NoSoundDevice):
            within(CLOSING, self._shut)

    def _order(self, call: Callable[[StageMixer], None]) -> None:
        self._calls.append(partial(call, self._mixer))

    def _passed(self) -> tuple[int, ...]:
        return self._mixer.position, self._hearing.captured

    def _stalled(self, health: StreamHealth) -> Fault:
        return Fault(
            # Without a microphone it can still be said aloud.
            "hearing" if health.name == "microphone" else "sound",
            f"The {health.name} stopped: see that it is plugged in and switched on, "
            "and start again.",
        )

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
        if self._given_up:  # nobody waits for it any more, and nobody would close it
            self._shut()
            self._hearing.end()

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
