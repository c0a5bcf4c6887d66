"""The stage without a device: the same mixer and listener in lockstep, faster than real time.

Block by block, the mixer renders what the loudspeaker would play, the room adds its echo to the
microphone, the person speaks into it too, and the listener hears the sum. The result does not
depend on the speed of the computer: the same session gives the same samples every time.
"""

from __future__ import annotations

import wave
from collections import deque
from typing import TYPE_CHECKING, BinaryIO, Protocol, cast

import numpy as np

from voice_coach.core.events import TimeReached
from voice_coach.core.ports import BLOCK, SAMPLE_RATE

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from numpy.typing import NDArray

    from voice_coach.audio.hearing_thread import BlockListener
    from voice_coach.audio.mixer import Mixer, Sound
    from voice_coach.core.commands import Command
    from voice_coach.core.events import Event
    from voice_coach.core.ports import Clip

NOISE = 10 ** (-70 / 20)
"""Rms of the room's noise, as a share of full scale: -70 dB, a quiet room."""
LONGEST = 3600.0
"""Seconds after which a session in the studio counts as stuck."""


class EchoPath:
    """Convolves a stream with an impulse response, block by block.

    Overlap-save with the response in partitions of one block (Gardner, "Efficient convolution
    without input-output delay", JAES 43, 1995; here with partitions of one size).
    """

    def __init__(self, response: NDArray[np.floating]) -> None:
        """Take an impulse response of any length."""
        self._path = self._before = _partitions(response)
        self._played = np.zeros_like(self._path)
        """Spectra of what was played, the newest first: one for each partition of the path."""
        self._last = np.zeros(BLOCK, np.float32)
        self._fade = self._since = 0

    def change(self, response: NDArray[np.floating], blocks: int = 0) -> None:
        """Take another impulse response of the same length, within so many blocks."""
        self._before, self._path = self._path, _partitions(response)
        self._fade, self._since = blocks, 0

    def hear(self, far_end: NDArray[np.float32]) -> NDArray[np.float32]:
        """Give what arrives in the block in which the loudspeaker is given `far_end`."""
        self._played[1:] = self._played[:-1]
        self._played[0] = np.fft.rfft(np.concatenate((self._last, far_end)))
        self._last = far_end
        now = self._through(self._path)
        if self._since < self._fade:
            share = (self._since + np.arange(BLOCK, dtype=np.float32) / BLOCK) / self._fade
            self._since += 1
            before = self._through(self._before)
            return np.asarray(share * now + (1 - share) * before, np.float32)
        return now

    def _through(self, path: NDArray[np.complex64]) -> NDArray[np.float32]:
        return np.fft.irfft(np.sum(self._played * path, axis=0))[BLOCK:].astype(np.float32)


def _partitions(response: NDArray[np.floating]) -> NDArray[np.complex64]:
    """Cut an impulse response into blocks; give the spectrum of each, one row a block."""
    padded = np.concatenate((response, np.zeros(-len(response) % BLOCK)))
    return np.fft.rfft(padded.reshape(-1, BLOCK), 2 * BLOCK).astype(np.complex64)


class Room:
    """The way from the loudspeaker to the microphone: a delay, and walls that ring.

    The echo path is white noise that decays exponentially, the usual model of a diffuse room
    (Schroeder 1965), with a direct sound in front; its energy is one, so that an echo of 0 dB is
    as loud at the microphone as a person who speaks at the level of the coach's clips.
    """

    def __init__(
        self, echo: float | None = None, *, delay: float = 0.06, reverberation: float = 0.3
    ) -> None:
        """Take the echo in dB against the person (None: none), the others in seconds."""
        noise = np.random.default_rng(1)
        self._noise = np.random.default_rng(2)
        time = np.arange(int(reverberation * SAMPLE_RATE)) / SAMPLE_RATE
        ringing = noise.standard_normal(len(time)) * 10 ** (-3 * time / reverberation)
        ringing[0] = 2 * np.linalg.norm(ringing)
        path = np.concatenate((np.zeros(int(delay * SAMPLE_RATE)), ringing))
        self._path = None
        if echo is not None:
            self._path = EchoPath(10 ** (echo / 20) * path / np.linalg.norm(path))

    def echo(self, far_end: NDArray[np.float32]) -> NDArray[np.float32]:
        """Give what the microphone hears of one block of the loudspeaker, and the room's noise."""
        noise = NOISE * self._noise.standard_normal(BLOCK, np.float32)
        return noise if self._path is None else self._path.hear(far_end) + noise


class Acoustics(Protocol):
    """A room: the simple one here, or one of the benchmark's."""

    def echo(self, far_end: NDArray[np.float32]) -> NDArray[np.float32]:
        """Give what the microphone hears of all but the person, while this block is played."""


class Studio:
    """A simulated stage; it keeps what was played and what the microphone heard."""

    def __init__(self, mixer: Mixer, listener: BlockListener, room: Acoustics) -> None:
        self._mixer = mixer
        self._listener = listener
        self._room = room
        self._inbox: deque[Event] = deque()
        self._person: list[tuple[int, NDArray[np.float32]]] = []
        self._played: list[NDArray[np.float32]] = []
        self._heard: list[NDArray[np.float32]] = []

    @property
    def level(self) -> float | None:
        """How loud the listener finds the person, in dBFS."""
        return self._listener.level

    def wait(self, deadline: float | None) -> tuple[Event, float]:
        """Compute until something happens or `deadline` is reached."""
        while True:
            now = self._mixer.position / SAMPLE_RATE
            if self._inbox:
                return self._inbox.popleft(), now
            if deadline is not None and now >= deadline:
                return TimeReached(), now
            if now > LONGEST:
                raise RuntimeError(f"the session did not end within {LONGEST:.0f} s")
            self._compute()

    def post(self, event: Event) -> None:
        """Hand in an event."""
        self._inbox.append(event)

    def play(self, say_id: int, clip: Clip, *, at: float, latest: float | None = None) -> None:
        """Queue a clip on the mixer."""
        last = None if latest is None else round(latest * SAMPLE_RATE)
        samples = cast("Sound", clip).samples
        self._mixer.play(say_id, samples, at=round(at * SAMPLE_RATE), latest=last)

    def cut(self) -> None:
        """Silence the mixer."""
        self._mixer.cut()

    def duck(self) -> None:
        """Make the mixer softer."""
        self._mixer.duck()

    def hush(self) -> None:
        """Let the mixer stand still."""
        self._mixer.hush()

    def resume(self) -> None:
        """Let the mixer go on as it was."""
        self._mixer.resume()

    def set_volume(self, decibels: float) -> None:
        """Set the mixer's gain."""
        self._mixer.set_volume(decibels)

    def listen(self, commands: AbstractSet[Command]) -> None:
        """Let the listener report only these."""
        self._listener.listen(commands)

    def listen_for_breath(self, *, on: bool) -> None:
        """Let the listener report breaths, or no more."""
        self._listener.listen_for_breath(on=on)

    def speak(self, samples: NDArray[np.float32], at: float) -> None:
        """Let the person say this into the microphone, from the audio time `at` on, in seconds."""
        self._person.append((round(at * SAMPLE_RATE), samples))

    @property
    def played(self) -> NDArray[np.float32]:
        """All the loudspeaker has played."""
        return np.concatenate(self._played)

    @property
    def heard(self) -> NDArray[np.float32]:
        """All the microphone has heard."""
        return np.concatenate(self._heard)

    def save(self, file: BinaryIO) -> None:
        """Write a stereo WAV, 16 bit: the coach on the left, the microphone on the right."""
        both = np.stack((self.played, self.heard), axis=1)
        with wave.open(file, "wb") as sound:
            sound.setnchannels(2)
            sound.setsampwidth(2)
            sound.setframerate(SAMPLE_RATE)
            sound.writeframes((np.clip(both, -1, 1) * 32767).astype("<i2").tobytes())

    def _compute(self) -> None:
        start = self._mixer.position
        far_end = self._mixer.render(BLOCK)
        self._inbox.extend(self._mixer.take_events())
        microphone = self._room.echo(far_end)
        for first, samples in self._person:
            at = start - first
            if -BLOCK < at < len(samples):
                part = samples[max(0, at) : at + BLOCK]
                offset = max(0, -at)
                microphone[offset : offset + len(part)] += part
        np.clip(microphone, -1, 1, out=microphone)
        self._inbox.extend(self._listener.hear(microphone, far_end))
        self._played.append(far_end)
        self._heard.append(microphone)
