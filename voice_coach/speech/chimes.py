"""How the earcons sound: a few soft notes of one chord, made of sines, and one soft breath.

Notes of C major, a fourth or a third apart, are consonant in any order (Blattner, Sumikawa and
Greenberg, "Earcons and icons", Human-Computer Interaction 4, 1989, build earcons of such motives):
what was heard rises, what is over falls, what was not understood stays where it is, and a hold that
ends is one open fifth. All lie between 500 and 1100 Hz, which the loudspeaker of a laptop plays and
no voice has for its pitch. A note swells over 12 ms and dies away by itself, so that nothing clicks
or startles; and all are much softer than the voice, which they only accompany.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from voice_coach.core import earcons
from voice_coach.core.ports import SAMPLE_RATE
from voice_coach.speech.clips import SPEECH_LEVEL, SpeechClip, speech_rms

if TYPE_CHECKING:
    from numpy.typing import NDArray

SOFTER = 10 ** (-12 / 20)
"""Loudness against that of the voice: -12 dB."""
ATTACK = 0.012
"""Seconds in which a note swells."""
RELEASE = 0.03
"""Seconds in which the last of an earcon fades."""
PARTIALS = (1.0, 0.2, 0.05)
"""Amplitudes of a note's fundamental and its overtones: round, nearly a flute."""
LOWEST, DARKER_FROM = 100.0, 800.0
"""Hz: where the breath begins, and from where it falls by 6 dB an octave, as speech does."""
BREATH_IN, BREATH_OUT = 0.15, 0.3
"""Seconds in which it swells and fades."""
C5, E5, G5, C6 = 523.25, 659.26, 783.99, 1046.5
"""Hz, in equal temperament at A4 = 440 Hz."""

_MOTIVES = {
    earcons.HEARD: ((0.0, G5, 0.05), (0.055, C6, 0.05)),
    earcons.NOT_UNDERSTOOD: ((0.0, E5, 0.08), (0.09, E5, 0.05)),
    earcons.HOLD_OVER: ((0.0, C5, 0.14), (0.0, G5, 0.14)),
    earcons.ENDED: ((0.0, G5, 0.2), (0.26, E5, 0.2), (0.52, C5, 0.35)),
}
"""Of each its notes: when it begins in seconds, its pitch in Hz, and the seconds in which it falls
to 1 / e of its loudness."""


@lru_cache
def chime(text: str) -> SpeechClip | None:
    """Give the clip of an earcon; None if `text` is none."""
    if text not in earcons.SECONDS:
        return None
    time = np.arange(round(earcons.SECONDS[text] * SAMPLE_RATE)) / SAMPLE_RATE
    if text == earcons.OPENING:
        sound = _breath(time)
    else:
        sound = sum((_note(time - start, *note) for start, *note in _MOTIVES[text]), np.zeros(1))
        sound *= np.clip((time[-1] - time) / RELEASE, 0, 1)
    level = SPEECH_LEVEL * SOFTER / speech_rms(sound.astype(np.float32))
    return SpeechClip.from_pcm(text, np.rint(sound * level * 32768).astype(np.int16))


def _note(time: NDArray[np.float64], pitch: float, decay: float) -> NDArray[np.float64]:
    """Sound a note from time 0 on: swelling by a raised cosine, dying away exponentially."""
    swell = np.sin(np.pi / 2 * np.clip(time / ATTACK, 0, 1)) ** 2
    tone = sum(loud * np.sin(2 * np.pi * n * pitch * time) for n, loud in enumerate(PARTIALS, 1))
    return np.asarray(swell * np.exp(-np.maximum(time, 0) / decay) * tone)


def _breath(time: NDArray[np.float64]) -> NDArray[np.float64]:
    """Let noise swell and fade: every frequency from LOWEST on, as much of each as in a voice."""
    noise = np.random.default_rng(1).standard_normal(len(time))
    frequency = np.fft.rfftfreq(len(time), 1 / SAMPLE_RATE)
    colour = (frequency > LOWEST) / np.sqrt(1 + (frequency / DARKER_FROM) ** 2)
    swell = np.clip(np.minimum(time / BREATH_IN, (time[-1] - time) / BREATH_OUT), 0, 1)
    return np.asarray(
        np.fft.irfft(np.fft.rfft(noise) * colour, len(time)) * np.sin(np.pi / 2 * swell) ** 2
    )
