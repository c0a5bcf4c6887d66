"""What microphone, loudspeaker and room do to sound: noise, echo and delay, from one recording.

First the room is quiet, then the loudspeaker sweeps through the frequencies of speech, each octave
as long as the others (Farina, "Simultaneous measurement of impulse response and distortion with a
swept-sine technique", AES 108, 2000), and then the person speaks. What the microphone heard of the
sweep, divided by the sweep, is the echo's path: its peak tells the delay. All levels are in dB
below full scale, averaged as power; what matters is how they lie to one another.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import samplerate

from voice_coach.core.ports import SAMPLE_RATE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

SETTLING = 0.5
"""Seconds that are left out at the beginning: a device that has just begun clicks."""
QUIET = 2.0
"""Seconds in which the room is listened to."""
SWEEP = 3.0
"""Seconds the loudspeaker plays."""
RINGING = 1.0
"""Seconds in which the echo may come and die away; as much as the canceller can follow."""
SPEAKING = 4.0
"""Seconds in which the person speaks."""
LOWEST, HIGHEST = 150.0, 6000.0
"""Hertz, of the sweep."""
LEVEL = 10 ** (-23 / 20) * 2**0.5
"""Peak of the sweep, which is then as loud as the coach's clips."""
FRAME = SAMPLE_RATE * 20 // 1000
"""Samples over which a level is told: 20 ms."""
FLOOR = -90.0
"""What is softer than this counts as this, in dB."""

CLEAR = 24.0
"""How far the path's peak must stand above its median, in dB, for an echo to be there: the largest
of so many samples of noise stands 12 dB above it."""
HEARD = 10.0
"""How far a voice must stand above the noise, in dB, to count as one."""
NOISY = 20.0
"""With less between voice and noise, in dB, every fifth "stop" was missed: see docs/hearing.md."""
LOUD = 10.0
"""The loudest echo, in dB against the person, over which cries were measured to be heard."""
FULL = 0.98
"""Samples from here on are cut off by the microphone."""
FARTHEST, DRIFT_STEPS = 600, (200, 50, 10)
"""The largest difference of the two clocks that is tried, in ppm, and the steps of the search."""
APART = 300.0
"""The largest difference, in ppm, that the echo canceller was measured to follow; a tenth is the
error of this measurement."""
LATE = 0.25
"""Seconds of round trip beyond which silence itself comes late."""


@dataclass(frozen=True)
class Measured:
    """What was found; levels in dB below full scale."""

    noise: float
    """The room's, while all are quiet."""
    echo: float | None
    """The sweep's at the microphone; None where it cannot be made out."""
    delay: float | None
    """Seconds from the loudspeaker's samples to their echo in the microphone's."""
    voice: float | None
    """The person's; None where nobody spoke."""
    peak: float
    """The largest sample, from 0 to 1."""
    drift: float | None = None
    """By how much the microphone's clock is faster than the loudspeaker's, in millionths (ppm)."""

    def advice(self) -> Iterator[str]:
        """Say what could be better, a sentence each; nothing where all is well."""
        if self.peak >= FULL:
            yield "The microphone is driven too hard: turn its level down in the system's settings."
        if self.voice is None:
            yield "No voice was heard: speak up, come nearer, or choose another microphone."
        elif self.voice - self.noise < NOISY:
            yield (
                f"Your voice is only {self.voice - self.noise:.0f} dB louder than the room: come "
                "nearer to the microphone, or switch off what hums."
            )
        if self.echo is None:
            yield (
                "The loudspeaker was not heard by the microphone: with headphones that is well, "
                "else see that it is switched on and turned up."
            )
        elif self.voice is not None and self.echo - self.voice > LOUD:
            yield (
                f"The coach is {self.echo - self.voice:.0f} dB louder in the microphone than you: "
                "turn the loudspeaker down, or move it away from the microphone."
            )
        if self.drift is not None and abs(self.drift) > 1.1 * APART:
            yield (
                f"The clocks of microphone and loudspeaker differ by {abs(self.drift):.0f} ppm, "
                f"and {APART:.0f} can be followed: use a headset, or another device that has both."
            )
        if self.delay is not None and self.delay > LATE:
            yield (
                f"Sound takes {self.delay * 1000:.0f} ms through the loudspeaker, and so does "
                "silence: a wired one is quicker than a wireless one."
            )


def sweep() -> NDArray[np.float32]:
    """Give the sweep, faded in and out."""
    moments = np.arange(int(SWEEP * SAMPLE_RATE)) / SAMPLE_RATE
    octaves = np.log(HIGHEST / LOWEST)
    phase = 2 * np.pi * LOWEST * SWEEP / octaves * (np.exp(moments * octaves / SWEEP) - 1)
    sound = LEVEL * np.sin(phase)
    ramp = np.linspace(0, 1, FRAME)
    sound[:FRAME] *= ramp
    sound[-FRAME:] *= ramp[::-1]
    swept: NDArray[np.float32] = sound.astype(np.float32)
    return swept


def level(samples: NDArray[np.float32]) -> float:
    """Give the level of all these samples, in dB below full scale."""
    power = float(np.mean(np.square(samples, dtype=np.float64))) if len(samples) else 0.0
    return max(FLOOR, 10 * float(np.log10(power + 1e-12)))


def levels(samples: NDArray[np.float32]) -> NDArray[np.float64]:
    """Give the level of each FRAME."""
    return np.array([level(frame) for frame in _frames(samples)])


def echo_path(microphone: NDArray[np.float32], far_end: NDArray[np.float32]) -> NDArray[np.float64]:
    """Give the echo's impulse response over RINGING seconds, from what was heard and played.

    Where the sweep has no power, nothing is divided by it.
    """
    size = 1 << (len(microphone) + len(far_end)).bit_length()
    heard, played = np.fft.rfft(microphone, size), np.fft.rfft(far_end, size)
    power = np.abs(played) ** 2
    path = np.fft.irfft(heard * np.conj(played) / (power + 1e-3 * np.max(power) + 1e-12), size)
    ringing: NDArray[np.float64] = path[: int(RINGING * SAMPLE_RATE)]
    return ringing


def clock_drift(microphone: NDArray[np.float32], far_end: NDArray[np.float32]) -> float:
    """Give by how much the microphone's clock is the faster one, in ppm.

    A difference smears the echo's path, because high tones come later in the sweep than low ones.
    The microphone is resampled by several differences; where the path's peak is highest, that is
    it.
    """

    def peak(drift: int) -> float:
        at_pace = samplerate.resample(microphone, 1 / (1 + drift * 1e-6), "sinc_fastest")
        return float(np.max(np.abs(echo_path(at_pace, far_end))))

    best, reach = 0, FARTHEST
    for step in DRIFT_STEPS:
        tried = range(best - reach, best + reach + 1, step)
        best, reach = max(tried, key=peak), step
    return float(best)


def measured(microphone: NDArray[np.float32], far_end: NDArray[np.float32]) -> Measured:
    """Find all there is to know in SETTLING, QUIET, SWEEP, RINGING and SPEAKING seconds of sound.

    Both are at SAMPLE_RATE and in step; the sweep is where `far_end` sounds.
    """
    sounding = np.flatnonzero(far_end)
    begin = int(sounding[0]) if len(sounding) else len(microphone)
    end = begin + int((SWEEP + RINGING) * SAMPLE_RATE)
    noise = level(microphone[begin - int(QUIET * SAMPLE_RATE) : begin])
    path = np.abs(echo_path(microphone[begin:end], far_end[begin:end]))
    peak = int(np.argmax(path))
    elsewhere = np.median(path[path > 0]) if np.any(path) else 0.0
    echo = delay = drift = None
    if elsewhere and 20 * np.log10(path[peak] / elsewhere) > CLEAR:
        delay = peak / SAMPLE_RATE
        during = microphone[begin + peak : begin + peak + int(SWEEP * SAMPLE_RATE)]
        echo = _without(level(during), noise)
        drift = clock_drift(microphone[begin:end], far_end[begin:end])
    spoken = levels(microphone[end:])
    # The loudest eighth, half a second: the person does not speak all the time.
    loudest = np.sort(spoken)[-max(1, len(spoken) // 8) :]
    voice = float(10 * np.log10(np.mean(10 ** (loudest / 10)))) if len(spoken) else FLOOR
    return Measured(
        noise=noise,
        echo=echo,
        delay=delay,
        voice=voice if voice - noise > HEARD else None,
        peak=float(np.max(np.abs(microphone), initial=0)),
        drift=drift,
    )


def _without(both: float, noise: float) -> float:
    """Take the power of the noise out of a level."""
    power = 10 ** (both / 10) - 10 ** (noise / 10)
    return max(FLOOR, 10 * float(np.log10(max(power, 1e-12))))


def _frames(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    return samples[: len(samples) // FRAME * FRAME].reshape(-1, FRAME)
